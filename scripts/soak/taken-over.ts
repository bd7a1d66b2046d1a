import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** Longer than a lease by far; the database may be restarted meanwhile. */
const waitMsMax = 20_000;
const pollMs = 100;

const ownedSql = `select run.id from pullwright.run join pullwright.worker on worker.id = run.worker_id
  where run.state = 'running' and worker.name = $1`;
const finishedSql = 'select id from pullwright.run where id = any($1) and ended_at is not null';

/** Waits until one of the runs that the stopped worker held was finished by others; false when it held none. */
export async function takenOver(databaseUrl: string, worker: string): Promise<boolean> {
  const deadline = performance.now() + waitMsMax;
  let owned: readonly string[] | undefined;
  while (performance.now() < deadline) {
    owned ??= await idsOf(databaseUrl, ownedSql, worker);
    if (owned?.length === 0) return false;
    const finished = owned && (await idsOf(databaseUrl, finishedSql, owned));
    if (finished && finished.length > 0) return true;
    await sleep(pollMs);
  }
  return false;
}

/** Undefined while the database is away. */
async function idsOf(
  databaseUrl: string,
  sql: string,
  value: string | readonly string[],
): Promise<readonly string[] | undefined> {
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<{ id: string }>(sql, [value])).rows.map(({ id }) => id);
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}
