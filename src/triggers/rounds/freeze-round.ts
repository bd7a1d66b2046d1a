import type { ReviewRemark } from '../../domain/discussion.ts';
import type { Actor } from '../../domain/repository.ts';
import type { FrozenRound, RoundComment } from '../../domain/round.ts';
import type { DroppedText } from '../../domain/run.ts';
import { stripInvisible } from '../../text/invisible.ts';
import { readSuggestion } from '../../text/read-suggestion.ts';
import { frozenText } from '../frozen-text.ts';
import type { Thread, TriggerPorts } from '../trigger-ports.ts';

/** What one round works on, and code points of a comment and of its hunk. A review can hold hundreds. */
const commentsMax = 30;
const textCharsMax = 4_000;
const hunkCharsMax = 2_000;

/** A review that is to be answered. */
export interface AskedReview {
  readonly id: number;
  readonly reviewer: Actor;
  /** When it was submitted, by GitHub's clock; null when nobody says. */
  readonly at: Date | null;
}

/** The review as the run will see it, and what was left out of it. */
export interface FrozenReview {
  readonly round: FrozenRound;
  readonly dropped: readonly DroppedText[];
}

/**
 * The comments of exactly this review, by the one who submitted it and as they stood then: whoever edits one
 * afterwards puts no words into a request that was granted already.
 */
export async function freezeRound(
  ports: Pick<TriggerPorts, 'discussion'>,
  thread: Thread,
  review: AskedReview,
): Promise<FrozenReview> {
  const place = { pull: thread.target.number, review: review.id };
  const found = await ports.discussion.review(thread.at, place);
  const left = new Map<string, number>();
  const kept: ReviewRemark[] = [];
  for (const remark of found) {
    const why = whyNot(remark, review);
    if (why === undefined) kept.push(remark);
    else left.set(why, (left.get(why) ?? 0) + 1);
  }
  const frozen = kept.slice(0, commentsMax).map((remark, index) => freeze(remark, `c${index + 1}`));
  return {
    round: {
      review: review.id,
      reviewer: review.reviewer,
      comments: frozen.map(({ comment }) => comment),
      left: kept.length - frozen.length,
    },
    dropped: [
      ...[...left].map(([why, count]) => ({ where: 'review', what: 'comments on lines', count, why })),
      ...frozen.flatMap(({ dropped }) => dropped),
    ],
  };
}

function whyNot(
  { author, lastEditedAt, minimised }: ReviewRemark,
  { reviewer, at }: AskedReview,
): string | undefined {
  if (author.id !== reviewer.id) return 'somebody else wrote them';
  // GitHub tells whole seconds: an edit in the second of the review may have come after it.
  if (lastEditedAt !== null && (at === null || lastEditedAt >= at))
    return 'they were edited after the review was submitted';
  return minimised ? 'somebody folded them away' : undefined;
}

function freeze(
  remark: ReviewRemark,
  name: string,
): { readonly comment: RoundComment; readonly dropped: readonly DroppedText[] } {
  const { id, threadStart, thread, path, side, lines, original } = remark;
  const { text, dropped } = frozenText(remark.body, 'review', textCharsMax);
  return {
    comment: {
      name,
      id,
      threadStart,
      thread,
      path,
      side,
      lines,
      original,
      hunk: endOf(stripInvisible(remark.hunk).text),
      text,
      suggestion: readSuggestion(remark.body),
    },
    dropped,
  };
}

/** The last lines: the comment stands on the very last one. */
function endOf(hunk: string): string {
  if (hunk.length <= hunkCharsMax) return hunk;
  const end = hunk.slice(-hunkCharsMax);
  return `…\n${end.slice(end.indexOf('\n') + 1)}`;
}
