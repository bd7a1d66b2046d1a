import type { TokenSource } from '../domain/forge.ts';
import type { Logger } from '../domain/logger.ts';
import type { RateBucket } from '../domain/rate-bucket.ts';
import type { Run } from '../domain/run.ts';

/** Takes the tokens of runs back, in the order of the other writes and behind them. */
export interface Revocations {
  /** Returns at once: a worker need not wait for its turn. */
  of(run: Pick<Run, 'id' | 'installationId'>): void;
  /** Resolves when none is under way. */
  close(): Promise<void>;
}

/**
 * A run's tokens end with the run, or with this worker's part of it: what stole one has minutes, not an hour. Whatever
 * cannot be revoked (GitHub is away, the process drains or is killed) ends by itself an hour after it was minted.
 */
export function createRevocations(options: {
  readonly tokens: TokenSource | null;
  readonly rates: RateBucket;
  readonly log: Logger;
}): Revocations {
  const { tokens, rates, log } = options;
  const underWay = new Set<Promise<void>>();
  return {
    of({ id, installationId }) {
      for (const revoke of tokens?.release(id) ?? []) {
        const turn = { installationId, priority: 'last', creates: false } as const;
        const work = rates
          .write(turn, revoke)
          .catch((error: unknown) => log.warn('token.not-revoked', { runId: id, cause: String(error) }))
          .finally(() => underWay.delete(work));
        underWay.add(work);
      }
    },
    async close() {
      await Promise.all(underWay);
    },
  };
}
