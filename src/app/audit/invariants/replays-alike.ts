import { applyEvent, emptyState, pendingCalls } from '../../../agent/agent-state.ts';
import type { JournalEntry } from '../../../domain/journal.ts';
import { journalFormat, type StepName } from '../../../domain/journal-event.ts';
import { steps } from '../../../workflow/graph.ts';
import type { Invariant } from '../invariant.ts';
import { eventsOf } from './events-of.ts';

/**
 * Folds the journal as a worker does that takes the run over, and looks at each entry whether it is what would have
 * come next: the graph's next step, the first open tool call, the next turn.
 */
export const replaysAlike: Invariant = {
  id: 'I13',
  title: 'replaying the journal leads to what was done next, by code that knows it',
  kind: 'run',
  partly: 'steps, turns and calls; what a step does inside is test/agent/resume.test.ts and the crash suite',
  check({ entries }) {
    const unknown = eventsOf(entries, 'run.claimed').flatMap(({ code }) =>
      code !== undefined && code.format > journalFormat
        ? [`version ${code.version} wrote format ${code.format}, this one knows ${journalFormat}`]
        : [],
    );
    return [...unknown, ...wrongSteps(entries), ...wrongTurns(entries)];
  },
};

const nextsOf = new Map<StepName, readonly string[]>(steps.map(({ name, nexts }) => [name, nexts]));

/** A restored run may start again at the first step. */
function wrongSteps(entries: readonly JournalEntry[]): readonly string[] {
  const problems: string[] = [];
  let done: StepName | undefined;
  for (const { seq, event } of entries) {
    if (event.kind === 'step.finished') done = event.step;
    if (event.kind !== 'step.started' || event.step === 'snapshot' || done === undefined) continue;
    if (!nextsOf.get(done)?.includes(event.step))
      problems.push(`entry ${seq} starts ${event.step}, which does not follow ${done}`);
  }
  return problems;
}

/** A journal that came back from a public repository's ref has turns without their words: nothing to fold there. */
function wrongTurns(entries: readonly JournalEntry[]): readonly string[] {
  const isBare = entries.some(
    ({ event }) => event.kind === 'context.added' && event.message.parts.length === 0,
  );
  if (isBare) return [];
  const state = emptyState();
  const problems: string[] = [];
  for (const { seq, event } of entries) {
    const [next] = pendingCalls(state);
    if (event.kind === 'turn.answered' && event.turn !== state.turns + 1)
      problems.push(`entry ${seq} is turn ${event.turn}, due was ${state.turns + 1}`);
    if (event.kind === 'turn.answered' && next)
      problems.push(`entry ${seq} is a turn although call ${next.id} has no result`);
    if (event.kind === 'tool.returned' && event.callId !== next?.id)
      problems.push(`entry ${seq} is the result of ${event.callId}, due was ${next?.id ?? 'a turn'}`);
    applyEvent(state, event);
  }
  return problems;
}
