import type { ReactionPlace, RepositoryAddress } from './forge.ts';
import type { CommitId, PublishableText, RunId, TreeId } from './ids.ts';
import type { RepositoryRef } from './repository.ts';
import type { Lease, Run } from './run.ts';
import type { SarifLog } from './sarif.ts';
import type { FileChange } from './workspace.ts';

/** A check run's conclusion as GitHub names it. */
export type CheckConclusion = 'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'action_required';

/** A button of a check run. GitHub takes 20, 40 and 20 characters: https://docs.github.com/en/rest/checks/runs */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  /** The word of the command that it stands for. */
  readonly identifier: 'stop' | 'retry';
}

export interface CheckAnnotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly message: PublishableText;
}

/** A comment on a line of the new side of a pull request's diff. */
export interface ReviewLine {
  readonly path: string;
  readonly line: number;
  readonly body: PublishableText;
}

/**
 * Everything that can be written to GitHub; there is nothing else. The model chooses none of the fields that
 * name a place: repository, number and branch come from the run.
 */
export type Effect =
  | {
      readonly kind: 'reaction.add';
      readonly on: 'issue' | 'comment';
      readonly id: number;
      readonly content: 'eyes';
    }
  | { readonly kind: 'comment.create'; readonly issue: number; readonly body: PublishableText }
  | { readonly kind: 'tracking.update'; readonly issue: number; readonly body: PublishableText }
  | { readonly kind: 'tracking-issue.open'; readonly title: PublishableText; readonly body: PublishableText }
  | {
      readonly kind: 'branch.push';
      readonly branch: string;
      readonly commit: CommitId;
      readonly expected: CommitId | null;
    }
  | {
      /** One commit through the forge's API, which signs it; the branch is made when `expected` is null. */
      readonly kind: 'commit.publish';
      readonly branch: string;
      /** Where the branch stands; null: it must not exist. */
      readonly expected: CommitId | null;
      readonly parent: CommitId;
      /** A merge's other side; absent: an ordinary commit. */
      readonly merged?: CommitId;
      /** A tree that the forge has, and the one that the gates judged: from `files` it must come to the same id. */
      readonly parentTree: TreeId;
      readonly tree: TreeId;
      /** From our template, which holds only inert text. */
      readonly message: string;
      readonly files: readonly FileChange[];
    }
  | {
      readonly kind: 'pull.open';
      readonly head: string;
      readonly base: string;
      readonly title: PublishableText;
      readonly body: PublishableText;
      readonly draft: boolean;
    }
  | { readonly kind: 'pull.update'; readonly number: number; readonly body: PublishableText }
  /** Names of labels, people and teams come from the repository's configuration and from who asked. */
  | { readonly kind: 'pull.label'; readonly number: number; readonly labels: readonly string[] }
  | { readonly kind: 'pull.assign'; readonly number: number; readonly logins: readonly string[] }
  | {
      readonly kind: 'pull.ask-review';
      readonly number: number;
      readonly users: readonly string[];
      readonly teams: readonly string[];
    }
  | { readonly kind: 'pull.ready'; readonly number: number; readonly nodeId: string }
  /** In the thread that this comment on a line begins. */
  | {
      readonly kind: 'review.reply';
      readonly pull: number;
      readonly comment: number;
      readonly body: PublishableText;
    }
  /** The GraphQL id of a thread, as the forge gave it for a comment of that pull request. */
  | { readonly kind: 'thread.resolve'; readonly pull: number; readonly thread: string }
  | {
      /** A review that comments. That it could approve or ask for changes has no field: no value says so. */
      readonly kind: 'review.create';
      readonly number: number;
      /** The commit that was looked at. */
      readonly commit: CommitId;
      readonly body: PublishableText;
      readonly lines: readonly ReviewLine[];
    }
  | {
      /** Moves the run's journal ref in its own repository; which ref follows from the run. */
      readonly kind: 'journal.push';
      readonly commit: CommitId;
      readonly expected: CommitId | null;
    }
  | {
      readonly kind: 'check.publish';
      readonly name: string;
      readonly headSha: CommitId;
      /** Null: it is going on. */
      readonly conclusion: CheckConclusion | null;
      readonly title: PublishableText;
      readonly summary: PublishableText;
      readonly annotations: readonly CheckAnnotation[];
      /** At most 3. */
      readonly actions: readonly CheckAction[];
    }
  | {
      /** Findings for code scanning; a later log for the same commit replaces it. */
      readonly kind: 'sarif.upload';
      readonly commit: CommitId;
      readonly pull: number;
      readonly log: SarifLog;
    };

export type EffectKind = Effect['kind'];

/** What is kept of a text that was shown, instead of the text. */
export interface TextProof {
  /** SHA-256 of title and body as they were sent. */
  readonly sha256: string;
  readonly chars: number;
  /** What still acts in it (an image, a foreign link, raw HTML, a command); empty when the filter did its work. */
  readonly live: readonly string[];
}

