import type { NewRun, Run, RunEnd, RunStore } from '../../src/domain/run.ts';
import type { HeldLeases } from '../../src/store/held-leases.ts';
import {
  appendTo,
  fenced,
  isOpen,
  type MemoryDatabase,
  notify,
  placeOf,
  type RunRow,
  toRun,
} from './memory-database.ts';
import { transact } from './simulation.ts';

/** Runs as `src/store/runs.ts` keeps them. */
export function memoryRunStore({
  database,
  held,
}: {
  readonly database: MemoryDatabase;
  readonly held: HeldLeases;
}): RunStore {
  const { simulation, runs } = database;
  return {
    create: (run) => transact(simulation, 'run.create', () => create(database, run)),
    get: async (id) => firstOf([runs.get(id)]),
    async list({ state, repositoryId, limit }) {
      const rows = [...runs.values()]
        .reverse()
        .filter(
          (row) =>
            (state === undefined || row.state === state) &&
            (repositoryId === undefined || row.newRun.repository.id === repositoryId),
        );
      return rows.slice(0, limit).map(toRun);
    },
    findActive: async (repositoryId, target) => firstOf([activeRun(database, repositoryId, target)]),
    requestCancel: (id, reason) =>
      transact(simulation, 'run.cancel', () => {
        const row = runs.get(id);
        if (!row || !isOpen(row)) return false;
        row.cancelReason ??= reason;
        notify(database, { channel: 'cancel', runId: id, reason: row.cancelReason });
        if (row.state !== 'running') requeue(database, row, 20);
        return true;
      }),
    setTrackingIssue: (lease, issue) =>
      transact(simulation, 'tracking-issue.record', () => {
        fenced(database, lease).trackingIssue = issue;
      }),
    async finish(lease, end) {
      await transact(simulation, 'run.finish', () => endRow(database, fenced(database, lease), end));
      held.drop(lease);
    },
    async queuePlace(id) {
      const row = runs.get(id);
      return row ? placeOf(database, row) : 0;
    },
  };
}

function firstOf([row]: readonly [RunRow | undefined]): Run | undefined {
  return row && toRun(row);
}

function activeRun(
  { runs }: MemoryDatabase,
  repositoryId: number,
  { kind, number }: Run['target'],
): RunRow | undefined {
  return [...runs.values()].find((row) => {
    const { repository, target } = row.newRun;
    return isOpen(row) && repository.id === repositoryId && target.kind === kind && target.number === number;
  });
}

function create(database: MemoryDatabase, run: NewRun): Awaited<ReturnType<RunStore['create']>> {
  const { runs, simulation } = database;
  if (simulation.weakness !== 'no-unique-keys') {
    const same = [...runs.values()].find(({ newRun }) => newRun.triggerKey === run.triggerKey);
    if (same) return { kind: 'repeated', run: toRun(same) };
    const active = activeRun(database, run.repository.id, run.target);
    if (active) return { kind: 'active', run: toRun(active) };
  }
  const { scheduler } = simulation;
  const row: RunRow = {
    seq: runs.size + 1,
    newRun: run,
    createdAt: scheduler.now(),
    events: [],
    keys: new Map(),
    effects: new Map(),
    spend: new Map(),
    state: 'queued',
    epoch: 0,
    worker: null,
    trackingIssue: run.trackingIssue,
    cancelReason: null,
    parkCause: null,
    crashes: 0,
    priority: 0,
    readyAtMs: scheduler.nowMs,
    announced: false,
    announcingUntilMs: 0,
    endedAt: null,
    told: false,
    tellAfterMs: 0,
  };
  runs.set(run.id, row);
  const { sha256: inputSha256, dropped } = run.input;
  appendTo(row, { kind: 'run.created', trigger: run.trigger, inputSha256, dropped }, { at: scheduler.now() });
  notify(database, { channel: 'run' });
  return { kind: 'created', run: toRun(row) };
}

export function requeue(database: MemoryDatabase, row: RunRow, priority: number): void {
  Object.assign(row, {
    state: 'queued',
    worker: null,
    priority,
    readyAtMs: database.simulation.scheduler.nowMs,
  });
  notify(database, { channel: 'run' });
}

export function endRow(database: MemoryDatabase, row: RunRow, end: RunEnd): void {
  const endedAt = database.simulation.scheduler.now();
  appendTo(row, { kind: 'run.ended', state: end.state, end }, { at: endedAt, key: 'run.ended' });
  Object.assign(row, { state: end.state, endedAt, worker: null });
}
