import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/app/system-clock.ts';
import { startTidying, tidy } from '../../src/app/tidying.ts';
import type { ClaimedRun } from '../../src/domain/run.ts';
import { createWorkspaces } from '../../src/git/create-workspaces.ts';
import { createJournalRefs } from '../../src/git/journal-refs.ts';
import type { Store } from '../../src/store/open-store.ts';
import { newRun } from '../support/new-run.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { silentLog } from '../support/silent-log.ts';
import { createTestDatabase } from '../support/test-database.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'pullwright-tidying-'));
const git = { stateDir, tokens: null, localMode: false, log: silentLog };
const places = [
  createWorkspaces({
    ...git,
    adopt: async () => undefined,
    remove: async (directory) => await rm(directory, { recursive: true, force: true }),
  }),
  createJournalRefs({ ...git, committer: { name: 'bot', email: 'bot@example.org' } }),
];
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openTestStore(database.url);
});
afterAll(async () => {
  await store.close();
  await database.drop();
  rmSync(stateDir, { recursive: true });
});

async function claimOne(): Promise<ClaimedRun> {
  await store.runs.create(newRun());
  const claimed = await store.queue.claim();
  if (!claimed) throw new Error('nothing to claim');
  return claimed;
}

function make(...names: readonly string[]): void {
  for (const name of names) mkdirSync(join(stateDir, name), { recursive: true });
}

function left(): readonly string[] {
  return ['runs', 'mirrors'].flatMap((room) => readdirSync(join(stateDir, room))).sort();
}

it('removes what is kept of runs that are over, and nothing of others', async () => {
  const [over, open] = [await claimOne(), await claimOne()];
  await store.runs.finish(over.lease, { state: 'cancelled', summary: 'Stopped.' });
  const draft = '.new-unknown-6f0d5a8e-1c22-4f6e-9a34-0b8f2f9f3a11';
  make('mirrors/7.git', `mirrors/journal-${open.run.id}.git`, `mirrors/journal-${over.run.id}.git`);
  make(`runs/${open.run.id}/ws`, `runs/${over.run.id}/trees/head-1`, `runs/${draft}`);
  make(`runs/.new-${over.run.id}-${crypto.randomUUID()}/ws`);
  await tidy({ places, runs: store.runs, log: silentLog });
  expect(left()).toEqual(['7.git', `journal-${open.run.id}.git`, open.run.id, draft].sort());
});

it('looks once more when it is closed', async () => {
  const { run, lease } = await claimOne();
  make(`runs/${run.id}`);
  const tidying = startTidying({ places, runs: store.runs, clock: systemClock, log: silentLog });
  await store.runs.finish(lease, { state: 'cancelled', summary: 'Stopped.' });
  await tidying.close();
  expect(left()).not.toContain(run.id);
});

it('is no error where nothing was ever kept', async () => {
  const empty = createWorkspaces({
    ...git,
    stateDir: join(stateDir, 'never'),
    adopt: async () => undefined,
    remove: async () => undefined,
  });
  await tidy({ places: [empty], runs: store.runs, log: silentLog });
  expect(await empty.kept()).toEqual([]);
});
