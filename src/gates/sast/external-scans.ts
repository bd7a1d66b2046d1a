import type { Evidence, Finding, GateInput, Side } from '../../domain/gate.ts';
import type { ExternalScanner } from '../../domain/gate-settings.ts';
import { findingOf, newFindings } from '../finding-of.ts';
import { addedByPath } from '../static-verdict.ts';
import { endOf } from '../verdict-of.ts';
import { parseSarif, type SarifFinding } from './parse-sarif.ts';

/** What the repository's own scanners say about the change. */
export interface ExternalScans {
  /** On added lines and not on base. */
  readonly findings: readonly Finding[];
  readonly evidence: readonly Evidence[];
  /** What could not be scanned: each a sentence. */
  readonly problems: readonly string[];
}

/** Longest that a finding counts as being about a changed line within it. */
const linesMax = 50;

/**
 * Runs the configured scanners in the sandbox of head, and of base where head has something on an added line. Their exit
 * code says nothing: many leave with 1 because they found something. Without a readable log there is a problem, no pass.
 */
export async function scanExternally(input: GateInput, timeoutMs: number): Promise<ExternalScans> {
  const scans: ExternalScans[] = [];
  const setUp = await input.head.setUp();
  if (!setUp.ok)
    return { findings: [], evidence: [], problems: ['the set-up fails on head, so no scanner could run'] };
  for (const scanner of input.settings.sast.external) {
    input.signal.throwIfAborted();
    scans.push(await scanWith(input, scanner, timeoutMs));
  }
  return {
    findings: scans.flatMap(({ findings }) => findings),
    evidence: scans.flatMap(({ evidence }) => evidence),
    problems: scans.flatMap(({ problems }) => problems),
  };
}

async function scanWith(
  input: GateInput,
  scanner: ExternalScanner,
  timeoutMs: number,
): Promise<ExternalScans> {
  const head = await scan(input, 'head', scanner, timeoutMs);
  const evidence = { command: scanner.run, durationMs: head.durationMs };
  if (!head.ok) {
    const problems = [`\`${scanner.run}\` ${head.problem}`];
    return { findings: [], problems, evidence: [{ ...evidence, base: 'not scanned', head: head.problem }] };
  }
  const tools = head.tools.join(', ') || 'no tool';
  const added = addedByPath(input);
  const fresh = head.findings.filter((one) => touches(added.get(one.path), one));
  if (fresh.length === 0) {
    const row = { ...evidence, base: 'not needed', head: `${tools}: 0 findings in added lines` };
    return { findings: [], problems: [], evidence: [row] };
  }
  const base = await scanBase(input, scanner, timeoutMs);
  const known = base.ok ? await identified(input, 'base', base.findings) : [];
  const findings = newFindings(await identified(input, 'head', fresh), known);
  const row = {
    ...evidence,
    base: base.ok ? `${base.findings.length} findings` : base.problem,
    head: `${tools}: ${findings.length} new findings in added lines`,
  };
  return { findings, problems: [], evidence: [row] };
}

type Scanned = (
  | { readonly ok: true; readonly tools: readonly string[]; readonly findings: readonly SarifFinding[] }
  | { readonly ok: false; readonly problem: string }
) & { readonly durationMs: number };

/** Where base cannot be scanned nothing is taken away: what stands on an added line is the change's. */
async function scanBase(input: GateInput, scanner: ExternalScanner, timeoutMs: number): Promise<Scanned> {
  const setUp = await input.base.setUp();
  if (!setUp.ok) return { ok: false, problem: 'the set-up fails on base', durationMs: 0 };
  return await scan(input, 'base', scanner, timeoutMs);
}

async function scan(
  input: GateInput,
  side: Side,
  scanner: ExternalScanner,
  timeoutMs: number,
): Promise<Scanned> {
  const { run: shell, directory = '', report = null } = scanner;
  const command = { shell, cwd: directory, why: '.github/agent.yml', reportPath: report };
  const { run, text } = await input[side].report(command, timeoutMs);
  const { durationMs } = run;
  if (run.ended !== 'exit') return { ok: false, problem: `ended by ${run.ended}`, durationMs };
  const read = parseSarif(text);
  if (!read.ok) return { ok: false, problem: `${read.problem} (${endOf(run)})`, durationMs };
  return { ...read, findings: read.findings.map((one) => fromRoot(one, directory)), durationMs };
}

/** Scanners name files from where they stand, or from the root. */
function fromRoot(one: SarifFinding, directory: string): SarifFinding {
  if (directory === '' || one.path.startsWith(`${directory}/`)) return one;
  return { ...one, path: `${directory}/${one.path}` };
}

function touches(added: ReadonlySet<number> | undefined, { line, endLine }: SarifFinding): boolean {
  if (!added) return false;
  for (let at = line; at <= Math.min(endLine, line + linesMax); at += 1) if (added.has(at)) return true;
  return false;
}

/** A finding is the same on both sides when rule, path and the text of its line are. */
async function identified(
  input: GateInput,
  side: Side,
  found: readonly SarifFinding[],
): Promise<readonly Finding[]> {
  const lines = new Map<string, readonly string[]>();
  const findings: Finding[] = [];
  for (const { rule, tool, path, line, message, level } of found) {
    const known = lines.get(path) ?? (await input.read(side, path))?.toString('utf8').split('\n') ?? [];
    lines.set(path, known);
    const said = { rule: `sast/${rule}`, path, line, level, text: known[line - 1] ?? '' };
    findings.push(findingOf({ ...said, message: `${tool}: ${message}` }));
  }
  return findings;
}
