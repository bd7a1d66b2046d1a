import type { JournalEvent } from '../domain/journal-event.ts';
import type { Actor } from '../domain/repository.ts';
import type { RoundComment, SettledComment } from '../domain/round.ts';
import type { Run } from '../domain/run.ts';

/** A comment of the review and what became of it; before the round is settled, what was said and done so far. */
export interface RoundItem {
  readonly comment: RoundComment;
  readonly outcome: SettledComment['outcome'] | 'said-changed' | 'waiting';
  readonly reason: string;
  readonly resolve: boolean;
  readonly open?: SettledComment['open'];
}

export interface RoundRecord {
  readonly review: number;
  readonly reviewer: Actor;
  readonly items: readonly RoundItem[];
  /** Comments that were too many to be looked at. */
  readonly left: number;
  readonly settled: boolean;
  /** The commit that the ledger was judged by; null before, and where nothing was pushed. */
  readonly commit: string | null;
}

/** The ledger of the review that the run answers. */
export function projectRound(run: Run, events: readonly JournalEvent[]): RoundRecord | null {
  const { round } = run.input;
  if (!round) return null;
  const settled = events.findLast((event) => event.kind === 'round.settled');
  const { review, reviewer, comments, left } = round;
  const outcomeOf = (comment: RoundComment): Omit<RoundItem, 'comment'> =>
    settled?.comments.find(({ name }) => name === comment.name) ?? soFar(events, comment);
  const items = comments.map((comment) => ({ comment, ...outcomeOf(comment) }));
  return { review, reviewer, items, left, settled: settled !== undefined, commit: settled?.commit ?? null };
}

function soFar(events: readonly JournalEvent[], { name }: RoundComment): Omit<RoundItem, 'comment'> {
  const given = events.flatMap((event) => (event.kind === 'comment.answered' ? [event.answer] : []));
  const answer = given.findLast((one) => one.name === name);
  if (answer?.outcome === 'declined') return { outcome: 'declined', reason: answer.reason, resolve: false };
  if (answer) return { outcome: 'said-changed', reason: answer.reason, resolve: false };
  const suggested = events.findLast((event) => event.kind === 'suggestions.applied');
  const applied = suggested?.applied.includes(name) === true;
  const refused = suggested?.refused.find((one) => one.name === name)?.why ?? '';
  return { outcome: applied ? 'applied' : 'waiting', reason: refused, resolve: false };
}
