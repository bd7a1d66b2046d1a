import { betweenCrashPoints, crashPoint } from '../domain/crash-point.ts';
import type { RunId } from '../domain/ids.ts';
import type { CodeVersion } from '../domain/journal-event.ts';
import { parkedEvent } from '../domain/parked-event.ts';
import type { ClaimedRun, Lease, Release, Run, RunQueue } from '../domain/run.ts';
import type { Row, Statements } from './database.ts';
import { leaseLost, runCancelled } from './held-leases.ts';
import { appendEvent } from './journal.ts';
import { hasUnseen } from './run-inbox.ts';
import { toQueueKeys, toRun } from './run-row.ts';
import type { RunParts } from './runs.ts';
import type { Wakeups } from './wakeups.ts';

/** How many runs may work at once, over all processes. Exact: one claim at a time. */
export interface ClaimLimits {
  readonly installation: number;
  readonly repository: number;
}

export interface RunQueueParts extends RunParts {
  readonly limits: ClaimLimits;
  readonly wakeups: Wakeups;
  readonly worker: string;
  readonly code?: CodeVersion | undefined;
  /** The number under which this process is alive; undefined while it has no session or drains: nothing is claimed. */
  readonly workerId: () => number | undefined;
}

export function openRunQueue(parts: RunQueueParts): RunQueue {
  const doubt: Doubt = { workerId: undefined, underWay: 0 };
  return {
    claim: () => claim(parts, doubt),
    waitForWork: (timeoutMs, signal) => parts.wakeups.wait('run', timeoutMs, signal),
  };
}

interface Doubt {
  /** Set when a claim failed: it may have been committed all the same, and only its answer got lost. */
  workerId: number | undefined;
  /** Claims that were begun: what they have committed is not held yet, and is in no doubt. */
  underWay: number;
}

async function claim(parts: RunQueueParts, doubt: Doubt): Promise<ClaimedRun | undefined> {
  parts.wakeups.mark('run');
  const workerId = parts.workerId();
  if (workerId === undefined) return undefined;
  if (doubt.workerId === workerId && doubt.underWay === 0) {
    await giveBackUnheld(parts, workerId);
    doubt.workerId = undefined;
  }
  doubt.underWay += 1;
  try {
    return await claimFor(parts, workerId);
  } catch (error) {
    doubt.workerId = workerId;
    throw error;
  } finally {
    doubt.underWay -= 1;
  }
}

async function claimFor(parts: RunQueueParts, workerId: number): Promise<ClaimedRun | undefined> {
  const row = await parts.database.transaction((on) => claimNext(on, parts, workerId));
  if (!row) return undefined;
  await crashPoint('run.claim.after');
  const run = toRun(row);
  const lease = parts.held.hold(run.id, run.epoch);
  if (run.cancelReason !== null) parts.held.abort(run.id, runCancelled(run.cancelReason));
  // The session may have died, or draining begun, since the claim: then nobody would abort this lease.
  if (parts.workerId() !== workerId) parts.held.abort(run.id, leaseLost(lease));
  return claimedRun(parts, run, lease);
}

/** Nobody would work on such a run for as long as this worker lives: its lease is kept by the heartbeat. */
async function giveBackUnheld(parts: RunQueueParts, workerId: number): Promise<void> {
  const held = new Set(parts.held.all().map(({ runId }) => runId));
  for (const row of await parts.database.run('owned-runs', [workerId])) {
    const runId = row.id as RunId;
    if (held.has(runId)) continue;
    const lease = { runId, epoch: Number(row.epoch), signal: new AbortController().signal };
    await releaseRun(parts, lease, { delayMs: 0, reason: 'the answer to its claim got lost' });
  }
}

/**
 * One claim at a time over all workers, so that limits are exact: pg-boss alone exceeds its group limits up to five
 * times under load, and it cannot choose the installation with the fewest running runs.
 */
async function claimNext(on: Statements, parts: RunQueueParts, workerId: number): Promise<Row | undefined> {
  const { installation, repository } = parts.limits;
  await on.run('lock-claims');
  const [picked] = await on.run('pick-run', [installation, repository]);
  if (!picked) return undefined;
  await on.run('take-job', [picked.job_id]);
  const [row] = await on.run('claim-run', [picked.job_id, workerId]);
  if (!row) return undefined;
  await on.run('record-turn', [row.installation_id]);
  await on.run('touch-worker', [workerId]);
  await recordClaim(on, row, parts);
  await crashPoint('run.claim.before-commit');
  return row;
}

async function recordClaim(on: Statements, row: Row, { worker, code }: RunQueueParts): Promise<void> {
  const { id: runId } = toQueueKeys(row);
  const epoch = Number(row.epoch);
  const made = code ? { code } : {};
  await appendEvent(on, { runId, epoch }, { kind: 'run.claimed', worker, epoch, ...made });
}

function claimedRun(parts: RunQueueParts, run: Run, lease: Lease): ClaimedRun {
  return {
    run,
    lease,
    release: (options) => betweenCrashPoints('run.release', () => releaseRun(parts, lease, options)),
  };
}

/** Back to the queue without a crash counted. A run that waits longer than a moment is `parked`. */
export async function releaseRun(
  { database, jobs, held }: RunParts,
  lease: Lease,
  release: Release,
): Promise<void> {
  const { delayMs, cause, seenSeq, waitId, evenIfStopped = false } = release;
  await database.transaction(async (on) => {
    await appendEvent(on, lease, parkedEvent(release));
    // The entry above locked the run's row: what was posted before is seen here, what comes later sees a parked run.
    const called = seenSeq !== undefined && (await hasUnseen(on, lease.runId, seenSeq));
    const state = delayMs > 0 && !called ? 'parked' : 'queued';
    const why = state === 'parked' ? [cause ?? null, waitId ?? null] : [null, null];
    const [row] = await on.run('release-run', [lease.runId, lease.epoch, state, ...why]);
    if (!row) throw leaseLost(lease);
    // Whoever cancelled or wrote while the run was still owned must not wait for the delay.
    const cancelled = row.cancel_reason !== null && !evenIfStopped;
    await jobs.put(on, {
      ...toQueueKeys(row),
      delayMs: cancelled || called ? 0 : delayMs,
      priority: cancelled ? 20 : 5,
    });
    await on.run('notify-run');
  });
  held.drop(lease);
}
