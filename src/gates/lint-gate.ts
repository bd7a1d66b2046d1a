import type { CommandRun } from '../domain/command-run.ts';
import type { Evidence, Gate, GateInput, Verdict } from '../domain/gate.ts';
import type { RepositoryCommand } from '../domain/toolchain.ts';
import { endOf, failuresOf, verdictOf } from './verdict-of.ts';

/** A shell that does not find a command, or may not execute it, leaves with one of these. */
const missingExitCodes = new Set([126, 127]);

interface Compared {
  readonly base: CommandRun;
  readonly head: CommandRun;
}

/**
 * The repository's lint and type check on base and head. Only what is worse than base blocks: a check that failed
 * before is reported, with the lines that are new.
 */
export function createLintGate(options: { readonly timeoutMs?: number } = {}): Gate {
  const timeoutMs = options.timeoutMs ?? 300_000;
  return { name: 'lint', judge: (input) => judge(input, timeoutMs) };
}

async function judge(input: GateInput, timeoutMs: number): Promise<Verdict> {
  const commands = [...input.commands.lint, ...input.commands.typecheck];
  if (commands.length === 0) return notRun(input, 'the repository has no lint or type check command');
  for (const tree of [input.head, input.base]) {
    const setUp = await tree.setUp();
    if (!setUp.ok) return notRun(input, `the set-up fails on ${tree === input.head ? 'head' : 'base'}`);
  }
  const compared: Compared[] = [];
  for (const command of commands) compared.push(await compare(input, command, timeoutMs));
  return judgeCompared(input, compared);
}

function notRun(input: GateInput, summary: string, evidence: readonly Evidence[] = []): Verdict {
  return verdictOf('lint', input, { status: 'not-run', blocking: false, summary, evidence });
}

async function compare(input: GateInput, command: RepositoryCommand, timeoutMs: number): Promise<Compared> {
  input.signal.throwIfAborted();
  const base = await input.base.run(command.shell, command.cwd, timeoutMs);
  const head = await input.head.run(command.shell, command.cwd, timeoutMs);
  return { base, head };
}

function judgeCompared(input: GateInput, compared: readonly Compared[]): Verdict {
  const evidence = compared.map(({ base, head }) => ({
    command: head.command,
    base: endOf(base),
    head: endOf(head),
    durationMs: head.durationMs,
  }));
  const runnable = compared.filter((pair) => !isMissing(pair));
  const [first] = compared;
  if (runnable.length === 0 && first) {
    return notRun(input, `\`${first.head.command}\` cannot be run here (${endOf(first.head)})`, evidence);
  }
  const worse = runnable.filter(({ base, head }) => base.exitCode === 0 && head.exitCode !== 0);
  const both = runnable.filter(({ base, head }) => base.exitCode !== 0 && head.exitCode !== 0);
  const failed = worse.length > 0 || both.length > 0;
  return verdictOf('lint', input, {
    status: failed ? 'fail' : 'pass',
    blocking: worse.length > 0 || !failed,
    summary: summaryOf(worse, both, runnable.length),
    evidence,
    feedback: feedbackOf(worse, both),
    details: { newLines: both.flatMap(newLines).slice(0, 50) },
  });
}

/** Missing on both sides: a tool that head alone lacks was removed by the change. */
function isMissing({ base, head }: Compared): boolean {
  return missingExitCodes.has(base.exitCode ?? 0) && missingExitCodes.has(head.exitCode ?? 0);
}

function summaryOf(worse: readonly Compared[], both: readonly Compared[], total: number): string {
  const named = (pairs: readonly Compared[]): string =>
    pairs.map(({ head }) => `\`${head.command}\``).join(', ');
  const parts: string[] = [];
  if (worse.length > 0) parts.push(`${named(worse)}: clean on base, fails on head`);
  if (both.length > 0) {
    const count = both.flatMap(newLines).length;
    parts.push(`${named(both)}: fails on base too; ${count} lines of its output are new`);
  }
  return parts.length > 0 ? parts.join('; ') : `${total} of ${total} checks are clean`;
}

function feedbackOf(worse: readonly Compared[], both: readonly Compared[]): string {
  if (worse.length > 0) return failuresOf(worse.map(({ head }) => head));
  return both
    .filter((pair) => newLines(pair).length > 0)
    .map((pair) => `$ ${pair.head.command}\nNew on head:\n${newLines(pair).join('\n')}`)
    .join('\n\n');
}

/** Lines of head's output that base's has not, whatever their numbers: line numbers shift and times differ. */
function newLines({ base, head }: Compared): readonly string[] {
  const normalised = (line: string): string => line.replace(/\d+/g, '0').trim();
  const known = new Set(base.outputTail.split('\n').map(normalised));
  return head.outputTail.split('\n').filter((line) => line.trim() !== '' && !known.has(normalised(line)));
}
