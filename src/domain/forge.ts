import type { CheckAction, CheckAnnotation, CheckConclusion, ReviewLine } from './effect.ts';
import type { CommitId, PublishableText, RunId, TreeId } from './ids.ts';
import type { Actor, Role } from './repository.ts';

/** Addresses one repository through one installation. */
export interface RepositoryAddress {
  readonly installationId: number;
  readonly repositoryId: number;
  readonly owner: string;
  readonly name: string;
  /** The run that is worked on: it has tokens of its own, which end with it. Absent: what belongs to no run. */
  readonly runId?: RunId;
}

export interface ForgeRepository {
  readonly id: number;
  readonly archived: boolean;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly cloneUrl: string;
  readonly htmlUrl: string;
  /** In KiB, as GitHub counts; 0 for an empty repository (GitHub updates it late: confirm by fetching). */
  readonly sizeKib: number;
  readonly hasIssues: boolean;
}

export interface ForgePull {
  readonly number: number;
  readonly nodeId: string;
  readonly state: 'open' | 'closed';
  readonly draft: boolean;
  readonly merged: boolean;
  readonly title: string;
  readonly body: string;
  readonly htmlUrl: string;
  readonly author: Actor;
  readonly base: string;
  readonly headRef: string;
  readonly headSha: CommitId;
  /** Null when the fork was deleted. */
  readonly headRepositoryId: number | null;
  readonly baseRepositoryId: number;
  /**
   * How it stands to its base: `behind` where the base takes only what holds all of it; `unknown` for the seconds in
   * which GitHub finds out, and in lists.
   */
  readonly mergeable: 'clean' | 'behind' | 'conflict' | 'unknown';
}

export interface ForgeIssue {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly title: string;
  readonly body: string;
  readonly htmlUrl: string;
  readonly labels: readonly string[];
  readonly isPullRequest: boolean;
  readonly locked: boolean;
  readonly author: Actor;
  /** Grows with everything that happens to it. */
  readonly updatedAt: Date;
}

export interface ForgeComment {
  readonly id: number;
  readonly body: string;
  readonly author: Actor;
  readonly htmlUrl: string;
}

export interface ForgeCommit {
  readonly tree: TreeId;
  readonly parents: readonly CommitId[];
  readonly message: string;
  /** Whether the forge vouches for who made it. */
  readonly verified: boolean;
}

/** An entry of a tree to make: text goes with it, other bytes as a blob that was made before; null deletes. */
export type NewTreeEntry = {
  readonly path: string;
  readonly mode: '100644' | '100755' | '120000';
} & ({ readonly text: string } | { readonly blob: string | null });

export interface ForgeCheck {
  readonly id: number;
  readonly name: string;
  readonly externalId: string;
  readonly status: string;
  readonly conclusion: string | null;
}

/** An annotation as it is shown. */
export type ForgeAnnotation = Omit<CheckAnnotation, 'message'> & { readonly message: string };

/** What can carry a reaction: an issue or pull request, a comment of its thread, a comment on a line. */
export type ReactionPlace = 'issue' | 'comment' | 'review-comment';

/** One time that a label was put on an issue. */
export interface LabelEvent {
  readonly id: number;
  readonly actor: Actor;
  readonly at: Date;
  /** The App through which it was done; null for a person's own hand. */
  readonly appId: number | null;
}

