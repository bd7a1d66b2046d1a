import type { RepositoryAddress } from './forge.ts';
import type { Actor } from './repository.ts';

/** An issue or pull request as a sweep sees it. `raw` is what a webhook's payload would hold. */
export interface SweptIssue {
  readonly number: number;
  readonly isPullRequest: boolean;
  readonly labels: readonly string[];
  /** Grows with everything that happens to it: unchanged means nothing new to find. */
  readonly updatedAt: Date;
  readonly raw: unknown;
}

export interface SweptComment {
  readonly id: number;
  readonly issue: number;
  readonly body: string;
  readonly author: Actor;
  readonly createdAt: Date;
  readonly edited: boolean;
  readonly raw: unknown;
}

/** An open pull request as a sweep sees it. */
export interface SweptPull {
  readonly number: number;
  readonly author: Actor;
  readonly base: string;
  readonly headSha: string;
}

/** Reads what a delivery would have told, with a one-repository read token. */
export interface SweepReader {
  /** The repository as payloads have it; undefined when we may no longer read it. */
  repository(at: RepositoryAddress): Promise<unknown>;
  /** Open issues with the label, at most 1,000. */
  labelled(at: RepositoryAddress, label: string): Promise<readonly SweptIssue[]>;
  /** Open pull requests, at most 1,000. */
  openPulls(at: RepositoryAddress): Promise<readonly SweptPull[]>;
  issue(at: RepositoryAddress, number: number): Promise<SweptIssue | undefined>;
  /** Comments that were written or edited since, oldest first, at most 1,000. */
  commentsSince(at: RepositoryAddress, since: Date): Promise<readonly SweptComment[]>;
  /** When title or body was changed last; null when never. */
  lastEdit(at: RepositoryAddress, issue: SweptIssue): Promise<Date | null>;
}
