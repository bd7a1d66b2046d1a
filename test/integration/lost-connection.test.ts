import { Client, type PoolClient } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(async () => {
  await test.drop();
});

it('that is lent out and between two statements is told and ends no process', async () => {
  const log = new RecordingLog();
  const database = openDatabase({ url: test.url, log, poolMax: 1 });
  const lent: PoolClient = await database.pool.connect();
  const { rows } = await lent.query<{ pid: number }>('select pg_backend_pid() as pid');
  const ended = new Promise((resolve) => lent.once('end', resolve));
  await terminate(rows[0]?.pid ?? 0);
  await ended;
  lent.release(true);
  expect(log.lines.map(({ event }) => event)).toContain('postgres.connection-lost');
  expect(await database.run('ping')).toHaveLength(1);
  await database.close();
});

async function terminate(pid: number): Promise<void> {
  const client = new Client({ connectionString: test.url });
  await client.connect();
  await client.query('select pg_terminate_backend($1)', [pid]);
  await client.end();
}
