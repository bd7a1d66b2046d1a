import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** Longer than a lease by far: others may be killed meanwhile, and the database restarted. */
const waitMsMax = 120_000;
const pollMs = 100;

const heldSql = `select run.id from pullwright.run join pullwright.worker on worker.id = run.worker_id
  where run.state = 'running' and worker.name = $1`;
const finishedSql = 'select id from pullwright.run where id = any($1) and ended_at is not null';

/** The runs that a worker holds; none also while the database is away. */
export async function heldRuns(databaseUrl: string, worker: string): Promise<readonly string[]> {
  return await idsOf(databaseUrl, heldSql, worker);
}

/** Waits until others have finished one of these runs; false when they did not in two minutes. */
export async function finishedByOthers(databaseUrl: string, runs: readonly string[]): Promise<boolean> {
  const deadline = performance.now() + waitMsMax;
  while (performance.now() < deadline) {
    if ((await idsOf(databaseUrl, finishedSql, runs)).length > 0) return true;
    await sleep(pollMs);
  }
  return false;
}

async function idsOf(
  databaseUrl: string,
  sql: string,
  value: string | readonly string[],
): Promise<readonly string[]> {
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<{ id: string }>(sql, [value])).rows.map(({ id }) => id);
  } catch {
    return [];
  } finally {
    await client.end().catch(() => undefined);
  }
}
