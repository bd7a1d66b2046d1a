import type { RepositoryAddress } from './forge.ts';
import type { Actor } from './repository.ts';

/** One thing that somebody said on an issue or pull request, as it is now. */
export interface Remark {
  readonly kind: 'comment' | 'review' | 'line-comment';
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

/** Reads what was said on a thread, with a one-repository read token. */
export interface DiscussionReader {
  /** Oldest first; the newest 50 comments, and of a pull request the newest 20 reviews and 20 open line threads. */
  remarks(
    at: RepositoryAddress,
    thread: { readonly kind: 'issue' | 'pull-request'; readonly number: number },
  ): Promise<readonly Remark[]>;
}
