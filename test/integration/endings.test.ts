import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEndings } from '../../src/app/endings.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import type { ForgeComment, ForgeReader, ForgeWriter } from '../../src/domain/forge.ts';
import type { NewRun } from '../../src/domain/run.ts';
import type { Store } from '../../src/store/open-store.ts';
import { effectMarker } from '../../src/text/effect-marker.ts';
import { markdown } from '../../src/text/markdown.ts';
import { newRun } from '../support/new-run.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { createTestDatabase } from '../support/test-database.ts';

const bot = { id: 77, login: 'fixer[bot]', type: 'Bot' } as const;

/** Comments per issue, as GitHub keeps them. */
function thread() {
  const comments = new Map<number, ForgeComment[]>();
  let id = 0;
  const on = (issue: number): ForgeComment[] => comments.get(issue) ?? [];
  const reader: Pick<ForgeReader, 'comments'> = { comments: async (_at, issue) => on(issue) };
  const writer: Pick<ForgeWriter, 'createComment' | 'updateComment'> = {
    async createComment(_at, issue, body) {
      id += 1;
      comments.set(issue, [...on(issue), { id, body, author: bot, htmlUrl: '' }]);
      return { id, url: '' };
    },
    async updateComment(_at, commentId, body) {
      for (const [issue, list] of comments) {
        comments.set(
          issue,
          list.map((one) => (one.id === commentId ? { ...one, body } : one)),
        );
      }
    },
  };
  return { bodies: (issue: number) => on(issue).map(({ body }) => body), reader, writer };
}

describe('the end of a run', () => {
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

  async function created(changes: Partial<NewRun> = {}): Promise<NewRun> {
    const run = newRun(changes);
    await store.runs.create({ ...run, trackingIssue: run.target.number });
    return run;
  }

  /** Two processes sweep at once, until the thread says what is waited for. */
  async function sweepUntil(holds: () => boolean, at: ReturnType<typeof thread>): Promise<void> {
    const options = {
      store,
      reader: at.reader as ForgeReader,
      writerFor: () => at.writer as ForgeWriter,
      botLogin: bot.login,
      deadlineHours: 24,
      everyMs: 50,
      clock: systemClock,
      log: new RecordingLog(),
    };
    const sweeps = [startEndings(options), startEndings(options)];
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all(sweeps.map((sweep) => sweep.close()));
  }

  it('by the third crash of its worker is told on the issue, once, and the tracking comment says so too', async () => {
    const run = await created();
    const issue = run.target.number;
    const at = thread();
    await at.writer.createComment(
      { installationId: 7, repositoryId: 1, owner: 'octo', name: 'shop' },
      issue,
      markdown`## Working\n\n${effectMarker(run.id, 'tracking')}`,
    );
    await admin.query(
      "update pullwright.run set state = 'running', epoch = 1, crashes = 2, worker_id = 999 where id = $1",
      [run.id],
    );
    await sweepUntil(() => at.bodies(issue).length > 1, at);
    expect(await store.runs.get(run.id)).toMatchObject({ state: 'failed', crashes: 3 });
    expect(at.bodies(issue)).toHaveLength(2);
    expect(at.bodies(issue)[0]).toMatch(/^## Failed/m);
    expect(at.bodies(issue)[1]).toMatch(/died 3 times/);
    await admin.query('update pullwright.run set told_at = null, tell_after = null where id = $1', [run.id]);
    await store.endings.claimSilent(10);
    await admin.query('update pullwright.run set tell_after = null where id = $1', [run.id]);
    await sweepUntilTold(run, at);
    expect(at.bodies(issue)).toHaveLength(2);
  });

  async function sweepUntilTold(run: NewRun, at: ReturnType<typeof thread>): Promise<void> {
    let told = false;
    const poll = setInterval(() => {
      void admin
        .query('select from pullwright.run where id = $1 and told_at is not null', [run.id])
        .then(({ rowCount }) => {
          told ||= rowCount === 1;
        });
    }, 20);
    await sweepUntil(() => told, at);
    clearInterval(poll);
  }

  it.each(['queued', 'parked', 'running'])('comes after its deadline, also for a %s run', async (state) => {
    const run = await created();
    const at = thread();
    await admin.query(
      "update pullwright.run set state = $2, created_at = now() - interval '25 hours' where id = $1",
      [run.id, state],
    );
    await sweepUntil(() => at.bodies(run.target.number).length > 0, at);
    expect(await store.runs.get(run.id)).toMatchObject({ state: 'failed' });
    expect(at.bodies(run.target.number)).toHaveLength(1);
    expect(at.bodies(run.target.number)[0]).toMatch(/not finished 24 hours after/);
    expect(await store.journal.verify(run.id)).toBeNull();
    expect(await store.queue.claim()).toBeUndefined();
  });

  it('that the run told itself is not told again', async () => {
    const run = await created();
    const claim = await store.queue.claim();
    if (claim?.run.id !== run.id) throw new Error('another run was claimed');
    const end = { state: 'refused', summary: 'No.' } as const;
    await store.journal.append(claim.lease, { kind: 'run.ended', state: 'refused', end }, 'run.ended');
    await store.effects.intend(claim.lease, 'tracking', 'tracking.update', { idempotent: true });
    await store.effects.resolve(claim.lease, 'tracking', 'tracking.update', { outcome: 'sent', id: 1 });
    await store.runs.finish(claim.lease, end);
    expect(await store.endings.claimSilent(10)).toEqual([]);
    const { rowCount } = await admin.query(
      'select from pullwright.run where id = $1 and told_at is not null',
      [run.id],
    );
    expect(rowCount).toBe(1);
  });
});
