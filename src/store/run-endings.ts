import type { RunEndings } from '../domain/run-endings.ts';
import type { Row, Statements } from './database.ts';
import { appendEvent } from './journal.ts';
import { toQueueKeys, toRun } from './run-row.ts';
import type { RunParts } from './runs.ts';

export function openRunEndings(parts: RunParts): RunEndings {
  const { database } = parts;
  return {
    endOverdue: (hours) =>
      database.transaction(async (on) => {
        // A claim locks the job, then the run; without this the two would lock them the other way round.
        await on.run('lock-claims');
        const rows = await on.run('overdue-runs', [hours]);
        for (const row of rows) await endOverdue(on, parts, row, hours);
        return rows.map((row) => toQueueKeys(row).id);
      }),
    async claimSilent(limit) {
      return (await database.run('claim-silent-runs', [limit])).map(toRun);
    },
    async markTold(id) {
      await database.run('mark-run-told', [id]);
    },
  };
}

async function endOverdue(on: Statements, { jobs }: RunParts, row: Row, hours: number): Promise<void> {
  const keys = toQueueKeys(row);
  const epoch = Number(row.epoch);
  const summary = `The run was not finished ${hours} hours after it was asked for, so it was given up.`;
  // The journal takes entries of running runs only; the epoch goes up with the end, in this transaction.
  await on.run('hold-overdue-run', [keys.id]);
  const end = { state: 'failed', summary } as const;
  await appendEvent(on, { runId: keys.id, epoch }, { kind: 'run.ended', state: 'failed', end }, 'run.ended');
  await on.run('end-overdue-run', [keys.id, summary]);
  await on.run('abandon-effects', [keys.id]);
  await jobs.complete(on, keys.jobId);
  await on.run('notify-lost', [JSON.stringify({ runId: keys.id, epoch: epoch + 1 })]);
}
