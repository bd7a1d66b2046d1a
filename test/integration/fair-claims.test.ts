import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunId } from '../../src/domain/ids.ts';
import type { ClaimedRun } from '../../src/domain/run.ts';
import type { Store } from '../../src/store/open-store.ts';
import { fillQueue } from '../support/fill-queue.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { createTestDatabase } from '../support/test-database.ts';

describe('claiming', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let store: Store;
  let client: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await openTestStore(database.url, {
      concurrency: { installation: 6, repository: 2 },
      patienceMs: 600,
    });
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  beforeEach(async () => {
    await client.query("update pullwright.run set state = 'failed' where ended_at is null");
    await client.query('delete from pullwright.rate_bucket');
  });
  afterAll(async () => {
    await client.end();
    await store.close();
    await database.drop();
  });

  async function claim(): Promise<ClaimedRun> {
    const claimed = await store.queue.claim();
    if (!claimed) throw new Error('nothing to claim');
    return claimed;
  }

  async function claimAll(): Promise<readonly ClaimedRun[]> {
    const claims = await Promise.all(Array.from({ length: 20 }, () => store.queue.claim()));
    return claims.filter((claimed) => claimed !== undefined);
  }

  async function aborted({ run, lease }: ClaimedRun, withinMs = 30_000): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      lease.signal.addEventListener('abort', () => resolve());
      setTimeout(() => reject(new Error(`${run.id} kept its worker`)), withinMs).unref();
    });
    await expect.poll(async () => (await store.runs.get(run.id))?.state).toBe('parked');
  }

  const end = (claimed: ClaimedRun) =>
    store.runs.finish(claimed.lease, { state: 'published', summary: 'done' });

  it('gives every installation its share when one has 9,900 of 10,000 queued runs', async () => {
    await fillQueue(client, { installationId: 1, runs: 9_900, repositories: 50 });
    for (let installationId = 2; installationId <= 11; installationId += 1) {
      await fillQueue(client, { installationId, runs: 10, repositories: 5 });
    }
    await client.query('analyze pullwright.run');
    const order: number[] = [];
    for (let turn = 0; turn < 44; turn += 1) {
      const claimed = await claim();
      order.push(claimed.run.installationId);
      await end(claimed);
    }
    for (const round of [0, 11, 22, 33]) {
      expect(order.slice(round, round + 11).sort((a, b) => a - b)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
      ]);
    }
  });

  it('serves the installation with the fewest running runs first', async () => {
    await fillQueue(client, { installationId: 21, runs: 4, repositories: 4 });
    const first = [await claim(), await claim()];
    expect(first.map(({ run }) => run.installationId)).toEqual([21, 21]);
    await fillQueue(client, { installationId: 22, runs: 3, repositories: 3 });
    const next = [await claim(), await claim(), await claim()];
    expect(next.map(({ run }) => run.installationId).slice(0, 2)).toEqual([22, 22]);
  });

  it('never exceeds the limits of an installation or a repository, however many claim at once', async () => {
    await fillQueue(client, { installationId: 31, runs: 20, repositories: 2 });
    await fillQueue(client, { installationId: 32, runs: 20, repositories: 20 });
    const claims = await claimAll();
    const count = (installationId: number) =>
      claims.filter(({ run }) => run.installationId === installationId).length;
    expect(count(31)).toBe(4);
    expect(count(32)).toBe(6);
    expect(await store.queue.claim()).toBeUndefined();
    const [one] = claims.filter(({ run }) => run.installationId === 31);
    if (one) await end(one);
    expect((await claim()).run.repository.id).toBe(one?.run.repository.id);
  });

  it('passes over an installation that is paused or has little left of its limit, but ends what was stopped', async () => {
    const [first] = await fillQueue(client, { installationId: 41, runs: 2, repositories: 2 });
    await fillQueue(client, { installationId: 42, runs: 1, repositories: 1 });
    await store.rates.report(41, { limited: false, pauseMs: null, lowMs: 60_000 });
    expect((await claim()).run.installationId).toBe(42);
    expect(await store.queue.claim()).toBeUndefined();
    await store.runs.requestCancel(first, 'ada said stop');
    expect((await claim()).run.id).toBe(first);
    expect(await store.queue.claim()).toBeUndefined();
  });

  it('takes a worker from an installation that has several when another has waited without any', async () => {
    await fillQueue(client, { installationId: 61, runs: 2, repositories: 2 });
    const claims = [await claim(), await claim()];
    await fillQueue(client, { installationId: 62, runs: 2, repositories: 2 });
    const yielded = await Promise.race(
      claims.map(
        ({ run, lease }) =>
          new Promise<string>((resolve) => lease.signal.addEventListener('abort', () => resolve(run.id))),
      ),
    );
    await expect.poll(async () => (await store.runs.get(yielded as RunId))?.state).toBe('parked');
    expect((await claim()).run.installationId).toBe(62);
    expect(claims.filter(({ lease }) => !lease.signal.aborted)).toHaveLength(1);
  });

  it('takes the only worker there is from the only run of a tenant with 9,900, and gives it back in turn', async () => {
    await fillQueue(client, { installationId: 71, runs: 9_900, repositories: 50 });
    const first = await claim();
    expect(first.run.installationId).toBe(71);
    const arrivedMs = performance.now();
    await fillQueue(client, { installationId: 72, runs: 100, repositories: 5 });
    // One slot: nothing is claimed before the run that has it is given back.
    await aborted(first);
    const second = await claim();
    expect(second.run.installationId).toBe(72);
    // 60 s where patience is 30 s, so by the same measure 1.2 s here, and room for a busy machine.
    expect(performance.now() - arrivedMs).toBeLessThan(20 * 600);
    await aborted(second);
    expect((await claim()).run.installationId).toBe(71);
  });

  it('lets a run keep its worker for a while before it must yield, and when nobody waits for ever', async () => {
    await fillQueue(client, { installationId: 81, runs: 2, repositories: 2 });
    const own = await claim();
    await fillQueue(client, { installationId: 82, runs: 1, repositories: 1 });
    // It waited long before the other was given its worker.
    await client.query(
      "update pullwright.run set ready_at = now() - interval '1 hour' where installation_id = 82",
    );
    const startedMs = performance.now();
    await aborted(own);
    expect(performance.now() - startedMs).toBeGreaterThan(400);
    const other = await claim();
    expect(other.run.installationId).toBe(82);
    await client.query("update pullwright.run set state = 'failed' where installation_id = 81");
    await expect(aborted(other, 2_000)).rejects.toThrow('kept its worker');
  });

  it('leaves the queue job of a claimed run active, so that it is not given out again', async () => {
    await fillQueue(client, { installationId: 51, runs: 1, repositories: 1 });
    const claimed = await claim();
    await claimed.release({ delayMs: 0, reason: 'drain' });
    const again = await claim();
    const { rows } = await client.query(
      'select job.state::text from pgboss.job join pullwright.run on run.job_id = job.id where run.id = $1',
      [again.run.id],
    );
    expect(rows).toEqual([{ state: 'active' }]);
  });
});
