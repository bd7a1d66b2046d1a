import { createHash } from 'node:crypto';
import type { CommandRun } from '../domain/command-run.ts';
import type { Evidence, Finding, Gate, GateInput, Side, Verdict } from '../domain/gate.ts';
import type { CoverageCommand } from '../domain/toolchain.ts';
import type { LineCoverage } from '../toolchains/coverage/line-coverage.ts';
import { parseCoverage } from '../toolchains/coverage/parse-coverage.ts';
import { isCode, isTestPath } from './integrity/test-paths.ts';
import { endOf, verdictOf } from './verdict-of.ts';

const findingsMax = 200;

/**
 * How many of the changed lines the tests run. Measured only where the repository has a means to; lines that no report
 * names are unmeasured and shown apart, never counted as covered. A report that cannot be had is said plainly and does
 * not count against the change.
 */
export function createCoverageGate(options: { readonly timeoutMs?: number } = {}): Gate {
  const timeoutMs = options.timeoutMs ?? 600_000;
  return { name: 'coverage', judge: (input) => judge(input, timeoutMs) };
}

async function judge(input: GateInput, timeoutMs: number): Promise<Verdict> {
  const lines = input.addedLines.filter(
    ({ path, text }) => isCode(path) && !isTestPath(path) && isStatement(text),
  );
  if (lines.length === 0) return notRun(input, 'no line of code was added');
  const commands = input.commands.coverage ?? [];
  if (commands.length === 0)
    return notRun(input, 'not measured: no coverage tool of this repository is known');
  const head = await measure(input, 'head', commands, timeoutMs);
  if ('problem' in head) return unmeasured(input, head);
  const changed = countChanged(lines, head.lines);
  if (changed.covered.length + changed.uncovered.length === 0) {
    return notRun(
      input,
      `not measured: none of the ${lines.length} added lines is in a report`,
      head.evidence,
    );
  }
  const base = canFall(input, head.lines) ? await measure(input, 'base', commands, timeoutMs) : notNeeded;
  return judgeCounts(input, { changed, head, base });
}

/** Whether base can have been so much better that this is a regression: it never had more than all lines covered. */
function canFall(input: GateInput, head: LineCoverage): boolean {
  return isRegression(100, totalOf(head), input.settings.regression.maxPercent);
}

const notNeeded: Unmeasured = { problem: 'not needed', isBroken: false, evidence: [] };

type Line = GateInput['addedLines'][number];

