import type { Clock } from '../domain/clock.ts';
import type { RunId } from '../domain/ids.ts';
import type { Logger } from '../domain/logger.ts';
import type { RunStore } from '../domain/run.ts';
import { startPeriodic } from './periodic.ts';

/** A part of this machine's disk that belongs to runs. */
export interface RunPlace {
  kept(): Promise<readonly RunId[]>;
  discard(runId: RunId): Promise<void>;
}

export interface TidyingOptions {
  readonly places: readonly RunPlace[];
  readonly runs: Pick<RunStore, 'get'>;
  readonly log: Logger;
}

/**
 * Removes what this machine still keeps of runs that are over. A run takes its directories away itself, but only where it
 * ends: those of a worker that died stay on its machine, and a worker that was stopped over the end of its run
 * makes them once more when it wakes up. Runs that the database does not know are left alone.
 */
export async function tidy({ places, runs, log }: TidyingOptions, signal?: AbortSignal): Promise<void> {
  for (const place of places) {
    for (const runId of await place.kept()) {
      if (signal?.aborted) return;
      if (!(await runs.get(runId))?.endedAt) continue;
      await place.discard(runId);
      log.info('run.tidied', { runId });
    }
  }
}

/** Now, every ten minutes, and once more when it is closed, by which time the worker has let go of its runs. */
export function startTidying(options: TidyingOptions & { readonly clock: Clock }): {
  close(): Promise<void>;
} {
  const { clock, log } = options;
  const work = async (signal: AbortSignal): Promise<void> => await tidy(options, signal);
  const periodic = startPeriodic({ name: 'tidying', everyMs: 600_000, work, clock, log });
  return {
    async close(): Promise<void> {
      await periodic.close();
      await tidy(options).catch((error: unknown) => log.error('tidying.failed', { cause: String(error) }));
    },
  };
}
