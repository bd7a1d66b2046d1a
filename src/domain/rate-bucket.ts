import type { Lease } from './run.ts';

/** `first` overtakes all that wait (a person waits for 👀), `last` lets all others pass (edits that show progress). */
export type WritePriority = 'first' | 'normal' | 'last';

/** What one write to GitHub asks of the bucket. */
export interface WriteTurn {
  readonly installationId: number;
  readonly priority: WritePriority;
  /** Whether people get something new to read; such writes also count against the ceilings per minute and hour. */
  readonly creates: boolean;
  /** Checked in the same statement that grants the turn: an old epoch is refused just before it would send. */
  readonly lease?: Lease;
  /** Of a write without a lease, checked as the lease is. */
  readonly claim?: WriteClaim;
}

/** What a worker holds that writes for no run. */
export interface WriteClaim {
  readonly kind: 'reply' | 'control';
  /** Key of the answer, or number of the repository. */
  readonly key: string;
  /** Tells this claim from every other one of the same key. */
  readonly token: string;
}

/** What an answer of GitHub says about its limits. Durations, because GitHub's clock is not ours. */
export interface RateAnswer {
  /** GitHub refused because of a limit. */
  readonly limited: boolean;
  /** No request before this has passed; null where GitHub named no time. */
  readonly pauseMs: number | null;
  /** Set when at most a fifth of the primary limit is left: until it is full again. */
  readonly lowMs: number | null;
}

/** What every request to GitHub goes through. */
export interface RateGate {
  /**
   * Waits out a pause of the installation. Throws `github-rate-limited` with the time that is left when the pause
   * is longer than `waitMsMax` (default: the bucket's own; 0 throws at once).
   */
  ready(installationId: number, options?: { readonly waitMsMax?: number }): Promise<void>;
  /** Takes in an answer. Never throws. */
  report(installationId: number, answer: RateAnswer): Promise<void>;
}

/**
 * Limits of one installation, kept over all processes: writes one after another, an interval apart; ceilings for
 * what creates; pauses that GitHub asked for.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export interface RateBucket extends RateGate {
  /**
   * Waits for the turn, then sends; the next turn comes an interval after `send` has settled.
   * Throws `github-rate-limited` when the wait would be too long, `lease-lost` when the lease is over or the claim
   * was taken over, and the reason of the lease's signal.
   */
  write<Result>(turn: WriteTurn, send: () => Promise<Result>): Promise<Result>;
}
