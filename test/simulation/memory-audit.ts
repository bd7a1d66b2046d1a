import type { AuditReads, Duplicate } from '../../src/domain/audit.ts';
import { brokenAt, isOpen, type MemoryDatabase, type RunRow, toRun, totalOf } from './memory-database.ts';

/** What the auditor reads, from the database of a simulation. */
export function memoryAudit(database: MemoryDatabase): AuditReads {
  const { runs, deliveries, simulation } = database;
  const nowMs = (): number => simulation.scheduler.nowMs;
  const rows = (): readonly RunRow[] => [...runs.values()];
  return {
    runIds: async () => rows().map(({ newRun }) => newRun.id),
    async run(id) {
      const row = runs.get(id);
      if (!row) return undefined;
      const { newRun, events, effects, spend, createdAt, endedAt } = row;
      const total = totalOf(spend);
      const largest = {
        usd: Math.max(0, ...[...spend.values()].map(({ usd }) => usd)),
        tokens: Math.max(0, ...[...spend.values()].map(({ tokens }) => tokens)),
      };
      return {
        run: toRun(row),
        columns: {
          installationId: newRun.installationId,
          repositoryId: newRun.repository.id,
          targetNumber: newRun.target.number,
          triggerKey: newRun.triggerKey,
        },
        entries: events,
        brokenAt: brokenAt(row),
        effects: [...effects.values()],
        spend: { total, rows: total, largest },
        ageMs: nowMs() - createdAt.getTime(),
        endedMs: endedAt === null ? null : nowMs() - endedAt.getTime(),
        told: row.told,
        deliveryInstallationId: deliveries.get(newRun.deliveryGuid ?? '')?.installationId ?? null,
      };
    },
    repeatedTriggers: async () => repeated(rows().map(({ newRun }) => newRun.triggerKey)),
    crowdedTargets: async () =>
      repeated(
        rows()
          .filter(isOpen)
          .map(({ newRun: { repository, target } }) => `${target.kind} ${target.number} of ${repository.id}`),
      ),
    hastyWrites: async () => [],
    volatileSettings: async () => [],
    missingDeliveries: async (guids) => guids.filter((guid) => !deliveries.has(guid)),
  };
}

function repeated(all: readonly string[]): readonly Duplicate[] {
  const groups = Map.groupBy(all, (what) => what);
  return [...groups]
    .filter(([, list]) => list.length > 1)
    .map(([what, list]) => ({ what, count: list.length }));
}
