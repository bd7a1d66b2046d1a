import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '../../src/domain/app-error.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { holdLeases } from '../../src/store/held-leases.ts';
import { openJobQueue } from '../../src/store/job-queue.ts';
import type { Store } from '../../src/store/open-store.ts';
import { openRunQueue } from '../../src/store/run-queue.ts';
import { countWakeups } from '../../src/store/wakeups.ts';
import { newRun } from '../support/new-run.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { silentLog } from '../support/silent-log.ts';
import { createTestDatabase } from '../support/test-database.ts';

let test: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  store = await openTestStore(test.url);
  database = openDatabase({ url: test.url, log: silentLog, poolMax: 2 });
});
afterAll(async () => {
  await database.close();
  await store.close();
  await test.drop();
});

/** The same database, where the answer to the first commit gets lost. */
function losingOneAnswer(): Database {
  let isLost = false;
  return {
    ...database,
    async transaction(work) {
      const result = await database.transaction(work);
      if (isLost) return result;
      isLost = true;
      throw new AppError('postgres-unavailable', 'the connection broke at COMMIT');
    },
  };
}

it('a run that was claimed without an answer goes back to the queue, although its worker lives', async () => {
  const losing = losingOneAnswer();
  const jobs = openJobQueue(losing, silentLog);
  await jobs.start();
  const [{ id: workerId } = { id: 0 }] = (
    await database.pool.query('select max(id) as id from pullwright.worker')
  ).rows as { id: number }[];
  const queue = openRunQueue({
    database: losing,
    jobs,
    held: holdLeases(),
    wakeups: countWakeups(),
    limits: { installation: 10, repository: 10 },
    worker: 'test',
    workerId: () => workerId,
  });
  const run = newRun();
  await store.runs.create(run);
  await expect(queue.claim()).rejects.toMatchObject({ code: 'postgres-unavailable' });
  expect(await store.runs.get(run.id)).toMatchObject({ state: 'running', epoch: 1 });
  expect(await queue.claim()).toMatchObject({ run: { id: run.id, epoch: 2, crashes: 0 } });
  await jobs.stop();
});
