import type { Finding, Gate, GateInput, Verdict } from '../domain/gate.ts';
import type { FactsReader, Reading } from './facts/facts-reader.ts';
import type { FileFacts } from './facts/file-facts.ts';
import { findingOf } from './finding-of.ts';
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
const sastPath = /\.(?:[cm]?[jt]sx?|py)$/;

/**
 * Weaknesses in added lines of JavaScript, TypeScript and Python that base does not have. Only what is certain counts:
 * a value that came in from outside in the same file, or a constant that proves it; the rest is pointed out.
 */
export function createSastGate(options: { readonly facts: FactsReader }): Gate {
  return { name: 'sast', isStatic: true, judge: (input) => judge(input, options.facts) };
}

async function judge(input: GateInput, reader: FactsReader): Promise<Verdict> {
  const started = performance.now();
  const paths = presentPaths(input).filter(
    (path) => sastPath.test(path) && isSourcePath(path) && !isTestPath(path),
  );
  if (paths.length === 0)
    return notRun('sast', input, 'the change touches no JavaScript, TypeScript or Python');
  const { head, base, error } = await readSides('sast', { input, reader }, paths);
  if (error) return error;
  const known = new Set(hitsOf(base).map(({ finding }) => finding.identity));
  const added = addedByPath(input);
  const fresh = hitsOf(head).filter(
    ({ hit, finding }) => touches(added.get(finding.path), hit) && !known.has(finding.identity),
  );
  const findings = tolerated(
    fresh.map(({ finding }) => finding),
    input.settings.sast.maxNew,
  );
  const errors = findings.filter(({ level }) => level === 'error').length;
  return staticVerdict(input, {
    gate: 'sast',
    method: 'own rules (added lines)',
    base: `${counted(known.size, 'place')} known`,
    head: `${counted(findings.length, 'new finding')}, ${errors} certain`,
    findings,
    summary:
      findings.length > 0
        ? `${counted(errors, 'certain finding')} and ${counted(findings.length - errors, 'place')} to look at in added lines`
        : `nothing in ${counted(paths.length, 'file')}${leftOut(head)}`,
    advice:
      'Do not let text from outside reach these places; pass parameters, check against a list, or encode:',
    started,
  });
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
