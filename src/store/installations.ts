import type { Installation, InstallationStore } from '../domain/installation.ts';
import type { Database, Row } from './database.ts';

/** In the order of their foreign keys; blobs first, while the journals still mention them. */
const deletions = [
  'delete-installation-blobs',
  'delete-installation-messages',
  'delete-installation-events',
  'delete-installation-effects',
  'delete-installation-spend',
  'delete-installation-checkpoints',
  'delete-installation-jobs',
  'delete-installation-runs',
  'delete-installation-deliveries',
  'delete-installation-repositories',
  'delete-installation-controls',
  'mark-installation-deleted',
] as const;

export function openInstallations(database: Database): InstallationStore {
  return {
    async record(id, account, change) {
      await database.run('record-installation', [id, account, change]);
    },
    async get(id) {
      const [row] = await database.run('get-installation', [id]);
      return row && toInstallation(row);
    },
    async repositoryIds(id) {
      return (await database.run('installation-repositories', [id])).map((row) => Number(row.id));
    },
    async removed(retentionDays) {
      return (await database.run('removed-installations', [retentionDays])).map(toInstallation);
    },
    async deleteRows(installationId) {
      await database.transaction(async (on) => {
        await on.run('allow-retention');
        for (const name of deletions) await on.run(name, [installationId]);
      });
    },
  };
}

function toInstallation(row: Row): Installation {
  return {
    id: Number(row.id),
    account: row.account as string,
    installedAt: row.installed_at as Date,
    suspendedAt: row.suspended_at as Date | null,
    removedAt: row.removed_at as Date | null,
  };
}
