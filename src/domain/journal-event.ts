import type { ContextPurpose } from './agent-phase.ts';
import type { BranchEvent } from './branch-event.ts';
import type { BudgetWait } from './budget-wait.ts';
import type { ChecksJudged, ChecksWait, PublicationReopened } from './checks.ts';
import type { CommandRun } from './command-run.ts';
import type { Decision } from './decision.ts';
import type { LayerUse } from './dependency-cache.ts';
import type { EffectKind, EffectResult } from './effect.ts';
import type { EvidenceEnvelope } from './evidence.ts';
import type { Verdict } from './gate.ts';
import type { BlobHash, TreeId } from './ids.ts';
import type { ModelMessage, ModelReply, Usage } from './model.ts';
import type { Role } from './repository.ts';
import type { ReviewFinding, SettledReview } from './review.ts';
import type { CommentAnswer, SettledComment } from './round.ts';
import type { DroppedText, ParkCause, RunEnd, RunState } from './run.ts';
import type { RunMessageKind } from './run-inbox.ts';
import type { SandboxEngine } from './sandbox.ts';
import type { StopReason } from './stop-reason.ts';
import type { DetectedCommands, TestRun } from './toolchain.ts';

/** The steps of a run, as the graph names them and people see them. */
export type StepName =
  | 'snapshot'
  | 'recon'
  | 'plan'
  | 'merge'
  | 'implement'
  | 'verify'
  | 'review'
  | 'publish'
  | 'undo'
  | 'finish';

export interface PlanStep {
  readonly id: string;
  readonly title: string;
  readonly acceptance: string;
  readonly status: 'open' | 'doing' | 'done' | 'dropped';
}

/** Who said something to a run, and with which right. */
export interface MessageAuthor {
  readonly id: number;
  readonly login: string;
  readonly role: Role;
  readonly commentId: number | null;
}

/** What a run needs a person for. The id follows from it, so that the same wait is never begun twice. */
export type Wait =
  | {
      readonly id: string;
      readonly kind: 'protected';
      /** What an approval is bound to. */
      readonly hash: string;
      readonly treeId: TreeId;
      readonly paths: readonly { readonly path: string; readonly why: string }[];
      /** Unified diff, the protected files first; not whole when `truncated`. */
      readonly patch: string;
      readonly truncated: boolean;
    }
  | {
      readonly id: string;
      readonly kind: 'plan';
      readonly hash: string;
      readonly baseSha: string;
      readonly reasons: readonly string[];
    }
  | {
      /** Pushed and shown as a draft; nothing is against it but what gates hold. */
      readonly id: string;
      readonly kind: 'held';
      readonly hash: string;
      readonly pull: number;
    }
  | BudgetWait
  | { readonly id: string; readonly kind: 'answer'; readonly callId: string; readonly question: string }
  | { readonly id: string; readonly kind: 'pause' }
  | ChecksWait;

/** Who does the implementing: a model of the chain, or the embedded repair engine; `merge`: git alone brought two sides together. */
export type SolverName = 'model' | 'repair' | 'merge';

/** Grows when code of before could not go on with what is written now. */
export const journalFormat = 2;

/** Which code wrote; the format decides whether other code may go on. */
export interface CodeVersion {
  /** Version of the package. */
  readonly version: string;
  readonly format: number;
}

