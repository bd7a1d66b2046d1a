import type { CommitId, DeliveryGuid, RunId, TreeId } from './ids.ts';
import type { Actor, RepositoryRef, Role } from './repository.ts';
import type { FrozenRound } from './round.ts';

/** The issue or pull request that a run belongs to. */
export interface RunTarget {
  readonly kind: 'issue' | 'pull-request';
  readonly number: number;
  readonly htmlUrl: string;
}

/** What was removed from untrusted text before the model saw it, and why. Shown on the pull request. */
export interface DroppedText {
  readonly where: string;
  readonly what: string;
  readonly count: number;
  /** Absent: because a reader does not see it. */
  readonly why?: string;
}

/** What somebody who may write said on the thread before the run was asked for, sanitised. */
export interface FrozenRemark {
  readonly kind: 'comment' | 'review' | 'line-comment';
  readonly login: string;
  /** File of a line comment. */
  readonly path: string | null;
  /** ISO 8601. */
  readonly writtenAt: string;
  readonly text: string;
}

/** The input of a run, frozen at trigger time from the stored payload. Nothing is read again later. */
export interface RunInput {
  readonly title: string;
  /** Sanitised to what GitHub renders. Empty string when the issue has no body. */
  readonly body: string;
  /** Free text of the command (`/agent fix <text>`), sanitised; null for a label. */
  readonly instruction: string | null;
  /** Oldest first, at most 20 of 4,000 code points; absent in runs that were made before they were read. */
  readonly remarks?: readonly FrozenRemark[];
  /** The review that is answered; absent where none is. */
  readonly round?: FrozenRound;
  readonly author: Actor;
  /** SHA-256 of title, body, instruction, remarks and review as the model sees them. */
  readonly sha256: string;
  readonly dropped: readonly DroppedText[];
}

/** Where the work starts and where it goes. */
export interface RunBranches {
  /** The branch the pull request targets. */
  readonly base: string;
  /**
   * The branch the bot pushes: `agent/<issue>-<slug>`, or the pull request's own head for `/agent fix`. For a review,
   * which pushes nothing, that head too.
   */
  readonly head: string;
  /** For `/agent fix` and `/agent review`: the pull request's head commit at trigger time. Null: start from the tip of `base`. */
  readonly headSha: CommitId | null;
}

/**
 * What a run was started by: a label, a command, a review that is answered (`round`), a base that moved (`update`), an
 * `undo`, or local mode.
 */
export const runTriggers = ['label', 'fix', 'plan', 'review', 'round', 'update', 'undo', 'local'] as const;

export type RunTrigger = (typeof runTriggers)[number];

export interface NewRun {
  readonly id: RunId;
  readonly installationId: number;
  readonly repository: RepositoryRef;
  readonly target: RunTarget;
  readonly branches: RunBranches;
  readonly input: RunInput;
  readonly requestedBy: Actor;
  readonly requestedByRole: Role;
  /** The listed App that asked; absent for a person. Asked again before publishing: it may be listed no more. */
  readonly requestedByApp?: number;
  /** How many runs in a row were started by Apps without a person in between, this one included; absent: none. */
  readonly appDepth?: number;
  readonly trigger: RunTrigger;
  /** The run that is done once more, with its input; absent: none. */
  readonly retryOf?: RunId;
  /** The checkpoint of an earlier run that the work goes on from; absent: it starts anew. */
  readonly from?: { readonly run: RunId; readonly tree: TreeId };
  /** Unique per logical trigger (`comment:<id>`, `label:<event id>`): the same one never starts two runs. */
  readonly triggerKey: string;
  readonly deliveryGuid: DeliveryGuid | null;
  /** Issue that carries the tracking comment; null when one must still be found or opened. */
  readonly trackingIssue: number | null;
  /** The comment to react to with 👀; null for a label (then the issue itself gets it). */
  readonly commentId: number | null;
}

/** `parked` waits for a person, a provider or a limit and holds no worker. The last four are terminal. */
export type RunState = 'queued' | 'running' | 'parked' | 'published' | 'refused' | 'failed' | 'cancelled';

