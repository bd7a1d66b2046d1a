import type { JournalEvent } from '../domain/journal-event.ts';

type Describe = {
  readonly [K in JournalEvent['kind']]?: (event: Extract<JournalEvent, { kind: K }>) => string | null;
};

const describe: Describe = {
  'step.started': ({ step, round }) => (round > 1 ? `${step} (round ${round})` : step),
  'step.finished': ({ step, summary }) => `✔ ${step.padEnd(9)} ${firstLine(summary)}`,
  'sandbox.chosen': ({ engine, version }) =>
    engine === 'none'
      ? '  WITHOUT a sandbox: commands run with your own rights'
      : `  sandbox: ${engine} ${version}`,
  'decision.recorded': ({ decision }) =>
    `  decision: ${firstLine(decision.question)} → ${firstLine(decision.choice)}`,
  'tool.returned': ({ turn, tool, ok }) => `  turn ${turn}: ${tool}${ok ? '' : ' (error)'}`,
  'gate.judged': ({ verdict }) => `  ${verdict.gate}: ${verdict.status}: ${firstLine(verdict.summary)}`,
  'effect.sent': ({ effect, result }) =>
    effect === 'tracking.update' ? null : `  ${effect} ${result.url ?? result.outcome}`,
  'run.retried': ({ code, message, delayMs }) =>
    `  ${code}: ${firstLine(message)}; trying again in ${Math.round(delayMs / 1_000)} s`,
  'run.ended': ({ state, end }) => `${state === 'published' ? '✔' : '✖'} ${state}: ${firstLine(end.summary)}`,
  note: ({ text }) => `  ${firstLine(text)}`,
};

/** One line about an event for a person who watches; null for what is too small to tell. */
export function describeEvent(event: JournalEvent): string | null {
  const words = describe[event.kind] as ((event: JournalEvent) => string | null) | undefined;
  return words?.(event) ?? null;
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
