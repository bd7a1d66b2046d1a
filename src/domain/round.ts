import type { LineRange } from './discussion.ts';
import type { CommitId } from './ids.ts';
import type { Actor } from './repository.ts';

/** What a comment suggests in the place of its lines; `unclear` says in words why that cannot be applied. */
export type Suggestion = { readonly lines: readonly string[] } | { readonly unclear: string };

/** A comment of a review, frozen when the round was asked for. */
export interface RoundComment {
  /** `c1`, `c2`, ...: how the agent names it. */
  readonly name: string;
  readonly id: number;
  /** The comment that takes replies. */
  readonly threadStart: number;
  readonly thread: string | null;
  readonly path: string;
  readonly side: 'left' | 'right';
  /** At the commit that the round starts from; null for a file as a whole and for lines that are there no more. */
  readonly lines: LineRange | null;
  readonly original: { readonly commit: CommitId; readonly lines: LineRange | null };
  /** Sanitised, as is the text; the end of it, which is what the comment is about. */
  readonly hunk: string;
  readonly text: string;
  readonly suggestion: Suggestion | null;
}

/** A review that a run answers, comment by comment. */
export interface FrozenRound {
  readonly review: number;
  readonly reviewer: Actor;
  readonly comments: readonly RoundComment[];
  /** How many of its comments were too many. */
  readonly left: number;
}

/** What the agent says about a comment. It asserts; the pushed tree decides. */
export interface CommentAnswer {
  readonly name: string;
  readonly outcome: 'changed' | 'declined';
  readonly reason: string;
  /** Where it was changed, when elsewhere than in the file of the comment. */
  readonly path: string | null;
}

/**
 * What became of a comment. `elsewhere`: another file was changed for it. `open`: nobody and nothing has addressed it;
 * the reason says why.
 */
export interface SettledComment {
  readonly name: string;
  readonly outcome: 'applied' | 'changed' | 'elsewhere' | 'declined' | 'open';
  readonly reason: string;
  readonly resolve: boolean;
  /** Why the thread of a comment that was addressed stays open. Absent: it does not, or nothing addressed it. */
  readonly open?: 'elsewhere' | 'far' | 'not-sound';
}
