import type { Decision } from '../domain/decision.ts';
import type { LayerUse } from '../domain/dependency-cache.ts';
import type { EffectKind, EffectResult } from '../domain/effect.ts';
import type { Verdict } from '../domain/gate.ts';
import type { RunId, TreeId } from '../domain/ids.ts';
import type { ChangedFile, PlanStep, SolverName, StepName } from '../domain/journal-event.ts';
import type { SettledReview } from '../domain/review.ts';
import type { DroppedText, ParkCause, Run, RunEnd } from '../domain/run.ts';
import type { SandboxEngine } from '../domain/sandbox.ts';
import type { StopReason } from '../domain/stop-reason.ts';
import type { DetectedCommands, TestRun } from '../domain/toolchain.ts';
import type { ChecksRecord } from './project-checks.ts';
import type { PeopleRecord } from './project-people.ts';
import type { RoundRecord } from './project-round.ts';

/** What became of one step, with its last round. */
export interface StepRecord {
  readonly step: StepName;
  readonly state: 'running' | 'done';
  readonly round: number;
  readonly summary: string;
  /** Sum over its rounds. */
  readonly durationMs: number;
}

/** Tokens and money of one model; `costUsd` null where its price is unknown. */
export interface ModelSpend {
  readonly model: string;
  readonly turns: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number | null;
}

/** How the last implementing round ended. */
export interface SolverRecord {
  readonly solver: SolverName;
  readonly round: number;
  readonly stopReason: StopReason;
  readonly summary: string;
  readonly notDone: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A pull request as the effects left it. */
export interface PullRecord {
  readonly number: number;
  readonly url: string;
  readonly draft: boolean;
}

/** What a review says, beside its verdicts. */
export interface ReviewRecord extends SettledReview {
  /** The commit that was looked at, and where it left its base. */
  readonly sha: string;
  readonly startSha: string;
}

/** The base branch as it was brought into the branch of a pull request. */
export interface MergeRecord {
  readonly parted: string;
  readonly conflicts: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  readonly upToDate: boolean;
}

/** Everything people are told about a run, read from its journal and from nothing else. */
export interface RunRecord extends PeopleRecord {
  readonly run: Run;
  readonly steps: readonly StepRecord[];
  readonly planSummary: string;
  readonly risk: string;
  readonly solverName: SolverName | null;
  readonly plan: readonly PlanStep[];
  readonly decisions: readonly Decision[];
  readonly base: { readonly branch: string; readonly sha: string; readonly head: string } | null;
  /** What the gates compared with; earlier than the start of the work where that goes on from commits of ours. */
  readonly ground: { readonly sha: string; readonly isEarlier: boolean } | null;
  /** Null for a run that merges nothing. */
  readonly merge: MergeRecord | null;
  /** What a fresh look at contradicted claims said; null: there was none. */
  readonly claimsInvestigation: string | null;
  readonly commands: DetectedCommands | null;
  readonly baseline: TestRun | null;
  /** Where commands ran: mostly one, more when workers have different engines. */
  readonly engines: readonly { readonly engine: SandboxEngine; readonly version: string }[];
  readonly deniedHosts: readonly string[];
  /** Kept dependencies that the base tree's set-up used or made; null: neither. */
  readonly layer: LayerUse | null;
  /** Of the newest round; of one gate the last verdict. */
  readonly verdicts: readonly Verdict[];
  readonly rounds: number;
  readonly solver: SolverRecord | null;
  readonly files: readonly ChangedFile[];
  readonly commit: string | null;
  /** Null: the run reviews nothing, or is not so far. */
  readonly review: ReviewRecord | null;
  /** Work trees that outlive the run, newest first. */
  readonly checkpoints: readonly TreeId[];
  /** What was taken back, newest first; null for a run that does work. */
  readonly undo: { readonly commits: readonly { readonly sha: string; readonly run: RunId }[] } | null;
  /** Of the key that signed the evidence; null where it is not signed (yet). */
  readonly evidenceKey: string | null;
  /** The repository's pull request template; null where there is none. */
  readonly template: string | null;
  readonly titleStyle: 'plain' | 'conventional';
  /** Others' checks at the published commit; null where nobody checks, or they were not judged yet. */
  readonly checks: ChecksRecord | null;
  readonly pull: PullRecord | null;
  readonly effects: readonly {
    readonly effect: EffectKind;
    readonly key: string;
    readonly result: EffectResult;
  }[];
  readonly spend: readonly ModelSpend[];
  readonly turns: number;
  readonly modelFailures: readonly {
    readonly model: string;
    readonly failure: string;
    readonly count: number;
  }[];
  /** Files with instructions for agents that the model was given. */
  readonly instructionFiles: readonly string[];
  readonly dropped: readonly DroppedText[];
  readonly notes: readonly string[];
  /** The review that is answered; null where none is. */
  readonly round: RoundRecord | null;
  readonly parkedReason: string | null;
  /** With `parkedReason`: what it waits for, and when it goes on by itself. */
  readonly parked: { readonly cause: ParkCause; readonly until: string } | null;
  readonly end: RunEnd | null;
  readonly startedAt: Date | null;
  /** From the first event to the last; 0 before there are two. */
  readonly durationMs: number;
}
