import { describe, expect, it } from 'vitest';
import { startWorker } from '../../src/app/worker.ts';
import { AppError } from '../../src/domain/app-error.ts';
import type { ClaimedRun, Release, Run, RunQueue } from '../../src/domain/run.ts';
import { newRun } from '../support/new-run.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { createTestClock } from '../support/test-clock.ts';

const run: Run = {
  ...newRun(),
  state: 'running',
  epoch: 1,
  cancelReason: null,
  crashes: 0,
  createdAt: new Date(0),
  endedAt: null,
};

/** One run to claim; giving it back answers with what is next in the list, then works. */
function workerOf(options: { readonly failures: AppError[]; readonly lease?: AbortController }) {
  const given: Release[] = [];
  const clock = createTestClock();
  const log = new RecordingLog();
  const lease = options.lease ?? new AbortController();
  let claims = 0;
  let settle = (): void => undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const claimed: ClaimedRun = {
    run,
    lease: { runId: run.id, epoch: 1, signal: lease.signal },
    async release(release) {
      const failure = options.failures.shift();
      if (failure) throw failure;
      given.push(release);
      settle();
    },
  };
  const queue: RunQueue = {
    async claim() {
      claims += 1;
      return claims === 1 ? claimed : undefined;
    },
    waitForWork: (_timeoutMs, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
  };
  const execute = async (): Promise<never> => {
    throw new AppError('postgres-unavailable', 'the connection broke');
  };
  return { given, clock, log, settled, worker: startWorker({ queue, execute, concurrency: 1, clock, log }) };
}

describe('a worker whose execution of a run throws', () => {
  it('gives the run back, as it would else be its own for ever', async () => {
    const { given, settled, worker } = workerOf({ failures: [] });
    await settled;
    await worker.close();
    expect(given).toEqual([{ delayMs: 5_000, reason: 'the worker failed over it', evenIfStopped: true }]);
  });

  it('tries that again for as long as the database is away', async () => {
    const away = new AppError('postgres-unavailable', 'still away');
    const { given, clock, settled, worker } = workerOf({ failures: [away, away, away] });
    await settled;
    await worker.close();
    expect(given).toHaveLength(1);
    expect(clock.sleptMs).toEqual([2_500, 2_500, 2_500]);
  });

  it('lets go of what is another one’s by now', async () => {
    const lost = new AppError('lease-lost', 'a newer epoch exists');
    const { given, log, worker } = workerOf({ failures: [lost] });
    await worker.close();
    expect(given).toEqual([]);
    expect(log.lines.map(({ event }) => event)).toEqual(['run.crashed']);
  });
});
