import type { EffectRecord } from './effect.ts';
import type { RunId } from './ids.ts';
import type { JournalEntry } from './journal.ts';
import type { Run } from './run.ts';
import type { Spend } from './spend.ts';

/** Everything that the database holds about one run, as the auditor reads it. */
export interface AuditedRun {
  readonly run: Run;
  /** Columns of the row that repeat what the run was created with. */
  readonly columns: {
    readonly installationId: number;
    readonly repositoryId: number;
    readonly targetNumber: number;
    readonly triggerKey: string;
  };
  readonly entries: readonly JournalEntry[];
  /** The first entry at which number, hash or head is wrong; null when the chain holds. */
  readonly brokenAt: number | null;
  readonly effects: readonly EffectRecord[];
  readonly spend: {
    readonly total: Spend;
    /** Sum of the single reservations and charges; equal to the total. */
    readonly rows: Spend;
    readonly largest: Spend;
  };
  /** Since the run was created, at the database's time. */
  readonly ageMs: number;
  /** Since it ended; null while it is open. */
  readonly endedMs: number | null;
  /** How it ended was told from outside, because the run itself could not. */
  readonly told: boolean;
  /** Installation that the delivery belongs to which started it; null when unknown. */
  readonly deliveryInstallationId: number | null;
}

/** The same thing found more than once, where it must be unique. */
export interface Duplicate {
  readonly what: string;
  readonly count: number;
}

/** Reads for the auditor; nothing here writes. */
export interface AuditReads {
  /** Ids of the runs created after `since`, oldest first; null: all. */
  runIds(since: Date | null): Promise<readonly RunId[]>;
  run(id: RunId): Promise<AuditedRun | undefined>;
  /** Triggers and deliveries that started more than one run. */
  repeatedTriggers(): Promise<readonly Duplicate[]>;
  /** Issues and pull requests with more than one open run. */
  crowdedTargets(): Promise<readonly Duplicate[]>;
  /** Writes to GitHub that were let go too early, in the last week: after another one, or during a pause. */
  hastyWrites(): Promise<readonly string[]>;
  /** Settings of the database under which a commit may be lost, in words. */
  volatileSettings(): Promise<readonly string[]>;
  /** Those of the GUIDs for which no delivery is stored. */
  missingDeliveries(guids: readonly string[]): Promise<readonly string[]>;
}
