import type { CheckResult } from '../../domain/checks.ts';

/** What is known of others' checks at one moment. */
export interface Reading {
  /** At the published commit, oldest first within a series; without our own. */
  readonly head: readonly CheckResult[];
  /** Names that the base branch demands; without our own. */
  readonly required: readonly string[];
  /** At the commits that the work started from. */
  readonly before: readonly CommitResults[];
  /** Workflows have run for pull requests of this repository before. */
  readonly runsOnPulls: boolean;
}

export interface CommitResults {
  readonly sha: string;
  readonly results: readonly CheckResult[];
}
