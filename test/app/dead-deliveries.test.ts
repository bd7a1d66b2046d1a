import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTellingOfDeadDeliveries } from '../../src/app/dead-deliveries.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import type { Delivery } from '../../src/domain/delivery.ts';
import type { ReplyPort } from '../../src/domain/effect.ts';
import type { Store } from '../../src/store/open-store.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { commentEvent, issueEvent, otherBot, ownBot, reviewEvent } from '../support/payloads.ts';
import { silentLog } from '../support/silent-log.ts';
import { createTestDatabase } from '../support/test-database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
let admin: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openTestStore(database.url);
  admin = new Client({ connectionString: database.url });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await store.close();
  await database.drop();
});

/** Stores it and gives it up, as five failures do. */
async function bury(delivery: Delivery): Promise<void> {
  const rawBody = Buffer.from(JSON.stringify(delivery.payload));
  await store.deliveries.insert({ ...delivery, rawBody, problem: null });
  await admin.query("update pullwright.delivery set state = 'dead' where guid = $1", [delivery.guid]);
}

it('tells whoever asked, on the thread and once, that the request died, and nobody else', async () => {
  const label = issueEvent('labeled');
  const command = commentEvent('/agent fix the sum');
  const review = reviewEvent('No.', { state: 'changes_requested', author: ownBot });
  for (const dead of [
    label,
    command,
    commentEvent('Thanks!'),
    issueEvent('labeled', undefined, 'bug'),
    commentEvent('/agent fix it', { by: otherBot }),
    review,
    reviewEvent('No.', { state: 'changes_requested' }),
    reviewEvent('Hm.'),
  ])
    await bury(dead);
  const told: { readonly issue: number; readonly key: string; readonly body: string }[] = [];
  const lastMarked = Promise.withResolvers<void>();
  const replies: ReplyPort = {
    react: async () => undefined,
    async reply(_at, issue, key, body) {
      told.push({ issue, key, body });
      return true;
    },
  };
  let marked = 0;
  const dead: Store['dead'] = {
    untold: (limit) => store.dead.untold(limit),
    async markTold(guid) {
      await store.dead.markTold(guid);
      marked += 1;
      if (marked === 8) lastMarked.resolve();
    },
  };
  const telling = startTellingOfDeadDeliveries({
    dead,
    replies,
    labelName: 'agent',
    everyMs: 20,
    clock: systemClock,
    log: silentLog,
  });
  await lastMarked.promise;
  await telling.close();
  expect(told.map(({ issue, key }) => [issue, key])).toEqual([label, command, review].map(keyOf));
  expect(told[0]?.body).toContain('I could not process this request');
  expect(await store.dead.untold(10)).toEqual([]);
});

it('leaves out what still waits', async () => {
  const waiting = commentEvent('/agent fix it', { id: 9002 });
  await store.deliveries.insert({ ...waiting, rawBody: Buffer.from('{}'), problem: null });
  expect(await store.dead.untold(10)).toEqual([]);
});

/** Ada asked, on issue 7; the ledger of replies makes two of one day one. */
function keyOf(): readonly [number, string] {
  return [7, `dead:42:7:11:${new Date().toISOString().slice(0, 10)}`];
}
