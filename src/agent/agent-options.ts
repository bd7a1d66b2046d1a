import type { AgentPhase } from '../domain/agent-phase.ts';
import type { Clock } from '../domain/clock.ts';
import type { BlobStore, Journal } from '../domain/journal.ts';
import type { PlanStep } from '../domain/journal-event.ts';
import type { Logger } from '../domain/logger.ts';
import type { ModelChain } from '../domain/model.ts';
import type { ReviewFinding } from '../domain/review.ts';
import type { Lease, Run } from '../domain/run.ts';
import type { RunMessage } from '../domain/run-inbox.ts';
import type { SandboxRun } from '../domain/sandbox.ts';
import type { BudgetBreach, SpendCap, SpendLedger } from '../domain/spend.ts';
import type { StopReason } from '../domain/stop-reason.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { AgentTask } from './agent-task.ts';

export interface AgentLimits {
  /** Turns over all phases and rounds of a run. */
  readonly turnsMax: number;
  /** Working time over all phases and rounds of a run; time in which nobody worked on it does not count. */
  readonly wallClockMs: number;
  /** Asked before every turn: a person may change it while the run is under way. */
  readonly budget: () => Pick<SpendCap, 'usd' | 'days'>;
  /** Applies instead of the budget where a model's price is not known. */
  readonly tokensMax: number;
  readonly commandTimeoutMs: number;
  /** Conversation size, estimated, at which older tool outputs are shortened. Default 180,000. */
  readonly contextTokensMax?: number;
}

/** The people around a run, as far as its agent meets them. Both may throw `person-awaited`: the run is then parked. */
export interface AgentPeople {
  /** What was said and not taken in yet. */
  words(): Promise<readonly RunMessage[]>;
  /** The answer to the question of this call. */
  ask(callId: string, question: string): Promise<string>;
}

export interface AgentOptions {
  readonly run: Run;
  readonly lease: Lease;
  readonly phase: AgentPhase;
  /** From 1; grows each time failed gates send the work back. */
  readonly round: number;
  readonly task: AgentTask;
  readonly chain: ModelChain;
  readonly sandbox: SandboxRun;
  /** Null: nothing can be changed, and no tool that could is there. */
  readonly workspace: Pick<Workspace, 'checkpoint' | 'restore'> | null;
  readonly journal: Journal;
  readonly blobs: BlobStore;
  readonly spend: SpendLedger;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: AgentLimits;
  /** Absent: nobody is there. */
  readonly people?: AgentPeople | undefined;
  /** Of a review: why a finding will not be shown, in words for the model; null when it stands on the change. */
  readonly judgeFinding?: ((finding: ReviewFinding) => string | null) | undefined;
}

export interface AgentOutcome {
  readonly stopReason: StopReason;
  readonly summary: string;
  /** In the model's words, or what stopped it; empty when it says all is done. */
  readonly notDone: string;
  /** Turns of the run so far. */
  readonly turns: number;
  readonly plan: readonly PlanStep[];
  /** With `budget`: which one, and what the next turn would have needed. */
  readonly breach?: BudgetBreach | undefined;
}
