import type { BudgetWait } from '../domain/budget-wait.ts';
import type { JournalEvent, MessageAuthor, Wait } from '../domain/journal-event.ts';
import { openWait, waitEnded } from '../domain/waits.ts';

/** What a person said to the run, and what became of it: the turn that took it in, or words. */
export interface HeardMessage {
  readonly by: MessageAuthor;
  readonly turn: number | null;
  readonly outcome: string;
}

/** What a person released. */
export interface Approval {
  readonly by: MessageAuthor;
  readonly wait: Extract<Wait, { kind: 'protected' | 'plan' | 'held' }>;
}

export interface PeopleRecord {
  /** What the run waits for now; null when for nobody. */
  readonly wait: Wait | null;
  /** Who asked for that wait, where somebody did. */
  readonly waitBy: MessageAuthor | null;
  readonly approvals: readonly Approval[];
  /** Why nobody is asked any more to release what is held; null: no such wait came to nothing. */
  readonly holdVoid: string | null;
  readonly heard: readonly HeardMessage[];
  /** The newest wait for a budget, also when it is over; null: there was none. */
  readonly budgetWait: BudgetWait | null;
}

/** The part that people have in a run. */
export function projectPeople(events: readonly JournalEvent[]): PeopleRecord {
  const ended = events.some(({ kind }) => kind === 'run.ended');
  const wait = ended ? null : (openWait(events) ?? null);
  return {
    wait,
    waitBy: wait ? (begunBy(events, wait) ?? null) : null,
    approvals: approvalsOf(events),
    holdVoid: holdVoidOf(events),
    heard: events.flatMap(heardIn),
    budgetWait: budgetWaitOf(events),
  };
}

function begunBy(events: readonly JournalEvent[], wait: Wait): MessageAuthor | undefined {
  for (const event of events) if (event.kind === 'wait.begun' && event.wait.id === wait.id) return event.by;
  return undefined;
}

function approvalsOf(events: readonly JournalEvent[]): readonly Approval[] {
  const begun = new Map(
    events.flatMap((event) => (event.kind === 'wait.begun' ? [[event.wait.id, event.wait]] : [])),
  );
  return events.flatMap((event) => {
    if (event.kind !== 'wait.ended' || event.outcome !== 'approved' || event.by === null) return [];
    // An approval that was made void afterwards released nothing.
    if (waitEnded(events, event.waitId) !== event) return [];
    const wait = begun.get(event.waitId);
    return wait?.kind === 'protected' || wait?.kind === 'plan' || wait?.kind === 'held'
      ? [{ by: event.by, wait }]
      : [];
  });
}

function holdVoidOf(events: readonly JournalEvent[]): string | null {
  const begun = events.findLast((event) => event.kind === 'wait.begun' && event.wait.kind === 'held');
  if (begun?.kind !== 'wait.begun') return null;
  const ended = waitEnded(events, begun.wait.id);
  if (ended !== undefined) return ended.outcome === 'void' ? ended.text : null;
  return events.some(({ kind }) => kind === 'run.ended') ? 'The run ended before anybody approved it.' : null;
}

function budgetWaitOf(events: readonly JournalEvent[]): PeopleRecord['budgetWait'] {
  const begun = events.findLast((event) => event.kind === 'wait.begun' && event.wait.kind === 'budget');
  return begun?.kind === 'wait.begun' && begun.wait.kind === 'budget' ? begun.wait : null;
}

function heardIn(event: JournalEvent): readonly HeardMessage[] {
  // What GitHub tells of checks is nobody's word.
  if (event.kind === 'message.taken' && event.message === 'event') return [];
  if (event.kind === 'message.taken') return [{ by: event.by, turn: null, outcome: event.outcome }];
  if (event.kind === 'budget.set') {
    const outcome = `gave this run a budget of $${event.limitUsd.toFixed(2)}`;
    return [{ by: event.by, turn: null, outcome }];
  }
  if (event.kind !== 'context.added' || event.purpose?.type !== 'message') return [];
  // Said before the turn that is asked for next.
  return [{ by: event.purpose.by, turn: event.turn + 1, outcome: '' }];
}
