import type { AuditReads, Duplicate } from '../domain/audit.ts';
import type { EffectLedger } from '../domain/effect.ts';
import type { RunId } from '../domain/ids.ts';
import type { Journal } from '../domain/journal.ts';
import type { Database, Row } from './database.ts';
import { toRun } from './run-row.ts';

/** What the auditor reads of the database. */
export function openAuditReads(
  database: Database,
  parts: { readonly journal: Journal; readonly effects: EffectLedger },
): AuditReads {
  return {
    async runIds(since) {
      return (await database.run('audit-run-ids', [since])).map(({ id }) => id as RunId);
    },
    async run(id) {
      const [row] = await database.run('audit-run', [id]);
      if (!row) return undefined;
      return {
        run: toRun(row),
        ...rowFacts(row),
        entries: await parts.journal.read(id),
        brokenAt: await parts.journal.verify(id),
        effects: await parts.effects.list(id),
      };
    },
    repeatedTriggers: async () => (await database.run('audit-repeated-triggers')).map(toDuplicate),
    crowdedTargets: async () => (await database.run('audit-crowded-targets')).map(toDuplicate),
    hastyWrites: async () => (await database.run('audit-hasty-writes')).map(({ what }) => what as string),
    volatileSettings: async () =>
      (await database.run('audit-volatile-settings')).map(({ what }) => what as string),
    async missingDeliveries(guids) {
      return (await database.run('audit-missing-deliveries', [guids])).map(({ guid }) => guid as string);
    },
  };
}

function rowFacts(row: Row) {
  const spend = (kind: string) => ({
    usd: Number(row[`${kind}_usd`]),
    tokens: Number(row[`${kind}_tokens`]),
  });
  return {
    columns: {
      installationId: Number(row['installation_id']),
      repositoryId: Number(row['repository_id']),
      targetNumber: Number(row['target_number']),
      triggerKey: row['trigger_key'] as string,
    },
    spend: { total: spend('spent'), rows: spend('rows'), largest: spend('largest') },
    told: row['told_at'] !== null,
    ageMs: Number(row['age_ms']),
    endedMs: row['ended_ms'] === null ? null : Number(row['ended_ms']),
    deliveryInstallationId:
      row['delivery_installation_id'] === null ? null : Number(row['delivery_installation_id']),
  };
}

function toDuplicate({ what, count }: Row): Duplicate {
  return { what: what as string, count: Number(count) };
}