/** Reads from GitHub with a one-repository read token. 404 is `undefined` where the type says so. */
export interface ForgeReader {
  repository(at: RepositoryAddress): Promise<ForgeRepository | undefined>;
  issue(at: RepositoryAddress, number: number): Promise<ForgeIssue | undefined>;
  pull(at: RepositoryAddress, number: number): Promise<ForgePull | undefined>;
  openPullByHead(at: RepositoryAddress, branch: string): Promise<ForgePull | undefined>;
  /** Open and closed ones, the newest first, at most 100. */
  pullsByHead(at: RepositoryAddress, branch: string): Promise<readonly ForgePull[]>;
  /** Open ones that target the branch, at most 100. */
  openPullsByBase(at: RepositoryAddress, base: string): Promise<readonly ForgePull[]>;
  branchTip(at: RepositoryAddress, branch: string): Promise<CommitId | undefined>;
  /** Paths of the files at a ref; GitHub cuts the list at 100,000. */
  paths(at: RepositoryAddress, ref: string): Promise<readonly string[]>;
  /** Newest comments last; at most 2,500 (GitHub's own limit). */
  comments(at: RepositoryAddress, issue: number): Promise<readonly ForgeComment[]>;
  /** Reviews of a pull request as a whole, oldest first, without the comments on lines. */
  reviews(at: RepositoryAddress, pull: number): Promise<readonly ForgeComment[]>;
  /** Comments on lines of a pull request, the newest first; at most 1,000. */
  lineComments(at: RepositoryAddress, pull: number): Promise<readonly ForgeComment[]>;
  /** Whether a review thread is resolved; undefined where GitHub does not know it. */
  threadResolved(at: RepositoryAddress, thread: string): Promise<boolean | undefined>;
  /**
   * Asked of GitHub now, by `role_name`; `none` for a stranger, `unknown` for a custom role. With `userId` also
   * `unknown` when the login belongs to somebody else by now (it was renamed and taken over).
   */
  roleOf(at: RepositoryAddress, login: string, userId?: number): Promise<Role>;
  checks(at: RepositoryAddress, sha: CommitId, name: string): Promise<readonly ForgeCheck[]>;
  /** Those of a check run, in the order in which they were sent. */
  annotations(at: RepositoryAddress, checkId: number): Promise<readonly ForgeAnnotation[]>;
  commit(at: RepositoryAddress, sha: CommitId): Promise<ForgeCommit | undefined>;
  /** What a commit did to one file, as a diff without headers; undefined for a commit, file or patch that GitHub does not show. */
  commitPatch(at: RepositoryAddress, sha: CommitId, path: string): Promise<string | undefined>;
  /** Issues that this pull request closes when merged (GraphQL `closingIssuesReferences`). */
  closingIssues(at: RepositoryAddress, pull: number): Promise<readonly number[]>;
  openIssuesByLabel(at: RepositoryAddress, label: string): Promise<readonly ForgeIssue[]>;
  /** Raw file at a ref; undefined when absent. At most 1 MiB. */
  file(at: RepositoryAddress, path: string, ref: string): Promise<string | undefined>;
  /** The `labeled` event ids of a label on an issue, oldest first, with the actor of each. */
  labelEvents(at: RepositoryAddress, issue: number, label: string): Promise<readonly LabelEvent[]>;
}

