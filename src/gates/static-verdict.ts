import type { Finding, GateInput, GateName, Verdict } from '../domain/gate.ts';
import type { FactsReader, Reading } from './facts/facts-reader.ts';
import type { FileFacts } from './facts/file-facts.ts';
import { verdictOf } from './verdict-of.ts';

const findingsMax = 500;

/** What a static gate found out; `error` findings count, `warning` ones are shown. */
export interface StaticResult {
  readonly gate: GateName;
  /** How it was looked for: the evidence's command. */
  readonly method: string;
  readonly base: string;
  readonly head: string;
  readonly findings: readonly Finding[];
  readonly summary: string;
  /** What to do about the findings. */
  readonly advice: string;
  readonly started: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Fails when a finding counts or warns; blocks only for the first. */
export function staticVerdict(input: GateInput, result: StaticResult): Verdict {
  const { gate, findings, started } = result;
  const errors = findings.filter(({ level }) => level === 'error').length;
  const failed = findings.length > 0;
  return verdictOf(gate, input, {
    status: failed ? 'fail' : 'pass',
    blocking: errors > 0 || !failed,
    summary: result.summary,
    evidence: [
      {
        command: result.method,
        base: result.base,
        head: result.head,
        durationMs: Math.round(performance.now() - started),
      },
    ],
    findings: findings.slice(0, findingsMax),
    feedback: failed ? feedbackOf(findings, result.advice) : '',
    details: result.details ?? {},
  });
}

function feedbackOf(findings: readonly Finding[], advice: string): string {
  return [advice, ...findings.map(({ path, line, message }) => `${path}:${line}: ${message}`)].join('\n');
}

/** Nothing to judge, or no means to. Blocks nobody. */
export function notRun(gate: GateName, input: GateInput, summary: string): Verdict {
  return verdictOf(gate, input, { status: 'not-run', blocking: false, summary });
}

/** An error verdict when a text could not be read in time or at all; undefined when all could. */
export function unreadable(
  gate: GateName,
  input: GateInput,
  readings: ReadonlyMap<string, Reading<unknown>>,
): Verdict | undefined {
  const broken = [...readings].flatMap(([path, reading]) => {
    if (reading.state === 'timeout') return [`${path} took too long`];
    return reading.state === 'broken' ? [`${path}: ${reading.why.slice(0, 100)}`] : [];
  });
  if (broken.length === 0) return undefined;
  const more = broken.length > 3 ? ` and ${broken.length - 3} more` : '';
  return verdictOf(gate, input, {
    status: 'error',
    blocking: true,
    summary: `could not be read: ${broken.slice(0, 3).join('; ')}${more}`,
    details: { unreadable: broken.slice(0, 100) },
  });
}

type Readings = ReadonlyMap<string, Reading<FileFacts>>;

/** Facts of these paths on both sides, as far as they exist there; `error` when one could not be read. */
export async function readSides(
  gate: GateName,
  { input, reader }: { readonly input: GateInput; readonly reader: FactsReader },
  paths: readonly string[],
): Promise<{ readonly head: Readings; readonly base: Readings; readonly error: Verdict | undefined }> {
  const head = await reader.syntax(input, 'head', paths);
  const base = await reader.syntax(input, 'base', paths);
  return { head, base, error: unreadable(gate, input, new Map([...base, ...head])) };
}

/** How many texts were left out because of their size, in words; empty when none. */
export function leftOut(readings: ReadonlyMap<string, Reading<unknown>>): string {
  const count = [...readings.values()].filter(({ state }) => state === 'too-large').length;
  return count === 0 ? '' : ` (${count} over 1 MiB left out)`;
}

/** The changed files that are there on head. */
export function presentPaths(input: GateInput): readonly string[] {
  return input.changes.filter(({ status }) => status !== 'deleted').map(({ path }) => path);
}

/** Numbers of added lines, by path. */
export function addedByPath(input: GateInput): ReadonlyMap<string, ReadonlySet<number>> {
  const added = new Map<string, Set<number>>();
  for (const { path, line } of input.addedLines) {
    const lines = added.get(path) ?? new Set<number>();
    lines.add(line);
    added.set(path, lines);
  }
  return added;
}

/** `1 file`, `3 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
