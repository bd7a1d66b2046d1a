import { AppError, isAppError } from '../domain/app-error.ts';
import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { ClaimedRun, RunQueue } from '../domain/run.ts';

export interface Worker {
  /** Takes no further run and waits until those it has are ended or given back. */
  close(): Promise<void>;
}

const pollMs = 5_000;
/** Doubles with every time that the run was claimed. */
const firstRetryMs = 2_500;
const retryMsMax = 10 * 60_000;

/** Claims runs and executes them, at most `concurrency` at once. */
export function startWorker(options: {
  readonly queue: RunQueue;
  readonly execute: (claimed: ClaimedRun) => Promise<unknown>;
  readonly concurrency: number;
  /** Longest pause before a run is tried again that a worker failed over, default 10 minutes. */
  readonly retryMsMax?: number | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}): Worker {
  const closing = new AbortController();
  const active = new Set<Promise<void>>();
  const loop = claimUntil(closing.signal, active, options);
  return {
    async close(): Promise<void> {
      closing.abort(new AppError('lease-lost', 'the worker is closing'));
      await loop;
      await Promise.all(active);
    },
  };
}

type WorkerOptions = Parameters<typeof startWorker>[0];

async function claimUntil(
  signal: AbortSignal,
  active: Set<Promise<void>>,
  options: WorkerOptions,
): Promise<void> {
  while (!signal.aborted) {
    if (active.size >= options.concurrency) {
      await Promise.race([...active, aborted(signal)]);
      continue;
    }
    const claimed = await claim(options);
    if (claimed) track(active, execute(claimed, options));
    else await options.queue.waitForWork(pollMs, signal);
  }
}

/** A database that is away for a moment must not end the worker. */
async function claim({ queue, log }: WorkerOptions): Promise<ClaimedRun | undefined> {
  try {
    return await queue.claim();
  } catch (error) {
    log.error('claim.failed', { cause: String(error) });
    return undefined;
  }
}

async function execute(claimed: ClaimedRun, options: WorkerOptions): Promise<void> {
  try {
    await options.execute(claimed);
  } catch (error) {
    options.log.error('run.crashed', { runId: claimed.run.id, cause: String(error) });
    await giveBack(claimed, options);
  }
}

/**
 * Without this the run stays ours for as long as we live, and nobody works on it: the lease of a living worker does
 * not run out. Tried again for as long as it is ours, since the database may be what went away.
 */
async function giveBack(claimed: ClaimedRun, options: WorkerOptions): Promise<void> {
  const { log, clock } = options;
  const { run, lease } = claimed;
  const delayMs = Math.min(firstRetryMs * 2 ** Math.min(run.epoch, 10), options.retryMsMax ?? retryMsMax);
  while (!lease.signal.aborted || isAppError(lease.signal.reason, 'run-cancelled')) {
    try {
      await claimed.release({ delayMs, reason: 'the worker failed over it', evenIfStopped: true });
      return;
    } catch (error) {
      if (isAppError(error, 'lease-lost')) return;
      log.warn('run.not-given-back', { runId: run.id, cause: String(error) });
    }
    await clock.sleep(firstRetryMs);
  }
}

function track(active: Set<Promise<void>>, work: Promise<void>): void {
  const tracked = work.finally(() => active.delete(tracked));
  active.add(tracked);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
