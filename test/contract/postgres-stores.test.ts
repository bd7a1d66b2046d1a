import { afterAll, beforeAll } from 'vitest';
import type { ClaimedRun } from '../../src/domain/run.ts';
import type { Store } from '../../src/store/open-store.ts';
import { newRun } from '../support/new-run.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { createTestDatabase } from '../support/test-database.ts';
import { describeRunInbox } from './run-inbox-contract.ts';
import {
  describeBlobs,
  describeEffectLedger,
  describeJournal,
  describeReplyLedger,
  describeSpend,
  type LedgerSubject,
} from './run-ledger-contract.ts';
import { describeRunStore } from './run-store-contract.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
beforeAll(async () => {
  database = await createTestDatabase();
  store = await openTestStore(database.url);
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

async function claimRun(): Promise<ClaimedRun> {
  const claimed = await store.queue.claim();
  if (!claimed) throw new Error('nothing to claim');
  return claimed;
}

const postgres: LedgerSubject = {
  name: 'Postgres',
  async open() {
    await store.runs.create(newRun());
    let claimed = await claimRun();
    const { journal, blobs, spend, effects } = store;
    return {
      journal,
      blobs,
      spend,
      effects,
      lease: claimed.lease,
      async handOver() {
        await claimed.release({ delayMs: 0, reason: 'drain' });
        claimed = await claimRun();
        return claimed.lease;
      },
    };
  },
};

describeJournal(postgres);
describeSpend(postgres);
describeBlobs(postgres);
describeEffectLedger(postgres);
describeReplyLedger({ name: 'Postgres', open: async () => store.replies });
describeRunStore({ name: 'Postgres', open: async () => store.runs });
describeRunInbox({
  name: 'Postgres',
  async open() {
    const { journal, effects: _, ...run } = await postgres.open();
    if (!journal) throw new Error('no journal');
    let { lease } = run;
    return {
      inbox: store.inbox,
      journal,
      lease,
      async handOver() {
        lease = await run.handOver();
        return lease;
      },
      end: () => store.runs.finish(lease, { state: 'refused', summary: 'done' }),
    };
  },
});
