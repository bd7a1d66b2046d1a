import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';

/** How the suite sees from outside how far the bots are. */
export interface Watch {
  query(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Polls until true; a database that is away is waited for. Rejects when the signal aborts. */
  until(check: () => Promise<boolean>, signal: AbortSignal): Promise<void>;
  /** There is a run where one is wanted, every run has ended, and no delivery waits. */
  isOver(wantsRun: boolean): Promise<boolean>;
  /** Whether the journals hold so many events of the kind. */
  hasEvents(kind: string, count: number): Promise<boolean>;
  /** The newest epoch of any run, 0 without one. */
  epoch(): Promise<number>;
  /** Ends every session that the bots have with this database. */
  terminateBots(): Promise<void>;
  close(): Promise<void>;
}

/** A look costs a millisecond, and many cells look at the same time. */
const pollMs = 150;

export async function watchDatabase(url: string): Promise<Watch> {
  const pool = new Pool({ connectionString: url, max: 2, application_name: 'crash suite' });
  pool.on('error', () => undefined);
  const query: Watch['query'] = async (text, values = []) => (await pool.query(text, [...values])).rows;
  return {
    query,
    async until(check, signal) {
      while (!(await check().catch(() => false))) {
        await sleep(pollMs, undefined, { signal });
      }
    },
    async isOver(wantsRun) {
      const [row] = await query(
        `select (exists (select from pullwright.run) or not $1) and not exists (select from pullwright.run where ended_at is null)
           and not exists (select from pullwright.delivery where state = 'waiting') as over`,
        [wantsRun],
      );
      return row?.['over'] === true;
    },
    async hasEvents(kind, count) {
      const sql = "select from pullwright.run_event where event::jsonb->>'kind' = $1 limit $2";
      return (await query(sql, [kind, count])).length === count;
    },
    async epoch() {
      const [row] = await query('select coalesce(max(epoch), 0)::int as epoch from pullwright.run');
      return Number(row?.['epoch']);
    },
    async terminateBots() {
      await query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'crash suite'`,
      );
    },
    close: () => pool.end(),
  };
}
