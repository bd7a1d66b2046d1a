import type { JournalEvent } from '../../domain/journal-event.ts';
import type { CommentAnswer, FrozenRound, RoundComment, SettledComment } from '../../domain/round.ts';

/** What a round came to, apart from what anybody says about it. */
export interface RoundFacts {
  readonly round: FrozenRound;
  readonly suggestions: Extract<JournalEvent, { kind: 'suggestions.applied' }> | undefined;
  /** In the order in which they were given; the last one about a comment counts. */
  readonly answers: readonly CommentAnswer[];
  /** Paths that the pushed commit changes; none when nothing was pushed. */
  readonly changed: ReadonlySet<string>;
  /**
   * Files that what was pushed changes, apart from what suggestions did: with line numbers as they were before. Empty
   * when nothing was pushed.
   */
  readonly worked: ReadonlyMap<string, readonly number[]>;
  /** Texts of what was pushed, of the files with suggestions. */
  readonly textOf: (path: string) => string | undefined;
  /** Why a comment without an answer has none. */
  readonly whyOpen: string;
  /** Nothing that the gates found stands against the commit. */
  readonly sound: boolean;
}

/**
 * The ledger. What the agent says counts only where the pushed commit bears it out: a file that is as it was has not
 * been changed for a comment, and a thread is resolved only where the file of its comment was, near its lines.
 */
export function settleRound(facts: RoundFacts): readonly SettledComment[] {
  const { round, sound } = facts;
  return round.comments.map((comment) => {
    const settled = settle(facts, comment);
    const open = sound ? whyKeptOpen(facts, comment, settled.outcome) : 'not-sound';
    const addressed = addressing.has(settled.outcome);
    const resolve = addressed && open === undefined;
    return { name: comment.name, ...settled, resolve, ...(addressed && open ? { open } : {}) };
  });
}

const addressing: ReadonlySet<SettledComment['outcome']> = new Set(['applied', 'changed', 'elsewhere']);

/** Suggestions before it, and what belongs to a change besides its line, can move a change this far. */
const nearLines = 20;

function whyKeptOpen(
  { worked }: RoundFacts,
  { path, lines, side }: RoundComment,
  outcome: SettledComment['outcome'],
): SettledComment['open'] {
  if (outcome === 'elsewhere') return 'elsewhere';
  // Lines that were taken away are numbered in another text.
  if (outcome !== 'changed' || lines === null || side === 'left') return undefined;
  const near = (line: number): boolean => line >= lines.first - nearLines && line <= lines.last + nearLines;
  return worked.get(path)?.some(near) === true ? undefined : 'far';
}

type Settled = Pick<SettledComment, 'outcome' | 'reason'>;

function settle(facts: RoundFacts, comment: RoundComment): Settled {
  if (stillApplied(facts, comment)) return { outcome: 'applied', reason: '' };
  const answer = facts.answers.findLast(({ name }) => name === comment.name);
  if (!answer) return { outcome: 'open', reason: whyUnanswered(facts, comment) };
  const { outcome, reason, path } = answer;
  if (outcome === 'declined') return { outcome, reason };
  if (isChanged(facts, comment.path)) return { outcome, reason };
  if (path !== null && isChanged(facts, path)) return { outcome: 'elsewhere', reason: `${path}: ${reason}` };
  return {
    outcome: 'open',
    reason: 'The agent says that it changed this, but the commit does not touch the file.',
  };
}

/** A suggestion that was put in can have been taken out again since. */
function stillApplied(
  { suggestions, changed, textOf }: RoundFacts,
  { name, path, suggestion }: RoundComment,
): boolean {
  if (suggestions?.applied.includes(name) !== true || suggestion === null || 'unclear' in suggestion)
    return false;
  if (!changed.has(path)) return false;
  const text = textOf(path)?.replaceAll('\r\n', '\n');
  return text !== undefined && text.includes(suggestion.lines.join('\n'));
}

function whyUnanswered({ suggestions, whyOpen }: RoundFacts, { name }: RoundComment): string {
  const refused = suggestions?.refused.find((one) => one.name === name);
  const applied = suggestions?.applied.includes(name) === true;
  if (refused) return `The suggestion could not be applied: ${refused.why}. ${whyOpen}`;
  return applied ? `The suggestion was applied and is not in the result any more. ${whyOpen}` : whyOpen;
}

function isChanged({ worked }: RoundFacts, path: string): boolean {
  return worked.has(path);
}