/** The raw writes. Only `effects/` holds it; it adds intents, idempotency and read-back. Never retries by itself. */
export interface ForgeWriter {
  addReaction(
    at: RepositoryAddress,
    on: ReactionPlace,
    id: number,
    content: 'eyes',
  ): Promise<{ readonly id: number }>;
  createComment(
    at: RepositoryAddress,
    issue: number,
    body: PublishableText,
  ): Promise<{ readonly id: number; readonly url: string }>;
  updateComment(at: RepositoryAddress, id: number, body: PublishableText): Promise<void>;
  createIssue(
    at: RepositoryAddress,
    issue: {
      readonly title: PublishableText;
      readonly body: PublishableText;
      readonly labels: readonly string[];
    },
  ): Promise<{ readonly number: number; readonly url: string }>;
  /** Replaces the text of an issue. GitHub has no compare-and-swap for it. */
  updateIssue(at: RepositoryAddress, number: number, body: PublishableText): Promise<void>;
  createPull(
    at: RepositoryAddress,
    pull: {
      readonly head: string;
      readonly base: string;
      readonly title: PublishableText;
      readonly body: PublishableText;
      readonly draft: boolean;
    },
  ): Promise<ForgePull>;
  updatePull(at: RepositoryAddress, number: number, body: PublishableText): Promise<void>;
  /** Adds to what is there; GitHub makes a label that does not exist yet. */
  addLabels(at: RepositoryAddress, number: number, labels: readonly string[]): Promise<void>;
  /** Adds to who is there; GitHub passes over people who cannot be assigned. */
  addAssignees(at: RepositoryAddress, number: number, logins: readonly string[]): Promise<void>;
  /** Adds to who was asked. Throws `github-rejected` when one of them is no collaborator. */
  requestReviewers(
    at: RepositoryAddress,
    number: number,
    reviewers: { readonly users: readonly string[]; readonly teams: readonly string[] },
  ): Promise<void>;
  /**
   * A review of the kind `COMMENT`, all of it or nothing. Throws `github-rejected` where a line does not stand in the
   * diff, or the commit is not (any more) one of the pull request's.
   */
  createReview(
    at: RepositoryAddress,
    number: number,
    review: {
      readonly commit: CommitId;
      readonly body: PublishableText;
      readonly lines: readonly ReviewLine[];
    },
  ): Promise<{ readonly id: number; readonly url: string }>;
  /** In a thread, by the comment that begins it: GitHub takes no replies to replies. */
  replyOnLine(
    at: RepositoryAddress,
    pull: number,
    reply: { readonly to: number; readonly body: PublishableText },
  ): Promise<{ readonly id: number; readonly url: string }>;
  /** GraphQL `resolveReviewThread`. */
  resolveThread(at: RepositoryAddress, thread: string): Promise<void>;
  /** GraphQL `markPullRequestReadyForReview`. */
  markReady(at: RepositoryAddress, nodeId: string): Promise<void>;
  /** Git objects one by one (https://docs.github.com/en/rest/git); nothing is visible before a branch names them. */
  createBlob(at: RepositoryAddress, content: Buffer): Promise<string>;
  /** A tree on top of `base`. */
  createTree(at: RepositoryAddress, base: TreeId, entries: readonly NewTreeEntry[]): Promise<TreeId>;
  /** In the App's own name and without a date of ours, which is what makes GitHub sign it. */
  createCommit(
    at: RepositoryAddress,
    commit: { readonly tree: TreeId; readonly parents: readonly CommitId[]; readonly message: string },
  ): Promise<CommitId>;
  /** Throws `github-rejected` when the branch is there. */
  createBranch(at: RepositoryAddress, branch: string, sha: CommitId): Promise<void>;
  /** Fast-forward only. Throws `github-rejected` when it would not be one. */
  moveBranch(at: RepositoryAddress, branch: string, sha: CommitId): Promise<void>;
  createCheck(at: RepositoryAddress, check: NewCheck): Promise<{ readonly id: number; readonly url: string }>;
  updateCheck(at: RepositoryAddress, id: number, check: NewCheck): Promise<void>;
  /** `sarif`: the log as JSON. Throws `github-forbidden` where the repository has no code scanning. */
  uploadSarif(
    at: RepositoryAddress,
    upload: { readonly commit: CommitId; readonly ref: string; readonly sarif: string },
  ): Promise<{ readonly id: string; readonly url: string }>;
}

/** At most 50 annotations per request; the adapter batches. */
export interface NewCheck {
  readonly name: string;
  readonly headSha: CommitId;
  readonly externalId: string;
  /** Null: it is going on. */
  readonly conclusion: CheckConclusion | null;
  readonly title: PublishableText;
  readonly summary: PublishableText;
  readonly annotations: readonly CheckAnnotation[];
  readonly actions: readonly CheckAction[];
}

/** At most four permissions, for exactly one repository. */
export type TokenPermissions = Readonly<
  Partial<
    Record<
      | 'contents'
      | 'issues'
      | 'pull_requests'
      | 'checks'
      | 'metadata'
      | 'actions'
      | 'statuses'
      | 'security_events',
      'read' | 'write'
    >
  >
>;

/** What the owner of an installation granted to the App. */
export interface PermissionReader {
  /** By permission name; one that is absent was not granted. */
  granted(installationId: number): Promise<Readonly<Record<string, 'read' | 'write' | 'admin'>>>;
}

/** An installation token: an opaque type whose text appears only through `reveal()`. About 520 characters since 2026. */
export interface SecretToken {
  reveal(): string;
  readonly expiresAt: Date;
}

export interface TokenSource {
  /** Mints, or returns one minted less than 50 minutes ago for the same run, repository and permissions. */
  token(at: RepositoryAddress, permissions: TokenPermissions): Promise<SecretToken>;
  /** GitHub no longer takes this one: the next call mints another. */
  forget(at: RepositoryAddress, permissions: TokenPermissions): void;
  /** Forgets what a run held; each function revokes one. A token that GitHub no longer knows counts as revoked. */
  release(runId: RunId): readonly (() => Promise<void>)[];
}
