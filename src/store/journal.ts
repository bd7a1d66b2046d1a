import { createHash } from 'node:crypto';
import { betweenCrashPoints } from '../domain/crash-point.ts';
import type { RunId } from '../domain/ids.ts';
import type { Journal, JournalEntry } from '../domain/journal.ts';
import type { JournalEvent } from '../domain/journal-event.ts';
import type { Lease } from '../domain/run.ts';
import type { Database, Row, Statements } from './database.ts';
import { leaseLost } from './held-leases.ts';

/** The journal over Postgres. Events are kept as JSON text: jsonb refuses the escapes of NUL and half surrogates. */
export function openJournal(database: Database): Journal {
  return {
    append: (lease, event, key) =>
      betweenCrashPoints('journal.append', () => appendEvent(database, lease, event, key), key),
    async read(runId, afterSeq = 0) {
      const rows = await database.run('read-events', [runId, afterSeq]);
      return rows.map((row) => toEntry(runId, row));
    },
    verify: (runId) => verify(database, runId),
  };
}

/** Appends within the caller's transaction. Throws `lease-lost`. */
export async function appendEvent(
  on: Statements,
  lease: Pick<Lease, 'runId' | 'epoch'>,
  event: JournalEvent,
  key?: string,
): Promise<number> {
  const [row] = await on.run('append-event', [lease.runId, lease.epoch, JSON.stringify(event), key ?? null]);
  if (row?.seq === null || row?.seq === undefined) throw leaseLost(lease);
  return Number(row.seq);
}

function toEntry(runId: RunId, row: Row): JournalEntry {
  return {
    runId,
    seq: Number(row.seq),
    epoch: row.epoch as number,
    at: row.at as Date,
    event: JSON.parse(row.event as string) as JournalEvent,
    hash: row.hash as string,
    key: row.key as string | null,
  };
}

/** The head on the run's row shows entries cut from the end, which the chain alone cannot. */
async function verify(database: Database, runId: RunId): Promise<number | null> {
  const rows = await database.run('read-events', [runId, 0]);
  const [head] = await database.run('journal-head', [runId]);
  let previous = '';
  for (const [index, row] of rows.entries()) {
    const seq = index + 1;
    if (Number(row.seq) !== seq || row.hash !== hashOf(previous, runId, seq, row)) return seq;
    previous = row.hash;
  }
  const complete = Number(head?.head_seq ?? 0) === rows.length && (head?.head_hash ?? '') === previous;
  return complete ? null : rows.length + 1;
}

function hashOf(previous: string, runId: RunId, seq: number, row: Row): string {
  const parts = [previous, runId, seq, row.epoch, (row.at as Date).toISOString(), row.event];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
