import type { QueuePlaces } from '../../src/domain/queue-places.ts';
import type { RunEndings } from '../../src/domain/run-endings.ts';
import { isOpen, type MemoryDatabase, notify, placeOf, type RunRow, toRun } from './memory-database.ts';
import { endRow } from './memory-runs.ts';
import { transact } from './simulation.ts';

/** See `src/store/queue-places.ts`. */
export function memoryPlaces(database: MemoryDatabase): QueuePlaces {
  const { runs, simulation } = database;
  const { scheduler } = simulation;
  const isUntold = ({ state, announced, epoch }: RunRow): boolean =>
    state === 'queued' && !announced && epoch === 0;
  return {
    async unannounced(limit) {
      const rows = [...runs.values()].filter(
        (row) =>
          isUntold(row) && row.trackingIssue !== null && row.createdAt.getTime() < scheduler.nowMs - 1_500,
      );
      return rows.slice(0, limit).map((row) => ({ run: toRun(row), place: placeOf(database, row) }));
    },
    begin: (id) =>
      transact(simulation, 'announce.begin', () => {
        const row = runs.get(id);
        if (!row || !isUntold(row) || row.cancelReason !== null) return false;
        Object.assign(row, { announced: true, announcingUntilMs: scheduler.nowMs + 15_000 });
        return true;
      }),
    end: (id) =>
      transact(simulation, 'announce.end', () => {
        const row = runs.get(id);
        if (row) row.announcingUntilMs = 0;
        notify(database, { channel: 'run' });
      }),
  };
}

/** See `src/store/run-endings.ts`. */
export function memoryEndings(database: MemoryDatabase): RunEndings {
  const { runs, simulation } = database;
  const { scheduler } = simulation;
  return {
    endOverdue: async (hours) => {
      const due = [...runs.values()].filter(
        (row) => isOpen(row) && row.createdAt.getTime() < scheduler.nowMs - hours * 3_600_000,
      );
      if (due.length === 0) return [];
      return await transact(simulation, 'endings.overdue', () =>
        due.filter(isOpen).map((row) => {
          endRow(database, row, { state: 'failed', summary: 'it was not finished in time' });
          row.epoch += 1;
          notify(database, { channel: 'lost', runId: row.newRun.id, epoch: row.epoch });
          return row.newRun.id;
        }),
      );
    },
    async claimSilent(limit) {
      if (![...runs.values()].some(({ endedAt, told }) => endedAt !== null && !told)) return [];
      return await transact(simulation, 'endings.claim', () => {
        const ended = [...runs.values()].filter(
          ({ endedAt, told, tellAfterMs }) => endedAt !== null && !told && tellAfterMs < scheduler.nowMs,
        );
        for (const row of ended) row.told = hasSpoken(row);
        const silent = ended.filter(({ told }) => !told).slice(0, limit);
        for (const row of silent) row.tellAfterMs = scheduler.nowMs + 300_000;
        return silent.map(toRun);
      });
    },
    markTold: (id) =>
      transact(simulation, 'endings.told', () => {
        const row = runs.get(id);
        if (row) row.told = true;
      }),
  };
}

function hasSpoken({ events }: RunRow): boolean {
  const end = events.findIndex(({ event }) => event.kind === 'run.ended');
  return events
    .slice(end)
    .some(({ event }) => event.kind === 'effect.sent' && event.effect === 'tracking.update');
}