/** What is no statement in any language: blank, a comment, or closing brackets. Go's profiles count these too. */
function isStatement(text: string): boolean {
  return !/^\s*(?:$|\/\/|#(?!\[)|\*|\/\*|"""|'''|[\]})>;,]+;?$|end$)/.test(text);
}

interface Measured {
  readonly lines: LineCoverage;
  readonly evidence: readonly Evidence[];
}

interface Unmeasured {
  readonly problem: string;
  /** The report was there and could not be read: somebody should look. */
  readonly isBroken: boolean;
  readonly evidence: readonly Evidence[];
}

async function measure(
  input: GateInput,
  side: Side,
  commands: readonly CoverageCommand[],
  timeoutMs: number,
): Promise<Measured | Unmeasured> {
  const tree = input[side];
  const setUp = await tree.setUp();
  if (!setUp.ok) return { problem: `the set-up fails on ${side}`, isBroken: false, evidence: [] };
  const paths = new Set(await input.list(side));
  const all = new Map<string, ReadonlyMap<number, number>>();
  const evidence: Evidence[] = [];
  for (const command of commands) {
    input.signal.throwIfAborted();
    const { run, text } = await tree.report(command, timeoutMs);
    evidence.push(rowOf(run));
    if (run.ended !== 'exit')
      return { problem: `\`${command.shell}\` ended by ${run.ended}`, isBroken: false, evidence };
    const goModule = await goModuleOf(input, side, command);
    const { lines, problem } = parseCoverage(command.format, text, { cwd: command.cwd, paths, goModule });
    if (problem !== null) {
      return { problem: `${problem} (${endOf(run)})`, isBroken: text.trim() !== '', evidence };
    }
    for (const [path, counts] of lines) all.set(path, counts);
  }
  return { lines: all, evidence };
}

async function goModuleOf(input: GateInput, side: Side, command: CoverageCommand): Promise<string> {
  if (command.format !== 'go-profile') return '';
  const manifest = await input.read(side, command.cwd === '' ? 'go.mod' : `${command.cwd}/go.mod`);
  return /^module\s+(\S+)/m.exec(manifest?.toString('utf8') ?? '')?.[1] ?? '';
}

function rowOf(run: CommandRun): Evidence {
  return { command: run.command, base: '', head: endOf(run), durationMs: run.durationMs };
}

interface Changed {
  readonly covered: readonly Line[];
  readonly uncovered: readonly Line[];
  readonly unmeasured: readonly Line[];
}

/** A line of a measured file that the report does not name is no code; one of a file that it does not name is unmeasured. */
function countChanged(lines: readonly Line[], report: LineCoverage): Changed {
  const hitsOf = ({ path, line }: Line): number | undefined => report.get(path)?.get(line);
  return {
    covered: lines.filter((line) => (hitsOf(line) ?? 0) > 0),
    uncovered: lines.filter((line) => hitsOf(line) === 0),
    unmeasured: lines.filter(({ path }) => !report.has(path)),
  };
}

interface Counted {
  readonly changed: Changed;
  readonly head: Measured;
  readonly base: Measured | Unmeasured;
}

function judgeCounts(input: GateInput, { changed, head, base }: Counted): Verdict {
  const { covered, uncovered, unmeasured: rest } = changed;
  const percent = percentOf(covered.length, covered.length + uncovered.length);
  const { minPercent } = input.settings.coverage;
  const [before, after] = ['lines' in base ? totalOf(base.lines) : null, totalOf(head.lines)];
  const reasons = [
    ...(percent < minPercent
      ? [`${shown(percent)} of the changed lines are covered, less than ${minPercent} %`]
      : []),
    ...(isRegression(before, after, input.settings.regression.maxPercent)
      ? [`coverage of the repository falls from ${shown(before ?? 0)} to ${shown(after ?? 0)}`]
      : []),
  ];
  const counts = `${covered.length} of ${covered.length + uncovered.length} changed lines covered (${shown(percent)})`;
  const apart = rest.length > 0 ? `; ${rest.length} unmeasured` : '';
  const failed = reasons.length > 0;
  return verdictOf('coverage', input, {
    status: failed ? 'fail' : 'pass',
    blocking: true,
    summary: failed ? `${reasons.join('; ')}; ${counts}${apart}` : `${counts}${apart}`,
    evidence: head.evidence.map((row) => ({
      ...row,
      base:
        before === null
          ? 'problem' in base
            ? base.problem
            : 'not measured'
          : `${shown(before)} of all lines`,
      head: `${shown(after ?? 0)} of all lines, ${shown(percent)} of the changed`,
    })),
    findings: uncovered.slice(0, findingsMax).map(findingOf),
    feedback: failed ? feedbackOf(reasons, uncovered) : '',
    details: {
      percent,
      covered: covered.length,
      uncovered: uncovered.length,
      unmeasured: rest.length,
      unmeasuredFiles: [...new Set(rest.map(({ path }) => path))].slice(0, 50),
      basePercent: before,
      headPercent: after,
    },
  });
}

/** Worse than base by more than a share of base's own value. Null: nothing to compare with. */
function isRegression(before: number | null, after: number | null, maxPercent: number): boolean {
  return before !== null && after !== null && after < before * (1 - maxPercent / 100) - 1e-9;
}

function totalOf(report: LineCoverage): number | null {
  const hits = [...report].filter(([path]) => !isTestPath(path)).flatMap(([, lines]) => [...lines.values()]);
  return hits.length === 0 ? null : percentOf(hits.filter((count) => count > 0).length, hits.length);
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

function shown(percent: number): string {
  return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
}

function findingOf({ path, line, text }: Line): Finding {
  const hash = createHash('sha256').update(text.replaceAll(/\s+/g, ' ').trim()).digest('hex').slice(0, 16);
  const rule = 'coverage/uncovered-line';
  return {
    rule,
    path,
    line,
    message: 'no test runs this line',
    level: 'warning',
    identity: `${rule}:${path}:${hash}`,
  };
}

function feedbackOf(reasons: readonly string[], uncovered: readonly Line[]): string {
  const lines = uncovered
    .slice(0, 60)
    .map(({ path, line, text }) => `${path}:${line}: ${text.trim().slice(0, 120)}`);
  return [reasons.join('; '), 'No test runs these lines:', ...lines].join('\n');
}

function notRun(input: GateInput, summary: string, evidence: readonly Evidence[] = []): Verdict {
  return verdictOf('coverage', input, { status: 'not-run', blocking: false, summary, evidence });
}

function unmeasured(input: GateInput, { problem, isBroken, evidence }: Unmeasured): Verdict {
  const summary = `not measured: ${problem}`;
  if (!isBroken) return notRun(input, summary, evidence);
  return verdictOf('coverage', input, { status: 'error', blocking: false, summary, evidence });
}
