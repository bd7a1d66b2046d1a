import { isAppError } from '../domain/app-error.ts';
import type { KnownRepositories, KnownRepository } from '../domain/known-repository.ts';
import { type SweepMemory, sweepRepository } from '../triggers/sweep.ts';
import type { SweepPorts } from '../triggers/sweep-ports.ts';
import { type Periodic, startPeriodic } from './periodic.ts';

const pageSize = 200;

export interface SweepingOptions extends Omit<SweepPorts, 'minAgeMs'> {
  readonly repositories: KnownRepositories;
  readonly everyMs: number;
  /** Default five minutes. */
  readonly minAgeMs?: number;
  /** Pause between repositories, default 500. */
  readonly gapMs?: number;
}

/** Looks through all known repositories for labels and commands that no delivery announced, now and then. */
export function startSweeping(options: SweepingOptions): Periodic {
  const memory: SweepMemory = new Map();
  const { clock, log, everyMs } = options;
  return startPeriodic({
    name: 'sweep',
    everyMs,
    clock,
    log,
    work: (signal) => sweepAll(options, memory, signal),
  });
}

async function sweepAll(options: SweepingOptions, memory: SweepMemory, signal: AbortSignal): Promise<void> {
  const { repositories, clock, log, gapMs = 500 } = options;
  let swept = 0;
  let found = 0;
  let after = 0;
  for (;;) {
    const page = await repositories.list(after, pageSize);
    for (const repository of page) {
      if (signal.aborted) return;
      found += await sweepOne(options, repository, memory);
      swept += 1;
      await clock.sleep(gapMs, signal);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) break;
    after = last.id;
  }
  log.info('sweep.completed', { repositories: swept, found });
}

/** One repository that cannot be read (taken from the App, archived, an outage) does not keep the others waiting. */
async function sweepOne(
  options: SweepingOptions,
  repository: KnownRepository,
  memory: SweepMemory,
): Promise<number> {
  try {
    return await sweepRepository(
      { ...options, minAgeMs: options.minAgeMs ?? 5 * 60_000 },
      repository,
      memory,
    );
  } catch (error) {
    const code = isAppError(error) ? error.code : 'internal';
    options.log.warn('sweep.repository-failed', { repositoryId: repository.id, code, cause: String(error) });
    return 0;
  }
}
