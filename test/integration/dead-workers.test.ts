import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimedRun, NewRun } from '../../src/domain/run.ts';
import type { Store } from '../../src/store/open-store.ts';
import { newRun } from '../support/new-run.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { createTestDatabase } from '../support/test-database.ts';

describe('the runs of a worker that', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let store: Store;
  const workers: Worker[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await openTestStore(database.url);
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.kill()));
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  async function startWorker(): Promise<Worker> {
    const worker = new Worker(database.url);
    workers.push(worker);
    expect(await worker.line()).toMatch(/^claimed /);
    return worker;
  }

  async function takeOver(run: NewRun): Promise<ClaimedRun> {
    const deadline = performance.now() + 10_000;
    while (performance.now() < deadline) {
      const claim = await store.queue.claim();
      if (claim?.run.id === run.id) return claim;
      await store.queue.waitForWork(500, new AbortController().signal);
    }
    throw new Error('not taken over within 10 s');
  }

  async function end({ lease }: ClaimedRun): Promise<void> {
    await store.runs.finish(lease, { state: 'published', summary: 'done' });
  }

  it('was killed are taken over, with the crash counted', async () => {
    const run = newRun();
    await store.runs.create(run);
    const worker = await startWorker();
    await worker.kill();
    const claim = await takeOver(run);
    expect(claim.run.crashes).toBe(1);
    expect(claim.run.epoch).toBeGreaterThan(1);
    await store.journal.append(claim.lease, { kind: 'note', level: 'info', text: 'goes on' });
    await end(claim);
    expect(await store.journal.verify(run.id)).toBeNull();
  });

  it('was stopped are taken over, and when it wakes up it can write no more', async () => {
    const run = newRun();
    await store.runs.create(run);
    const worker = await startWorker();
    worker.signal('SIGSTOP');
    const claim = await takeOver(run);
    worker.signal('SIGCONT');
    worker.write('I am still here');
    const lines = [await worker.line(), await worker.line()].sort();
    expect(lines).toEqual(['aborted lease-lost', 'refused lease-lost']);
    await end(claim);
    const notes = (await store.journal.read(run.id)).filter(({ event }) => event.kind === 'note');
    expect(notes).toEqual([]);
  });

  it('died three times over the same run end that run', async () => {
    const run = newRun();
    await store.runs.create(run);
    const first = await takeOver(run);
    await store.effects.intend(first.lease, 'hello', 'comment.create', { idempotent: false });
    await first.release({ delayMs: 0, reason: 'test' });
    for (const _crash of [1, 2, 3]) {
      await workFor(run, 'queued');
      const worker = await startWorker();
      await worker.kill();
    }
    await workFor(run, 'failed');
    expect(await store.runs.get(run.id)).toMatchObject({ state: 'failed', crashes: 3 });
    expect((await store.journal.read(run.id)).at(-1)?.event).toMatchObject({
      kind: 'run.ended',
      state: 'failed',
    });
    // Nobody will ask GitHub what became of it, and the ledger says so.
    expect(await store.effects.list(run.id)).toMatchObject([{ key: 'hello', state: 'abandoned' }]);
    expect(await store.queue.claim()).toBeUndefined();
  });

  it('lost its session are taken over, and it goes on with new ones', async () => {
    const run = newRun();
    await store.runs.create(run);
    const first = await takeOver(run);
    const aborted = once(first.lease.signal, 'abort');
    await terminateSessions('pullwright worker test');
    await aborted;
    expect(first.lease.signal.reason).toMatchObject({ code: 'lease-lost' });
    const second = await takeOver(run);
    expect(second.run.epoch).toBeGreaterThan(first.run.epoch);
    expect(second.lease.signal.aborted).toBe(false);
    await end(second);
  });

  it('closes are given back at once, without a crash', async () => {
    const run = newRun();
    await store.runs.create(run);
    const other = await openTestStore(database.url);
    const claim = await other.queue.claim();
    expect(claim?.run.id).toBe(run.id);
    await other.close();
    expect(claim?.lease.signal.reason).toMatchObject({ code: 'lease-lost' });
    const next = await takeOver(run);
    expect(next.run.crashes).toBe(0);
    await end(next);
  });

  it('lost their job in the queue can be claimed all the same', async () => {
    const run = newRun();
    await store.runs.create(run);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('delete from pgboss.job');
    await client.end();
    const claimed = await takeOver(run);
    expect(claimed.run.id).toBe(run.id);
    await end(claimed);
  });

  /** Waits until the run has this state: polls, because its change by a reaper is no event of this process. */
  async function workFor(run: NewRun, state: string): Promise<void> {
    await expect.poll(async () => (await store.runs.get(run.id))?.state, { timeout: 10_000 }).toBe(state);
  }

  async function terminateSessions(applicationName: string): Promise<void> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rowCount } = await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = current_database()',
      [applicationName],
    );
    await client.end();
    expect(rowCount).toBe(1);
  }
});

class Worker {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterableIterator<string>;
  readonly #reader: Interface;

  constructor(url: string) {
    const script = join(import.meta.dirname, 'run-worker.ts');
    this.#child = spawn(process.execPath, [script, url], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!this.#child.stdout) throw new Error('no output');
    this.#reader = createInterface({ input: this.#child.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    return String((await this.#lines.next()).value);
  }

  write(text: string): void {
    this.#child.stdin?.write(`${text}\n`);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
