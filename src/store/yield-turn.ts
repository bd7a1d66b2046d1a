import type { Logger } from '../domain/logger.ts';
import { leaseLost } from './held-leases.ts';
import { releaseRun } from './run-queue.ts';
import type { RunParts } from './runs.ts';

/** Long enough for the old owner to close its sandbox before it may claim the run anew. */
const asideMs = 15_000;

/**
 * Gives back one run of this worker when another installation has no run at all and has waited for `patienceMs`:
 * so that nobody waits for the end of long runs of others. The run goes on later, at the turn where it was. Also the
 * only run of its installation, once it has had its worker for `patienceMs`: with fewer slots than installations they
 * take turns.
 */
export async function yieldTurn(
  parts: RunParts,
  options: { readonly workerId: number | undefined; readonly patienceMs: number; readonly log: Logger },
): Promise<void> {
  const { workerId, patienceMs, log } = options;
  if (workerId === undefined) return;
  const [row] = await parts.database.run('run-to-yield', [workerId, patienceMs, asideMs]);
  const lease = parts.held.all().find(({ runId }) => runId === row?.id);
  if (!lease || lease.signal.aborted) return;
  const until = new Date(Date.now() + asideMs);
  const reason = 'Others waited longer, so this run lets them go first.';
  await parts.database.run('record-yield', [lease.runId]);
  parts.held.abort(lease.runId, leaseLost(lease));
  await releaseRun(parts, lease, { delayMs: asideMs, reason, cause: 'retry', until });
  log.info('run.yielded', { runId: lease.runId });
}