export type JournalEvent =
  | {
      readonly kind: 'run.created';
      readonly trigger: string;
      readonly inputSha256: string;
      readonly dropped: readonly DroppedText[];
    }
  | {
      readonly kind: 'run.claimed';
      readonly worker: string;
      readonly epoch: number;
      /** The code that goes on with the run; absent in journals of before it was recorded. */
      readonly code?: CodeVersion;
    }
  | { readonly kind: 'step.started'; readonly step: StepName; readonly round: number }
  | {
      readonly kind: 'step.finished';
      readonly step: StepName;
      readonly round: number;
      readonly summary: string;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'base.chosen';
      readonly base: string;
      /** The branch that is pushed, and its tip on the forge at the start; null when it did not exist. */
      readonly head: string;
      readonly headTip: string | null;
      readonly baseSha: string;
      readonly startSha: string;
      readonly startTree: TreeId;
      readonly files: number;
      readonly notes: readonly string[];
      /** Of a run that reviews: the commit that is looked at, and its tree; `startSha` is where it left the base branch. */
      readonly reviewed?: { readonly sha: string; readonly treeId: TreeId };
    }
  | {
      readonly kind: 'config.read';
      readonly found: boolean;
      readonly problems: readonly string[];
      readonly config: Readonly<Record<string, unknown>>;
    }
  | {
      /** The repository's words to agents that the model was given, from the base commit. */
      readonly kind: 'instructions.read';
      readonly files: readonly string[];
      readonly dropped: readonly DroppedText[];
      /** Files of the branch that differ from the base commit's and were therefore not followed. */
      readonly notFollowed: readonly string[];
    }
  | { readonly kind: 'commands.detected'; readonly commands: DetectedCommands }
  /** Where this run's commands ran; again when another worker has another engine. */
  | { readonly kind: 'sandbox.chosen'; readonly engine: SandboxEngine; readonly version: string }
  | {
      readonly kind: 'setup.finished';
      readonly tree: 'base' | 'head';
      readonly treeId: TreeId;
      readonly runs: readonly CommandRun[];
      readonly deniedHosts: readonly string[];
      /** `host:port` that the set-up reached, and the operator's list at that time; absent where there was no network. */
      readonly reached?: readonly string[];
      readonly registries?: readonly string[];
      /** Absent where nothing was fetched, or the result was neither kept nor there. */
      readonly layer?: LayerUse;
    }
  | {
      readonly kind: 'baseline.finished';
      readonly treeId: TreeId;
      readonly tests: TestRun | null;
      readonly runs: readonly CommandRun[];
    }
  | {
      readonly kind: 'plan.made';
      readonly solver: SolverName;
      readonly summary: string;
      readonly steps: readonly PlanStep[];
      readonly risk: string;
      /** By rules, not by the model; absent in journals of before there were any. */
      readonly assessment?: {
        readonly score: number;
        readonly high: boolean;
        readonly reasons: readonly string[];
      };
    }
  | { readonly kind: 'plan.updated'; readonly steps: readonly PlanStep[] }
  | { readonly kind: 'decision.recorded'; readonly decision: Decision; readonly turn: number | null }
  | {
      readonly kind: 'turn.answered';
      readonly turn: number;
      readonly message: ModelMessage;
      readonly usage: Usage;
      readonly model: string;
      readonly costUsd: number | null;
      /** How the provider said the answer ended. */
      readonly stopReason?: ModelReply['stopReason'];
    }
  | {
      readonly kind: 'tool.returned';
      readonly turn: number;
      readonly callId: string;
      readonly tool: string;
      readonly ok: boolean;
      readonly output: string;
      readonly fullOutput: BlobHash | null;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'context.added';
      readonly turn: number;
      readonly message: ModelMessage;
      readonly purpose?: ContextPurpose;
    }
  | {
      readonly kind: 'model.failed';
      readonly turn: number;
      readonly model: string;
      readonly failure: string;
      readonly message: string;
    }
  /** Dependencies were installed in the work tree; `problem` says in words what failed. */
  | { readonly kind: 'workspace.prepared'; readonly problem: string | null }
  | {
      readonly kind: 'checkpoint.made';
      readonly turn: number;
      readonly treeId: TreeId;
      /** The tool call that changed the tree; the checkpoint counts once that call has returned. */
      readonly callId?: string;
    }
  | {
      readonly kind: 'solver.finished';
      readonly round: number;
      readonly solver: SolverName;
      readonly stopReason: StopReason;
      readonly summary: string;
      readonly notDone: string;
      readonly treeId: TreeId;
      readonly details: Readonly<Record<string, unknown>>;
    }
  | {
      /** Suggestions of a review, by the names of their comments, written into the work tree before any turn. */
      readonly kind: 'suggestions.applied';
      readonly treeId: TreeId;
      readonly applied: readonly string[];
      /** Those that were left to the agent, and why. */
      readonly refused: readonly { readonly name: string; readonly why: string }[];
    }
  | { readonly kind: 'comment.answered'; readonly turn: number; readonly answer: CommentAnswer }
  | {
      /** The ledger of a round, judged by what was pushed; `commit` null: nothing was. */
      readonly kind: 'round.settled';
      readonly commit: string | null;
      readonly comments: readonly SettledComment[];
    }
  | { readonly kind: 'gate.judged'; readonly round: number; readonly verdict: Verdict }
  | {
      readonly kind: 'effect.sent';
      readonly effect: EffectKind;
      readonly key: string;
      readonly result: EffectResult;
    }
  | {
      /** What the repository asks of pull requests, read from the base commit. */
      readonly kind: 'pull.conventions';
      /** Text of the pull request template; null where there is none. */
      readonly template: string | null;
      /** Owners of the changed files. */
      readonly users: readonly string[];
      readonly teams: readonly string[];
    }
  | { readonly kind: 'evidence.signed'; readonly keyId: string; readonly envelope: EvidenceEnvelope }
  | {
      readonly kind: 'commit.made';
      readonly commit: string;
      /** Absent in journals of before it was recorded. */
      readonly parent?: string;
      readonly treeId: TreeId;
      readonly files: readonly ChangedFile[];
    }
  | BranchEvent
  | ChecksJudged
  | PublicationReopened
  | { readonly kind: 'wait.begun'; readonly wait: Wait; readonly by?: MessageAuthor }
  | {
      readonly kind: 'wait.ended';
      readonly waitId: string;
      /** `void`: what was waited for has changed, so that no answer fits it any more. */
      readonly outcome: 'approved' | 'answered' | 'resumed' | 'void';
      /** Null: nobody; `text` says why. */
      readonly by: MessageAuthor | null;
      readonly text: string;
    }
  | {
      /** A message that the run took and that ends no wait; `outcome` says in words what became of it. */
      readonly kind: 'message.taken';
      readonly message: RunMessageKind;
      readonly by: MessageAuthor;
      readonly text: string;
      readonly outcome: string;
    }
  | {
      /** From now on the run may spend this much in all; who said so, and with which right. */
      readonly kind: 'budget.set';
      readonly limitUsd: number;
      readonly by: MessageAuthor;
    }
  | {
      readonly kind: 'run.parked';
      readonly reason: string;
      readonly cause?: ParkCause;
      /** When it goes on by itself, ISO 8601; absent: at once. */
      readonly until?: string;
      /** The wait that it is parked for; absent: it waits for no person. */
      readonly waitId?: string;
    }
  | {
      readonly kind: 'run.retried';
      readonly attempt: number;
      readonly code: string;
      readonly message: string;
      readonly delayMs: number;
    }
  | { readonly kind: 'run.ended'; readonly state: RunState; readonly end: RunEnd }
  | {
      /** What a model without the conversation made of claims that the evidence contradicts. */
      readonly kind: 'claims.investigated';
      readonly round: number;
      readonly claims: readonly string[];
      readonly answer: string;
      readonly model: string;
      readonly usage: Usage;
      readonly costUsd: number | null;
    }
  | { readonly kind: 'finding.proposed'; readonly turn: number; readonly finding: ReviewFinding }
  | ({ readonly kind: 'review.settled' } & SettledReview)
  | { readonly kind: 'note'; readonly level: 'info' | 'warn'; readonly text: string };

/** A file of the change, counted on the tree that is published. */
export interface ChangedFile {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed' | 'type-changed';
  readonly additions: number;
  readonly deletions: number;
  readonly binary: boolean;
}
