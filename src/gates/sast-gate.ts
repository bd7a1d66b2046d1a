import type { Finding, Gate, GateInput, Verdict } from '../domain/gate.ts';
import type { FactsReader, Reading } from './facts/facts-reader.ts';
import type { FileFacts } from './facts/file-facts.ts';
import { findingOf } from './finding-of.ts';
import { type ExternalScans, scanExternally } from './sast/external-scans.ts';
import { type SastHit, sastClasses } from './sast/sast-class.ts';
import { isSourcePath, isTestPath } from './source-paths.ts';
import {
  addedByPath,
  counted,
  leftOut,
  notRun,
  presentPaths,
  readSides,
  staticVerdict,
} from './static-verdict.ts';

/** Classes where what stands there is the proof; weak hashes are one only where passwords are concerned. */
const proving = new Set(['tls-off', 'hardcoded-secret']);
const sastPath = /\.(?:[cm]?[jt]sx?|py|go|java)$/;

/**
 * Weaknesses in added lines of JavaScript, TypeScript, Python, Go and Java that base does not have. Only what is certain counts:
 * a value that came in from outside in the same file, or a constant that proves it; the rest is pointed out. Scanners
 * that the repository names are run too, in the sandbox, so this gate waits for its turn; each may take
 * `scannerTimeoutMs` (default 600,000) on each side.
 */
export function createSastGate(options: {
  readonly facts: FactsReader;
  readonly scannerTimeoutMs?: number;
}): Gate {
  const { facts, scannerTimeoutMs = 600_000 } = options;
  return {
    name: 'sast',
    async judge(input) {
      const own = await scanOwn(input, facts);
      if (input.settings.sast.external.length === 0) return own.error ?? judgeScans(input, own, noScans);
      const scans = await scanExternally(input, scannerTimeoutMs);
      return own.error ?? judgeScans(input, own, scans);
    },
  };
}

const noScans: ExternalScans = { findings: [], evidence: [], problems: [] };

interface OwnScan {
  readonly findings: readonly Finding[];
  /** Files in languages of ours; 0: there was nothing to judge. */
  readonly files: number;
  readonly known: number;
  readonly leftOut: string;
  readonly started: number;
  readonly error: Verdict | undefined;
}

async function scanOwn(input: GateInput, reader: FactsReader): Promise<OwnScan> {
  const started = performance.now();
  const paths = presentPaths(input).filter(
    (path) => sastPath.test(path) && isSourcePath(path) && !isTestPath(path),
  );
  if (paths.length === 0) {
    return { findings: [], files: 0, known: 0, leftOut: '', started, error: undefined };
  }
  const { head, base, error } = await readSides('sast', { input, reader }, paths);
  const known = new Set(hitsOf(base).map(({ finding }) => finding.identity));
  const added = addedByPath(input);
  const findings = hitsOf(head)
    .filter(({ hit, finding }) => touches(added.get(finding.path), hit) && !known.has(finding.identity))
    .map(({ finding }) => finding);
  return { findings, files: paths.length, known: known.size, leftOut: leftOut(head), started, error };
}

function judgeScans(input: GateInput, own: OwnScan, scans: ExternalScans): Verdict {
  const { problems } = scans;
  const nothing = own.files === 0 && scans.evidence.length === 0 && problems.length === 0;
  if (nothing)
    return notRun('sast', input, 'the change touches no JavaScript, TypeScript, Python, Go or Java');
  const findings = tolerated([...own.findings, ...scans.findings], input.settings.sast.maxNew);
  const errors = findings.filter(({ level }) => level === 'error').length;
  const found = `${counted(errors, 'certain finding')} and ${counted(findings.length - errors, 'place')} to look at in added lines`;
  const scanners = scans.evidence.length > 0 ? ` and ${counted(scans.evidence.length, 'other scanner')}` : '';
  const verdict = staticVerdict(input, {
    gate: 'sast',
    method: 'own rules (added lines)',
    base: `${counted(own.known, 'place')} known`,
    head: `${counted(own.findings.length, 'new finding')}, ${own.findings.filter(({ level }) => level === 'error').length} certain`,
    findings,
    summary:
      findings.length > 0 ? found : `nothing in ${counted(own.files, 'file')}${own.leftOut}${scanners}`,
    advice:
      'Do not let text from outside reach these places; pass parameters, check against a list, or encode:',
    started: own.started,
  });
  const evidence = [...verdict.evidence, ...scans.evidence];
  if (problems.length === 0) return { ...verdict, evidence };
  // What could not be scanned did not pass, whatever was found besides.
  const summary = `${problems.join('; ').slice(0, 500)}${findings.length > 0 ? `; ${found}` : ''}`;
  return { ...verdict, evidence, status: 'error', blocking: true, summary };
}

interface Found {
  readonly hit: SastHit;
  readonly finding: Finding;
}

function hitsOf(readings: ReadonlyMap<string, Reading<FileFacts>>): readonly Found[] {
  return [...readings].flatMap(([path, reading]) =>
    reading.state === 'read' ? reading.facts.hits.map((hit) => ({ hit, finding: findingAt(path, hit) })) : [],
  );
}

function findingAt(path: string, hit: SastHit): Finding {
  const { rule, line, what } = hit;
  const { cwe, severity, words } = sastClasses[rule];
  const certain = isCertain(hit);
  const seen =
    hit.certainty === 'source'
      ? 'a value from outside gets here'
      : hit.certainty === 'constant'
        ? 'as it stands'
        : 'where the value comes from is not known here';
  const message = `${rule} (CWE-${cwe}, ${severity}): ${words}; ${seen}`;
  return findingOf({
    rule: `sast/${rule}`,
    path,
    line,
    message,
    text: what,
    level: certain ? 'error' : 'warning',
  });
}

function isCertain({ rule, certainty, what }: SastHit): boolean {
  if (certainty === 'source') return sastClasses[rule].severity !== 'medium';
  if (certainty === 'dynamic') return false;
  return proving.has(rule) || (rule === 'weak-crypto' && /passw|pwd/i.test(what));
}

function touches(added: ReadonlySet<number> | undefined, { line, endLine }: SastHit): boolean {
  if (!added) return false;
  for (let at = line; at <= Math.min(endLine, line + 50); at += 1) if (added.has(at)) return true;
  return false;
}

/** So many critical or high ones are allowed; they are shown all the same. */
function tolerated(findings: readonly Finding[], maxNew: number): readonly Finding[] {
  const errors = findings.filter(({ level }) => level === 'error').length;
  return errors > maxNew ? findings : findings.map((finding) => ({ ...finding, level: 'warning' as const }));
}
