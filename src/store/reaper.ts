import { crashPoint } from '../domain/crash-point.ts';
import type { Logger } from '../domain/logger.ts';
import type { Row, Statements } from './database.ts';
import { appendEvent } from './journal.ts';
import { toQueueKeys } from './run-row.ts';
import type { RunParts } from './runs.ts';

interface ReapOptions {
  readonly leaseMs: number;
  /** The crash that ends the run. */
  readonly crashesMax: number;
  readonly log: Logger;
}

/**
 * Gives the runs of dead workers back to the queue, under a new epoch and with the crash counted; one crash too many
 * ends the run. Every worker reaps; row locks let each run be reaped once. Returns how many runs it touched.
 */
export async function reapDeadRuns(parts: RunParts, options: ReapOptions): Promise<number> {
  const reaped = await parts.database.transaction(async (on) => {
    const rows = await on.run('dead-runs', [options.leaseMs]);
    for (const row of rows) await reap(on, parts, row, options);
    if (rows.length > 0) {
      await on.run('notify-run');
      await crashPoint('run.reap.before-commit');
    }
    return rows.length;
  });
  if (reaped > 0) await crashPoint('run.reap.after');
  return reaped;
}

async function reap(
  on: Statements,
  { jobs }: RunParts,
  row: Row,
  { crashesMax, log }: ReapOptions,
): Promise<void> {
  const keys = toQueueKeys(row);
  const epoch = Number(row.epoch);
  const crashes = Number(row.crashes) + 1;
  if (crashes >= crashesMax) {
    const end = { state: 'failed', summary: summaryOf(crashes) } as const;
    await appendEvent(
      on,
      { runId: keys.id, epoch },
      { kind: 'run.ended', state: 'failed', end },
      'run.ended',
    );
    await on.run('end-dead-run', [keys.id, end.summary]);
    await on.run('abandon-effects', [keys.id]);
    await jobs.complete(on, keys.jobId);
  } else {
    await on.run('requeue-dead-run', [keys.id]);
    await jobs.put(on, { ...keys, delayMs: 0, priority: 10 });
  }
  await on.run('notify-lost', [JSON.stringify({ runId: keys.id, epoch: epoch + 1 })]);
  log.warn('run.reaped', { runId: keys.id, crashes, ended: crashes >= crashesMax });
}

function summaryOf(crashes: number): string {
  return `The worker died ${crashes} times while it worked on this run. It was ended so that it cannot take more workers down.`;
}
