import { crashPoint } from '../domain/crash-point.ts';
import type {
  EffectKind,
  EffectLedger,
  EffectRecord,
  EffectResult,
  PublishedCommits,
} from '../domain/effect.ts';
import type { CommitId, RunId } from '../domain/ids.ts';
import type { Database, Row } from './database.ts';
import { leaseLost } from './held-leases.ts';
import { appendEvent } from './journal.ts';

/** Intents and results of writes to GitHub. */
export function openEffects(database: Database): EffectLedger & PublishedCommits {
  return {
    async intend(lease, key, kind, { idempotent }) {
      const values = [lease.runId, lease.epoch, key, kind, idempotent];
      const [row] = await database.run('intend-effect', values);
      if (!row) throw leaseLost(lease);
      if (row.state === 'intended') return { state: 'unknown' };
      if (row.state === 'done' && !idempotent) return { state: 'done', result: toResult(row) };
      return { state: 'new' };
    },
    async resolve(lease, key, kind, result) {
      await database.transaction(async (on) => {
        const rows = await on.run('resolve-effect', [lease.runId, lease.epoch, key, JSON.stringify(result)]);
        if (rows.length === 0) throw leaseLost(lease);
        await appendEvent(on, lease, { kind: 'effect.sent', effect: kind, key, result });
        await crashPoint('effect.resolve.before-commit');
      });
    },
    async published(repositoryId, commits) {
      const rows = await database.run('published-commits', [repositoryId, commits]);
      return rows.map(({ sha, run_id: run }) => ({ sha: sha as CommitId, run: run as RunId }));
    },
    async list(runId) {
      return (await database.run('list-effects', [runId])).map(toRecord);
    },
  };
}

function toRecord(row: Row): EffectRecord {
  return {
    key: row.key as string,
    kind: row.kind as EffectKind,
    state: row.state as EffectRecord['state'],
    result: row.result === null ? null : toResult(row),
    epoch: row.epoch as number,
  };
}

function toResult(row: Row): EffectResult {
  return JSON.parse(row.result as string) as EffectResult;
}
