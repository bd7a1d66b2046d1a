import type { RepositoryAddress } from './forge.ts';
import type { CommitId } from './ids.ts';
import type { Actor } from './repository.ts';

/** Lines of one side of a difference, from 1, both ends included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** A comment on lines, or on a file, that belongs to one review, as it is now. */
export interface ReviewRemark {
  readonly id: number;
  readonly author: Actor;
  readonly body: string;
  readonly path: string;
  /** `left`: on lines that the pull request takes away. */
  readonly side: 'left' | 'right';
  /** At the pull request's head; null for a file as a whole and where the lines are there no more. */
  readonly lines: LineRange | null;
  /** Where it was written: the commit that the reviewer saw. */
  readonly original: { readonly commit: CommitId; readonly lines: LineRange | null };
  /** The difference up to the last line, as the reviewer saw it. */
  readonly hunk: string;
  /** The comment that begins its thread and takes replies; its own id when it begins one. */
  readonly threadStart: number;
  /** GraphQL id of the thread; null where GitHub does not list it. */
  readonly thread: string | null;
  readonly lastEditedAt: Date | null;
  readonly minimised: boolean;
}

/** One thing that somebody said on an issue or pull request, as it is now. */
export interface Remark {
  readonly kind: 'comment' | 'review' | 'line-comment';
  /** Of a review or a comment on a line; absent for others. */
  readonly id?: number;
  readonly author: Actor;
  readonly body: string;
  /** File of a line comment; null for the others. */
  readonly path: string | null;
  /** Whole seconds, as GitHub tells them. */
  readonly writtenAt: Date;
  /** Null when it was never edited. */
  readonly lastEditedAt: Date | null;
  /** Folded away by somebody as spam, off-topic, resolved and the like. */
  readonly minimised: boolean;
}

/** A review of a pull request. */
export interface ReviewPlace {
  readonly pull: number;
  readonly review: number;
}

/** Reads what was said on a thread, with a one-repository read token. */
export interface DiscussionReader {
  /** Oldest first; the newest 50 comments, and of a pull request the newest 20 reviews and 20 open line threads. */
  remarks(
    at: RepositoryAddress,
    thread: { readonly kind: 'issue' | 'pull-request'; readonly number: number },
  ): Promise<readonly Remark[]>;
  /** The comments that belong to one review, in the order in which they were written; at most 300. */
  review(at: RepositoryAddress, of: ReviewPlace): Promise<readonly ReviewRemark[]>;
  /** What the review says as a whole, as it is now; undefined when it is gone. */
  reviewText(
    at: RepositoryAddress,
    of: ReviewPlace,
  ): Promise<{ readonly asksForChanges: boolean; readonly body: string } | undefined>;
}
