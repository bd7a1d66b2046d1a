import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimedRun, ParkCause } from '../../src/domain/run.ts';
import type { NewRunMessage, RunMessageKind } from '../../src/domain/run-inbox.ts';
import type { Store } from '../../src/store/open-store.ts';
import { newRun } from '../support/new-run.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { createTestDatabase } from '../support/test-database.ts';

const dayMs = 24 * 3_600_000;

describe('a run that waits', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let store: Store;
  let other: Store;
  beforeAll(async () => {
    database = await createTestDatabase();
    store = await openTestStore(database.url);
    other = await openTestStore(database.url);
  });
  afterAll(async () => {
    await other.close();
    await store.close();
    await database.drop();
  });

  async function claimNew(): Promise<ClaimedRun> {
    await store.runs.create(newRun());
    const claimed = await store.queue.claim();
    if (!claimed) throw new Error('nothing to claim');
    return claimed;
  }

  function message({ run }: ClaimedRun, kind: RunMessageKind, key = `comment:${run.id}`): NewRunMessage {
    const { requestedBy: actor } = run;
    return { runId: run.id, kind, text: 'yes', actor, role: 'write', commentId: 1, triggerKey: key };
  }

  const park = (claimed: ClaimedRun, cause: ParkCause, seenSeq = 0): Promise<void> =>
    claimed.release({ delayMs: dayMs, reason: 'waiting', cause, seenSeq });

  async function finish(claimed: ClaimedRun): Promise<void> {
    await store.runs.finish(claimed.lease, { state: 'refused', summary: 'done' });
  }

  it.each([
    ['a person', 'when one answers', 'person'],
    ['checks of others', 'when somebody says something', 'checks'],
  ] as const)('for %s goes on at once %s, on whatever process is free', async (_, __, cause) => {
    const claimed = await claimNew();
    await park(claimed, cause);
    expect(await store.queue.claim()).toBeUndefined();
    expect((await store.runs.get(claimed.run.id))?.state).toBe('parked');
    const woken = other.queue.waitForWork(10_000, new AbortController().signal);
    expect(await store.inbox.post(message(claimed, 'message'))).toBe('posted');
    await woken;
    const again = await other.queue.claim();
    expect(again?.run.id).toBe(claimed.run.id);
    expect(again?.run.crashes).toBe(0);
    if (again) await other.runs.finish(again.lease, { state: 'refused', summary: 'done' });
  });

  it('for a provider is not woken by words for the agent, but by a command', async () => {
    const claimed = await claimNew();
    await park(claimed, 'provider');
    await store.inbox.post(message(claimed, 'revise'));
    expect(await store.queue.claim()).toBeUndefined();
    await store.inbox.post(message(claimed, 'pause', `comment:pause-${claimed.run.id}`));
    const again = await store.queue.claim();
    expect(again?.run.id).toBe(claimed.run.id);
    if (again) await finish(again);
  });

  it('does not start to wait when something came that its worker has not seen', async () => {
    const claimed = await claimNew();
    await store.inbox.post(message(claimed, 'approve'));
    await park(claimed, 'person', 0);
    const again = await store.queue.claim();
    expect(again?.run.id).toBe(claimed.run.id);
    if (!again) return;
    await park(again, 'person', 1);
    expect(await store.queue.claim()).toBeUndefined();
    await store.runs.requestCancel(claimed.run.id, 'enough');
    const last = await store.queue.claim();
    expect(last?.run.id).toBe(claimed.run.id);
    if (last) await finish(last);
  });

  it('never misses a message that comes while it is given back', async () => {
    for (let round = 0; round < 20; round++) {
      const claimed = await claimNew();
      await Promise.all([park(claimed, 'person'), other.inbox.post(message(claimed, 'approve'))]);
      const again = await store.queue.claim();
      expect(again?.run.id).toBe(claimed.run.id);
      if (again) await finish(again);
    }
  });

  it('loses its messages with its installation, after the retention', async () => {
    const claimed = await claimNew();
    await store.inbox.post(message(claimed, 'approve'));
    await finish(claimed);
    await store.installations.deleteRows(claimed.run.installationId);
    expect(await store.inbox.pending(claimed.run.id)).toEqual([]);
    expect(await store.runs.get(claimed.run.id)).toBeUndefined();
  });
});
