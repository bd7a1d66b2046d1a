import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WritePriority } from '../../src/domain/rate-bucket.ts';
import type { Store } from '../../src/store/open-store.ts';
import { newRun } from '../support/new-run.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { createTestDatabase } from '../support/test-database.ts';

const intervalMs = 150;
let installationId = 0;

describe('the rate bucket of two processes', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let one: Store;
  let other: Store;
  let client: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    const options = { writeIntervalMs: intervalMs, rateWaitMsMax: 1_000 };
    one = await openTestStore(database.url, options);
    other = await openTestStore(database.url, options);
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  beforeEach(() => {
    installationId += 1;
  });
  afterAll(async () => {
    await client.end();
    await one.close();
    await other.close();
    await database.drop();
  });

  const turn = (priority: WritePriority = 'normal', creates = false) => ({
    installationId,
    priority,
    creates,
  });
  const refused = (pauseMs: number | null) => ({ limited: true, pauseMs, lowMs: null });

  it('lets one write after another, an interval apart, and other installations side by side', async () => {
    const writes: { startMs: number; endMs: number }[] = [];
    const write = async (): Promise<void> => {
      const startMs = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
      writes.push({ startMs, endMs: performance.now() });
    };
    const startedMs = performance.now();
    const mine = [one, other, one, other, one].map((store) => store.rates.write(turn(), write));
    await one.rates.write({ ...turn(), installationId: 1_000 + installationId }, async () => undefined);
    expect(performance.now() - startedMs).toBeLessThan(4 * intervalMs);
    await Promise.all(mine);
    const gaps = writes.slice(1).map(({ startMs }, index) => startMs - (writes[index]?.endMs ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(intervalMs - 1);
  });

  it('lets what is urgent pass what waits, over both processes', async () => {
    const order: string[] = [];
    const send = (name: string) => async () => void order.push(name);
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const first = one.rates.write(turn(), async () => {
      started.resolve();
      await finish.promise;
    });
    await started.promise;
    const edits = [1, 2, 3].map(() => one.rates.write(turn('last'), send('edit')));
    await expect.poll(waiting).toBe(3);
    const rest = [
      other.rates.write(turn('normal'), send('comment')),
      other.rates.write(turn('first'), send('eyes')),
    ];
    await expect.poll(waiting).toBe(5);
    finish.resolve();
    await Promise.all([first, ...edits, ...rest]);
    expect(order).toEqual(['eyes', 'comment', 'edit', 'edit', 'edit']);
    expect(await waiting()).toBe(0);
  });

  it('holds every request of every process until the time that GitHub named', async () => {
    await one.rates.report(installationId, refused(400));
    const startedMs = performance.now();
    const times: number[] = [];
    const note = async (): Promise<void> => void times.push(performance.now() - startedMs);
    await Promise.all([
      other.rates.ready(installationId).then(note),
      one.rates.ready(installationId).then(note),
      other.rates.write(turn('first'), note),
    ]);
    expect(Math.min(...times)).toBeGreaterThan(380);
  });

  it('throws what is too long to wait for, with the time that is left', async () => {
    await one.rates.report(installationId, refused(60_000));
    const expected = { code: 'github-rate-limited', retryAfterMs: expect.toSatisfy((ms) => ms > 59_000) };
    await expect(other.rates.ready(installationId)).rejects.toMatchObject(expected);
    await expect(other.rates.write(turn(), async () => undefined)).rejects.toMatchObject(expected);
    expect(await waiting()).toBe(0);
  });

  it('pauses a minute where GitHub names no time, then twice as long each time', async () => {
    for (const seconds of [60, 120, 240]) {
      // Answers to requests that were under way together count once.
      await Promise.all([one, other, one].map((store) => store.rates.report(installationId, refused(null))));
      const error = await one.rates.ready(installationId).catch((thrown: unknown) => thrown);
      expect((error as { retryAfterMs: number }).retryAfterMs / 1_000).toBeCloseTo(seconds, 0);
      await client.query(
        'update pullwright.rate_bucket set paused_until = now() where installation_id = $1',
        [installationId],
      );
    }
    await one.rates.report(installationId, { limited: false, pauseMs: null, lowMs: null });
    await one.rates.report(installationId, refused(null));
    const error = await one.rates.ready(installationId).catch((thrown: unknown) => thrown);
    expect((error as { retryAfterMs: number }).retryAfterMs / 1_000).toBeCloseTo(60, 0);
  });

  it('creates at most 40 things a minute and 250 an hour, and still edits', async () => {
    const fill = (count: number, age: string) =>
      client.query(
        'insert into pullwright.rate_write (installation_id, at) select $1, now() - $3::interval from generate_series(1, $2)',
        [installationId, count, age],
      );
    await fill(39, '10 seconds');
    await one.rates.write(turn('normal', true), async () => undefined);
    const full = one.rates.write(turn('normal', true), async () => undefined);
    await expect(full).rejects.toMatchObject({ code: 'github-rate-limited' });
    await one.rates.write(turn('normal', false), async () => undefined);

    installationId += 1;
    await fill(250, '5 minutes');
    const hourly = await other.rates
      .write(turn('normal', true), async () => undefined)
      .catch((thrown: unknown) => thrown);
    expect((hourly as { retryAfterMs: number }).retryAfterMs / 60_000).toBeCloseTo(55, 0);
  });

  it('gives no turn to an answer that another worker has taken over, and lets the next one write', async () => {
    const key = `answer-${crypto.randomUUID()}`;
    const claimed = async () => {
      const claim = await one.replies.intend(key);
      if (typeof claim === 'string') throw new Error(`the answer is ${claim}`);
      return claim;
    };
    const first = await claimed();
    const writing = (token: string) => ({ ...turn(), claim: { kind: 'reply', key, token } as const });
    const sent: string[] = [];
    await one.rates.write(writing(first.token), async () => void sent.push('first'));
    await one.replies.release(first);
    const second = await claimed();
    const late = one.rates.write(writing(first.token), async () => void sent.push('late'));
    await expect(late).rejects.toMatchObject({ code: 'lease-lost' });
    await other.rates.write(writing(second.token), async () => void sent.push('second'));
    await one.replies.resolve(second);
    const done = one.rates.write(writing(second.token), async () => void sent.push('done'));
    await expect(done).rejects.toMatchObject({ code: 'lease-lost' });
    expect(sent).toEqual(['first', 'second']);
  });

  it('gives no turn to a control issue that another worker has taken over', async () => {
    const { controls } = one;
    await controls.enable({ id: installationId, installationId, owner: 'octo', name: 'shop' });
    const first = await controls.claim(installationId);
    if (!first) throw new Error('not claimed');
    const claim = { kind: 'control', key: String(installationId), token: first.token } as const;
    expect(await one.rates.write({ ...turn(), claim }, async () => 'written')).toBe('written');
    await controls.release(first, null);
    await controls.claim(installationId);
    await expect(one.rates.write({ ...turn(), claim }, async () => 'late')).rejects.toMatchObject({
      code: 'lease-lost',
    });
  });

  it('does not let an old owner of a run send anything, nor a cancelled one that waits', async () => {
    await one.runs.create(newRun({ installationId }));
    const claimed = await one.queue.claim();
    if (!claimed) throw new Error('nothing to claim');
    const { lease } = claimed;
    let sent = 0;
    const send = async (): Promise<void> => void (sent += 1);
    await one.rates.write({ ...turn(), lease }, send);
    const old = { ...lease, epoch: lease.epoch - 1 };
    await expect(one.rates.write({ ...turn(), lease: old }, send)).rejects.toMatchObject({
      code: 'lease-lost',
    });
    await one.rates.report(installationId, refused(900));
    const waits = one.rates.write({ ...turn(), lease }, send);
    await one.runs.requestCancel(claimed.run.id, 'stop');
    await expect(waits).rejects.toMatchObject({ code: 'run-cancelled' });
    expect(sent).toBe(1);
    // Its end is still told.
    await one.rates.write({ ...turn(), lease }, send);
    expect(sent).toBe(2);
  });

  it('is not blocked for long by a process that died in the middle of a write', async () => {
    await client.query(
      `insert into pullwright.rate_bucket (installation_id, holder, held_until)
       values ($1, gen_random_uuid(), now() + interval '300 milliseconds')`,
      [installationId],
    );
    const startedMs = performance.now();
    await one.rates.write(turn(), async () => undefined);
    expect(performance.now() - startedMs).toBeGreaterThan(280);
  });

  async function waiting(): Promise<number> {
    const { rows } = await client.query<{ count: string }>(
      'select count(*) from pullwright.rate_waiter where installation_id = $1',
      [installationId],
    );
    return Number(rows[0]?.count);
  }
});
