import type { AuditedRun, AuditReads } from '../../domain/audit.ts';

/** What the checks measure against. */
export interface AuditLimits {
  readonly budgetUsd: number;
  /** Most that a person may give one run; absent: no more than that. */
  readonly raisedUsd?: number;
  readonly tokensMax: number;
  /** An accepted trigger must have ended after this. */
  readonly deadlineMs: number;
  /** Credentials of this installation, which must stand nowhere. */
  readonly secrets?: readonly { readonly name: string; readonly value: string }[];
}

/** One delivery that GitHub tried to make. */
export interface AttemptedDelivery {
  readonly guid: string;
  readonly at: Date;
  /** GitHub heard a success. */
  readonly acknowledged: boolean;
}

/** What the auditor may read; nothing here writes. */
export interface AuditScope {
  readonly reads: AuditReads;
  readonly limits: AuditLimits;
  /** GitHub's own list of the last three days; null when no App is configured. */
  readonly attempted: (() => Promise<readonly AttemptedDelivery[]>) | null;
}

interface InvariantName {
  readonly id: `I${number}`;
  readonly title: string;
  /** What of it data cannot show, and where that is shown; absent: it can show all of it. */
  readonly partly?: string;
}

/** An invariant of the design. A violation is one sentence with what a person needs to find it. */
export type Invariant =
  /** Judged on each run by itself. */
  | (InvariantName & {
      readonly kind: 'run';
      check(audited: AuditedRun, limits: AuditLimits): readonly string[];
    })
  /** Judged on the database as a whole; null: it cannot be checked here now, `needs` says why. */
  | (InvariantName & {
      readonly kind: 'whole';
      readonly needs: string;
      check(scope: AuditScope): Promise<readonly string[] | null>;
    });