export interface Run extends NewRun {
  readonly state: RunState;
  /** Grows by one at every claim; a write with an older one is refused by Postgres. */
  readonly epoch: number;
  readonly cancelReason: string | null;
  readonly crashes: number;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** What asked for work is done once more; the others are asked for again by their own words. */
export type Work = Run & { readonly trigger: 'label' | 'fix' | 'plan' | 'round' };

export function isWork(run: Run): run is Work {
  const { trigger } = run;
  return trigger === 'label' || trigger === 'fix' || trigger === 'plan' || trigger === 'round';
}

export type RunEnd =
  | { readonly state: 'published'; readonly summary: string }
  | { readonly state: 'refused'; readonly summary: string }
  | { readonly state: 'failed'; readonly summary: string }
  | { readonly state: 'cancelled'; readonly summary: string };

/** The right to write for a run. `signal` aborts when the lease is lost, the run is cancelled or the worker drains. */
export interface Lease {
  readonly runId: RunId;
  readonly epoch: number;
  readonly signal: AbortSignal;
}

export type CreateRunResult =
  | { readonly kind: 'created'; readonly run: Run }
  /** The same trigger key was used before: nothing new happens. */
  | { readonly kind: 'repeated'; readonly run: Run }
  /** Another run of this issue or pull request is not finished yet. */
  | { readonly kind: 'active'; readonly run: Run };

export interface RunStore {
  /** Inserts the run, its first journal event and its queue job in one transaction. */
  create(run: NewRun): Promise<CreateRunResult>;
  get(id: RunId): Promise<Run | undefined>;
  /** Newest first. */
  list(filter: {
    readonly state?: RunState;
    readonly repositoryId?: number;
    readonly limit: number;
  }): Promise<readonly Run[]>;
  findActive(repositoryId: number, target: RunTarget): Promise<Run | undefined>;
  /** Marks the run for cancellation; the lease's signal aborts within a second. False if it was already over. */
  requestCancel(id: RunId, reason: string): Promise<boolean>;
  /** Records the tracking issue, once known. Fenced by the lease. */
  setTrackingIssue(lease: Lease, issue: number): Promise<void>;
  /** Ends the run and its queue job in one transaction. Fenced by the lease. */
  finish(lease: Lease, end: RunEnd): Promise<void>;
  /** How many queued runs stand before this one; 0 = next. */
  queuePlace(id: RunId): Promise<number>;
}

/** What a parked run waits for. */
export type ParkCause = 'person' | 'checks' | 'provider' | 'rate-limit' | 'disk' | 'retry';

/** Why and how long a run is given back. */
export interface Release {
  readonly delayMs: number;
  /** In words for people where `cause` is set. */
  readonly reason: string;
  readonly cause?: ParkCause;
  /** What people are told about `delayMs`; Postgres's time decides. */
  readonly until?: Date;
  /** The newest message of the inbox that was seen: with a newer one the run does not wait. Absent: it is not asked. */
  readonly seenSeq?: number;
  /** The `wait.begun` of the journal that it is given back for; while it lasts the run does not grow older. */
  readonly waitId?: string;
  /** The delay holds although somebody stopped the run: it is over and only waits to say so. */
  readonly evenIfStopped?: boolean;
}

/** A run that this worker owns until it releases it. */
export interface ClaimedRun {
  readonly run: Run;
  readonly lease: Lease;
  /** Gives the run back to the queue without counting a crash (drain), after `delayMs`. */
  release(options: Release): Promise<void>;
}

/** Liveness-bound claims: a worker whose database session is gone loses its runs within a second. */
export interface RunQueue {
  /** The next run for this worker, or undefined when none waits. */
  claim(): Promise<ClaimedRun | undefined>;
  /** Resolves when a run was queued (by any process), or after `timeoutMs`. */
  waitForWork(timeoutMs: number, signal: AbortSignal): Promise<void>;
}