/** What is worth keeping of GitHub's answer. `adopted`: it was already there (after a crash, or made by us before). */
export interface EffectResult {
  readonly outcome: 'sent' | 'adopted' | 'rejected';
  readonly number?: number;
  readonly id?: number;
  readonly nodeId?: string;
  readonly url?: string;
  readonly sha?: string;
  /** For `commit.publish`: the tree of the commit. */
  readonly tree?: string;
  /** For `rejected`: what GitHub said, shortened. */
  readonly message?: string;
  /** For `pull.open`: whether the pull request is a draft now. */
  readonly draft?: boolean;
  /** For what moves a ref: where it stood, as the compare-and-swap said; null: it did not exist. */
  readonly from?: string | null;
  /** For what shows text: that it passed the output filter, by a check that is not the filter's own. */
  readonly text?: TextProof;
}

/** The only way to write to GitHub. */
export interface EffectPort {
  /**
   * Performs the effect at most once for `key` (stable across crashes, unique within the run): intent committed,
   * sent, result committed. After a crash it asks GitHub first and adopts what is there.
   * A rejection by GitHub (4xx that will not change) is a result; an outage throws `github-unavailable`.
   * Effects that render state (`tracking.update`, `pull.update`) are idempotent and may repeat with one key.
   */
  perform(run: Run, lease: Lease, key: string, effect: Effect): Promise<EffectResult>;
  /**
   * For a run that is about to end: every intent without a result is read back, and what became of it is recorded.
   * `effectOf` rebuilds an effect from its key; what it cannot rebuild counts as not known, what is not there as not sent. The
   * tracking comment is left to the last word that follows. Throws what `perform` throws.
   */
  settle(run: Run, lease: Lease, effectOf: (key: string) => Effect | undefined): Promise<void>;
}

/** The ledger's record of one effect. */
export interface EffectRecord {
  readonly key: string;
  readonly kind: EffectKind;
  /** `abandoned`: the run was ended without its worker (crashed three times, overdue), so nobody asked what became of it. */
  readonly state: 'intended' | 'done' | 'abandoned';
  readonly result: EffectResult | null;
  readonly epoch: number;
}

export interface EffectLedger {
  /**
   * Commits the intent, fenced by the lease. `new`: send it. `unknown`: an earlier owner may have sent it, read
   * back first. `done`: its result. An idempotent key is `new` again after it is done.
   */
  intend(
    lease: Lease,
    key: string,
    kind: EffectKind,
    options: { readonly idempotent: boolean },
  ): Promise<
    | { readonly state: 'new' }
    | { readonly state: 'unknown' }
    | { readonly state: 'done'; readonly result: EffectResult }
  >;
  /** Commits the result and the journal event `effect.sent` in one transaction, fenced by the lease. */
  resolve(lease: Lease, key: string, kind: EffectKind, result: EffectResult): Promise<void>;
  list(runId: Run['id']): Promise<readonly EffectRecord[]>;
}

/** Which pull requests this bot opened, by its own record. */
export interface OpenedPulls {
  opened(repositoryId: number, pull: number): Promise<boolean>;
}

/** What runs of ours wrote before, over all of them. */
export interface PublishedCommits {
  /** Which of the commits runs of ours put on a branch of the repository, by their results, and which run each. */
  published(
    repositoryId: number,
    commits: readonly CommitId[],
  ): Promise<readonly { readonly sha: CommitId; readonly run: RunId }[]>;
}

/** Answers to people that belong to no run (refusals, help): once per key, over all processes. */
export interface ReplyLedger {
  /** Commits the intent and claims the key. `busy`: another worker that lives is at it, ask again. `done`: answered. */
  intend(key: string): Promise<ReplyClaim | 'busy' | 'done'>;
  /** It was sent, or nothing will ever be sent. */
  resolve(claim: ReplyClaim): Promise<void>;
  /** What became of it is not known, and whoever asks next shall find out. Does nothing to a claim that was taken over. */
  release(claim: ReplyClaim): Promise<void>;
}

export interface ReplyClaim {
  readonly key: string;
  /** Nobody has tried to send it before; otherwise an earlier attempt may have, so read back first. */
  readonly isNew: boolean;
  /** Tells this claim of the key from every other one. */
  readonly token: string;
}

/** Immediate answers at trigger time, before or without a run. */
export interface ReplyPort {
  /** Adds the reaction. GitHub keeps one per user and content, so repeating is harmless. */
  react(at: RepositoryAddress, on: ReactionPlace, id: number, content: 'eyes'): Promise<void>;
  /** Comments once for `key` (for a refusal: person, thread and day). False when it was answered before. */
  reply(at: RepositoryAddress, issue: number, key: string, body: PublishableText): Promise<boolean>;
}

/** Pushes a commit from a clean bare clone by compare-and-swap. */
export interface BranchPusher {
  /** `expected` null: the branch must not exist. Throws `git-moved` when it is elsewhere. */
  push(request: {
    readonly run: Run;
    readonly repository: RepositoryRef;
    readonly branch: string;
    readonly commit: CommitId;
    readonly expected: CommitId | null;
  }): Promise<void>;
  /** Where the branch stands on the forge; null when it does not exist. */
  remoteTip(run: Run, branch: string): Promise<CommitId | null>;
}
