import { parkedEvent } from '../../src/domain/parked-event.ts';
import type { Lease, Release, RunQueue } from '../../src/domain/run.ts';
import { type HeldLeases, leaseLost, runCancelled } from '../../src/store/held-leases.ts';
import {
  appendTo,
  fenced,
  isGone,
  type MemoryDatabase,
  notify,
  type RunRow,
  type Session,
  toRun,
} from './memory-database.ts';
import { pendingOf } from './memory-inbox.ts';
import { endRow, requeue } from './memory-runs.ts';
import type { SimulatedProcess } from './scheduler.ts';
import { seam, transact } from './simulation.ts';
import type { Wakeups } from './wakeups.ts';

export interface RunParts {
  readonly database: MemoryDatabase;
  /** The one that is open now. */
  readonly session: () => Session;
  readonly held: HeldLeases;
  readonly wakeups: Wakeups;
}

/** Claims as `src/store/run-queue.ts` makes them. */
export function memoryQueue(parts: RunParts): RunQueue {
  const { database, session, held, wakeups } = parts;
  const { simulation } = database;
  let inDoubt = false;
  return {
    async claim() {
      wakeups.mark('run');
      if (inDoubt) await giveBackUnheld(parts);
      inDoubt = false;
      if (!pick(database)) return undefined;
      inDoubt = true;
      const row = await transact(simulation, 'run.claim', () => claimNext(database, session()));
      inDoubt = false;
      if (!row) return undefined;
      await seam(simulation, 'run.claim.after');
      const run = toRun(row);
      const lease = held.hold(run.id, run.epoch);
      if (run.cancelReason !== null) held.abort(run.id, runCancelled(run.cancelReason));
      return { run, lease, release: (options) => release(parts, lease, options) };
    },
    waitForWork: (timeoutMs, signal) => wakeups.wait('run', timeoutMs, signal),
  };
}

async function giveBackUnheld(parts: RunParts): Promise<void> {
  const { database, session, held } = parts;
  const known = new Set(held.all().map(({ runId }) => runId));
  for (const { newRun, state, worker, epoch } of database.runs.values()) {
    if (state !== 'running' || worker !== session() || known.has(newRun.id)) continue;
    const lease = { runId: newRun.id, epoch, signal: new AbortController().signal };
    await release(parts, lease, { delayMs: 0, reason: 'the answer to its claim got lost' });
  }
}

const limits = { installation: 10, repository: 2 };

/** See `pick-run.sql`: stopped runs first, then the installation with the fewest running runs. */
function pick({ runs, rates, turns, simulation }: MemoryDatabase): RunRow | undefined {
  const { nowMs } = simulation.scheduler;
  const rows = [...runs.values()];
  const running = rows.filter(({ state }) => state === 'running').map(({ newRun }) => newRun);
  const busy = (row: RunRow): number =>
    running.filter(({ installationId }) => installationId === row.newRun.installationId).length;
  const isWaiting = ({ state, readyAtMs, announcingUntilMs }: RunRow): boolean =>
    (state === 'queued' || state === 'parked') && readyAtMs <= nowMs && announcingUntilMs <= nowMs;
  const waiting = rows.filter(isWaiting);
  const stopped = waiting.find(({ cancelReason }) => cancelReason !== null);
  if (stopped) return stopped;
  return waiting
    .filter((row) => {
      const { installationId, repository } = row.newRun;
      const here = running.filter(({ repository: { id } }) => id === repository.id).length;
      const isPaused = (rates.get(installationId)?.pausedUntilMs ?? 0) > nowMs;
      return !isPaused && here < limits.repository && busy(row) < limits.installation;
    })
    .sort(
      (one, other) =>
        busy(one) - busy(other) ||
        (turns.get(one.newRun.installationId) ?? 0) - (turns.get(other.newRun.installationId) ?? 0) ||
        other.priority - one.priority ||
        one.seq - other.seq,
    )[0];
}

function claimNext(database: MemoryDatabase, session: Session): RunRow | undefined {
  const row = pick(database);
  if (!row) return undefined;
  const { scheduler } = database.simulation;
  row.epoch += 1;
  Object.assign(row, { state: 'running', worker: session });
  database.turns.set(row.newRun.installationId, scheduler.nowMs);
  appendTo(
    row,
    { kind: 'run.claimed', worker: session.process.name, epoch: row.epoch },
    { at: scheduler.now() },
  );
  return row;
}

async function release({ database, held }: RunParts, lease: Lease, options: Release): Promise<void> {
  const { delayMs, cause, seenSeq, evenIfStopped = false } = options;
  const { simulation } = database;
  await transact(simulation, 'run.release', () => {
    const row = fenced(database, lease);
    const { scheduler } = simulation;
    appendTo(row, parkedEvent(options), { at: scheduler.now(), epoch: lease.epoch });
    const stopped = row.cancelReason !== null && !evenIfStopped;
    const called = seenSeq !== undefined && pendingOf(database, row).some(({ seq }) => seq > seenSeq);
    if (stopped || called || delayMs <= 0) return requeue(database, row, stopped ? 20 : 5);
    const readyAtMs = scheduler.nowMs + delayMs;
    Object.assign(row, { state: 'parked', worker: null, priority: 5, readyAtMs, parkCause: cause ?? null });
    const hear = { dueMs: readyAtMs, resume: () => notify(database, { channel: 'run' }) };
    scheduler.at(postgres, 'a run is ready', hear);
  });
  held.drop(lease);
}

const postgres: SimulatedProcess = { name: 'postgres', alive: true, pausedUntilMs: 0, skewMs: 0 };

const crashesMax = 3;

/** See `src/store/reaper.ts`. Dead is whose session is gone, or who has not beaten for a lease. */
export function reapDeadRuns(database: MemoryDatabase): void {
  const { runs, simulation } = database;
  const { scheduler, leaseMs } = simulation;
  for (const row of runs.values()) {
    if (row.state !== 'running' || row.worker === null) continue;
    if (!isGone(row.worker) && row.worker.beatAtMs >= scheduler.nowMs - leaseMs) continue;
    row.crashes += 1;
    const runId = row.newRun.id;
    if (row.crashes >= crashesMax) endRow(database, row, { state: 'failed', summary: 'died three times' });
    else requeue(database, row, 10);
    row.epoch += 1;
    notify(database, { channel: 'lost', runId, epoch: row.epoch });
    scheduler.note(`run ${row.seq} is taken from ${row.crashes} dead`);
  }
}

/** What a heartbeat brings back: leases of before that are not this worker's any more end. */
export function beat({ database, session, held }: RunParts, before: readonly Lease[]): void {
  const { runs, simulation } = database;
  session().beatAtMs = simulation.scheduler.nowMs;
  for (const lease of before) {
    const row = runs.get(lease.runId);
    const owned = row?.state === 'running' && row.worker === session() && row.epoch === lease.epoch;
    if (!owned) held.abort(lease.runId, leaseLost(lease), lease.epoch + 1);
    else if (row.cancelReason !== null) held.abort(lease.runId, runCancelled(row.cancelReason));
  }
}
