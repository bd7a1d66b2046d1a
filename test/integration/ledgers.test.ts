import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EffectKind, EffectResult } from '../../src/domain/effect.ts';
import type { CommitId } from '../../src/domain/ids.ts';
import type { ClaimedRun } from '../../src/domain/run.ts';
import type { Store } from '../../src/store/open-store.ts';
import { newRun } from '../support/new-run.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { createTestDatabase } from '../support/test-database.ts';

describe('what a run writes', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let store: Store;
  let claimed: ClaimedRun;
  const lost = { code: 'lease-lost' };

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await openTestStore(database.url);
  });
  beforeEach(async () => {
    await store.runs.create(newRun());
    claimed = await claim();
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  async function claim(): Promise<ClaimedRun> {
    const next = await store.queue.claim();
    if (!next) throw new Error('nothing to claim');
    return next;
  }

  async function handOver(): Promise<ClaimedRun> {
    await claimed.release({ delayMs: 0, reason: 'drain' });
    return await claim();
  }

  it('as an effect is sent once: new, then unknown to the next owner, then done', async () => {
    const once = { idempotent: false };
    const { effects } = store;
    expect(await effects.intend(claimed.lease, 'pull', 'pull.open', once)).toEqual({ state: 'new' });
    const next = await handOver();
    await expect(effects.intend(claimed.lease, 'late', 'pull.open', once)).rejects.toMatchObject(lost);
    expect(await effects.intend(next.lease, 'pull', 'pull.open', once)).toEqual({ state: 'unknown' });
    const result = { outcome: 'adopted', number: 12, message: 'NUL \0' } as const;
    await expect(effects.resolve(claimed.lease, 'pull', 'pull.open', result)).rejects.toMatchObject(lost);
    await effects.resolve(next.lease, 'pull', 'pull.open', result);
    expect(await effects.intend(next.lease, 'pull', 'pull.open', once)).toEqual({ state: 'done', result });
    const sent = (await store.journal.read(next.run.id)).filter(({ event }) => event.kind === 'effect.sent');
    expect(sent.map(({ event }) => event)).toEqual([
      { kind: 'effect.sent', effect: 'pull.open', key: 'pull', result },
    ]);
    const { id: repositoryId } = next.run.repository;
    expect(await store.pulls.opened(repositoryId, 12)).toBe(true);
    expect(await store.pulls.opened(repositoryId, 13)).toBe(false);
    expect(await store.pulls.opened(repositoryId + 1, 12)).toBe(false);
    expect(await effects.list(next.run.id)).toEqual([
      { key: 'pull', kind: 'pull.open', state: 'done', result, epoch: next.lease.epoch },
    ]);
  });

  it('as a commit on a branch is known as ours by its id, in its own repository, and not when it was refused', async () => {
    const { effects } = store;
    const sha = (digit: string) => digit.repeat(40) as CommitId;
    const put = async (key: string, kind: EffectKind, result: EffectResult): Promise<void> => {
      await effects.intend(claimed.lease, key, kind, { idempotent: false });
      await effects.resolve(claimed.lease, key, kind, result);
    };
    await put('commit', 'commit.publish', { outcome: 'sent', sha: sha('a'), tree: sha('b') });
    await put('push', 'branch.push', {
      outcome: 'rejected',
      sha: sha('c'),
      message: `NUL \0 "sha":"${sha('d')}"`,
    });
    await put('pull', 'pull.open', { outcome: 'sent', sha: sha('e') });
    const asked = ['a', 'b', 'c', 'd', 'e', 'f'].map(sha);
    expect(await effects.published(claimed.run.repository.id, asked)).toEqual([
      { sha: sha('a'), run: claimed.run.id },
    ]);
    expect(await effects.published(claimed.run.repository.id + 1, asked)).toEqual([]);
  });

  it('as an idempotent effect may be sent again after it is done', async () => {
    const again = { idempotent: true };
    const { lease } = claimed;
    expect(await store.effects.intend(lease, 't', 'tracking.update', again)).toEqual({ state: 'new' });
    await store.effects.resolve(lease, 't', 'tracking.update', { outcome: 'sent', id: 3 });
    expect(await store.effects.intend(lease, 't', 'tracking.update', again)).toEqual({ state: 'new' });
    expect(await store.effects.intend(lease, 't', 'tracking.update', again)).toEqual({ state: 'unknown' });
  });

  it('as a reply is answered once over all processes', async () => {
    const states = await Promise.all(
      Array.from({ length: 5 }, () => store.replies.intend('5:issue:1:2026-11-21')),
    );
    expect(states.filter((state) => state !== 'busy')).toMatchObject([{ isNew: true }]);
    expect(states.filter((state) => state === 'busy')).toHaveLength(4);
  });

  it('as the reply of a worker that died is looked for by the next one, and not lost', async () => {
    const other = await openTestStore(database.url, { worker: 'dies' });
    expect(await other.replies.intend('5:issue:2:2026-11-21')).toMatchObject({ isNew: true });
    expect(await store.replies.intend('5:issue:2:2026-11-21')).toBe('busy');
    await other.close();
    expect(await store.replies.intend('5:issue:2:2026-11-21')).toMatchObject({ isNew: false });
  });

  it('as the reply of a worker that does not beat any more is looked for by the next one', async () => {
    const stopped = await openTestStore(database.url, { worker: 'stops', beatMs: 3_600_000 });
    expect(await stopped.replies.intend('5:issue:3:2026-11-21')).toMatchObject({ isNew: true });
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(
      "update pullwright.worker set beat_at = now() - interval '31 seconds' where name = 'stops'",
    );
    await admin.end();
    expect(await store.replies.intend('5:issue:3:2026-11-21')).toMatchObject({ isNew: false });
    await stopped.close();
  });

  it('as spend never passes the cap, however many reserve at once', async () => {
    const cap = { usd: 1, tokens: 1_000_000 };
    const amount = { usd: 0.3, tokens: 10 };
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const answers = await Promise.all(
      keys.map((key) => store.spend.reserve(claimed.lease, key, amount, cap)),
    );
    expect(answers.filter((answer) => answer === 'reserved')).toHaveLength(3);
    expect(await store.spend.total(claimed.run.id)).toEqual({ usd: 0.9, tokens: 30 });
  });

  it('as spend of a day never passes its budget, however many runs of however many processes reserve at once', async () => {
    const other = await openTestStore(database.url, { worker: 'other' });
    const requestedBy = { id: 4_711, login: 'mira', type: 'User' } as const;
    const leases: { readonly store: Store; readonly claimed: ClaimedRun }[] = [];
    for (const from of [store, other, store, other]) {
      await store.runs.create(newRun({ requestedBy }));
      const next = await from.queue.claim();
      if (!next) throw new Error('nothing to claim');
      leases.push({ store: from, claimed: next });
    }
    const cap = { usd: 10, tokens: 1_000_000, days: { 'user-day': 2.1 } };
    const amount = { usd: 0.3, tokens: 1 };
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, turn) =>
        leases.map((held) => held.store.spend.reserve(held.claimed.lease, `turn:${turn}`, amount, cap)),
      ).flat(),
    );
    expect(answers.filter((answer) => answer === 'reserved')).toHaveLength(7);
    const [first] = leases;
    if (!first) throw new Error('no run');
    const standings = await store.spend.standings(first.claimed.run.id, cap);
    const tomorrow = new Date(Math.floor(Date.now() / 86_400_000 + 1) * 86_400_000);
    expect(standings.at(-1)).toEqual({ budget: 'user-day', limit: 2.1, spent: 2.1, resetsAt: tomorrow });
    await movedToYesterday(requestedBy.id);
    expect(await first.store.spend.reserve(first.claimed.lease, 'next', amount, cap)).toBe('reserved');
    for (const held of leases)
      await held.store.runs.finish(held.claimed.lease, { state: 'refused', summary: 'enough' });
    await other.close();
  });

  it('as spend is charged once per key and survives a change of owner', async () => {
    const cap = { usd: 1, tokens: 100 };
    const amount = { usd: 0.6, tokens: 60 };
    expect(await store.spend.reserve(claimed.lease, 'turn:1', amount, cap)).toBe('reserved');
    const next = await handOver();
    expect(await store.spend.reserve(next.lease, 'turn:1', amount, cap)).toBe('reserved');
    expect(await store.spend.reserve(next.lease, 'turn:2', amount, cap)).toMatchObject({ budget: 'run' });
    await store.spend.settle(next.lease, 'turn:1', { usd: 0.125, tokens: 20 });
    await store.spend.settle(next.lease, 'turn:1', { usd: 0.125, tokens: 20 });
    expect(await store.spend.total(next.run.id)).toEqual({ usd: 0.125, tokens: 20 });
    await expect(store.spend.reserve(claimed.lease, 'late', amount, cap)).rejects.toMatchObject(lost);
    await expect(store.spend.settle(claimed.lease, 'turn:1', amount)).rejects.toMatchObject(lost);
  });

  it('as a checkpoint of the graph is resumed by the next owner and refused from the one before', async () => {
    const threadId = { configurable: { thread_id: claimed.run.id }, durability: 'sync' } as const;
    const graphFor = (lease: ClaimedRun['lease'], limit: number) =>
      countingGraph(limit).compile({ checkpointer: store.checkpointer(lease) });
    await expect(graphFor(claimed.lease, 2).invoke({ count: 0 }, threadId)).rejects.toThrow('limit');
    const next = await handOver();
    await expect(graphFor(claimed.lease, 9).invoke(null, threadId)).rejects.toMatchObject(lost);
    expect(await graphFor(next.lease, 9).invoke(null, threadId)).toEqual({ count: 5 });
  });

  it('of an installation that was removed is deleted after the retention time, and of no other', async () => {
    const other = newRun({ installationId: 99 });
    await store.runs.create(other);
    const hash = await store.blobs.put(Buffer.from('only theirs'));
    const kept = await store.blobs.put(Buffer.from('of both'));
    const theirs = await claim();
    for (const [lease, text] of [
      [theirs.lease, `${hash} ${kept}`],
      [claimed.lease, kept],
    ] as const) {
      await store.journal.append(lease, { kind: 'note', level: 'info', text });
    }
    await store.effects.intend(theirs.lease, 'k', 'pull.open', { idempotent: false });
    await store.installations.record(99, 'acme', 'installed');
    await store.installations.record(99, 'acme', 'removed');
    await store.installations.record(99, 'acme', 'unsuspended');
    expect(await store.installations.removed(30)).toEqual([]);
    expect((await store.installations.removed(0)).map(({ id }) => id)).toEqual([99]);
    expect(await countJobs(99)).toBe(1);
    await store.installations.deleteRows(99);
    expect(await store.installations.removed(0)).toEqual([]);
    expect((await store.installations.get(99))?.removedAt).toBeInstanceOf(Date);
    expect(await store.runs.get(other.id)).toBeUndefined();
    expect(await store.blobs.get(hash)).toBeUndefined();
    expect(await store.blobs.get(kept)).toBeDefined();
    expect(await store.journal.verify(claimed.run.id)).toBeNull();
    expect(await countJobs(99)).toBe(0);
  });

  it('answers a ping while the database is there', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });

  async function movedToYesterday(requesterId: number): Promise<void> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('update pullwright.spend set day = day - 1 where requester_id = $1', [requesterId]);
    await client.end();
  }

  async function countJobs(installationId: number): Promise<number | null> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rowCount } = await client.query('select from pgboss.job where group_id = $1', [
      String(installationId),
    ]);
    await client.end();
    return rowCount;
  }
});

/** Counts to five, one super-step each, and fails when the count is at `limit`. */
function countingGraph(limit: number) {
  const State = Annotation.Root({ count: Annotation<number> });
  return new StateGraph(State)
    .addNode('step', ({ count }) => {
      if (count === limit) throw new Error('limit');
      return { count: count + 1 };
    })
    .addEdge(START, 'step')
    .addConditionalEdges('step', ({ count }) => (count < 5 ? 'step' : END));
}
