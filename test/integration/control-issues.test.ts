import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ShowOptions, showControlIssue } from '../../src/app/control/show-control-issue.ts';
import { watchTicks } from '../../src/app/control/watch-ticks.ts';
import { reconciled } from '../../src/app/reconciliation.ts';
import { AppError } from '../../src/domain/app-error.ts';
import type { ClaimedRun, Run } from '../../src/domain/run.ts';
import { createControlIssues } from '../../src/effects/control-issues.ts';
import type { Store } from '../../src/store/open-store.ts';
import { MemoryForge } from '../effects/memory-forge.ts';
import { freeRates } from '../support/free-rates.ts';
import { newRun } from '../support/new-run.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { operatorBudgets } from '../support/operator-budgets.ts';
import { ada, editEvent, ownBot } from '../support/payloads.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { createTestClock } from '../support/test-clock.ts';
import { createTestDatabase } from '../support/test-database.ts';

describe('the control issue of a repository', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let store: Store;
  let repositoryId = 100;

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await openTestStore(database.url);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });
  beforeEach(() => {
    repositoryId += 1;
  });
  afterEach(async () => {
    for (let left = await store.queue.claim(); left; left = await store.queue.claim())
      await store.runs.finish(left.lease, { state: 'cancelled', summary: 'Over.' });
  });

  const here = () => ({ id: repositoryId, installationId: 7, owner: 'octo', name: 'shop' });
  const runHere = (changes: Parameters<typeof newRun>[0] = {}) =>
    newRun({ repository: { ...newRun().repository, id: repositoryId }, ...changes });

  /** A forge with this `.github/agent.yml`, and everything around it. */
  function world(file: string | null = 'control_issue: true\n') {
    const forge = new MemoryForge();
    const clock = createTestClock();
    const state = {
      file,
      repository: { archived: false, hasIssues: true } as
        | { archived: boolean; hasIssues: boolean }
        | undefined,
    };
    const log = new RecordingLog();
    const options: ShowOptions = {
      store,
      reader: {
        file: async () => state.file ?? undefined,
        repository: async () => state.repository as never,
      },
      budgets: { ...operatorBudgets, repositoryDayUsd: 10 },
      label: 'agent',
      issues: createControlIssues({
        reader: forge.reader,
        writer: forge.writer,
        rates: freeRates(),
        store: store.controls,
        botLogin: 'pullwright[bot]',
      }),
      ticks: watchTicks({ deliveries: store.deliveries, bookmarks: store.bookmarks, clock }),
      log,
    };
    const at = { installationId: 7, repositoryId, owner: 'octo', name: 'shop' };
    const show = () => showControlIssue(options, at);
    const body = (): string => forge.issues[0]?.body ?? '';
    const edit = (change: (text: string) => string): void => {
      const [issue] = forge.issues;
      if (issue) issue.body = change(issue.body);
    };
    return { forge, clock, state, log, show, body, edit };
  }

  const tickFirst = (text: string): string =>
    text.replace('- [ ] <!-- pullwright:box', '- [x] <!-- pullwright:box');

  async function claimHere(): Promise<ClaimedRun> {
    const claimed = await store.queue.claim();
    if (!claimed) throw new Error('nothing to claim');
    return claimed;
  }

  it('is made where the default branch asks for it, and written only when something changed', async () => {
    const { forge, show, body } = world();
    const run = runHere();
    await store.runs.create(run);
    expect([await show(), await show()]).toEqual(['written', 'same']);
    expect(forge.applied).toEqual(['createIssue']);
    expect(body()).toContain(`pullwright:box=stop:${run.id}`);
    await store.runs.requestCancel(run.id, 'stopped');
    expect(await show()).toBe('written');
    expect(body()).toContain('being stopped');
  });

  it.each([
    ['there is no file', null],
    ['the file says nothing of it', 'plan: always\n'],
    ['the file is not valid', 'control_issue: [\n'],
    ['the file says no', 'control_issue: false\n'],
  ])('is not made where %s', async (_, file) => {
    const { forge, show } = world();
    const other = world(file);
    expect(await other.show()).toBe('none');
    expect(other.forge.issues).toEqual([]);
    // One that is there already stays where nobody can tell what is wanted.
    await show();
    expect(forge.issues).toHaveLength(1);
  });

  it.each([
    ['is archived', { archived: true, hasIssues: true }],
    ['has no issues', { archived: false, hasIssues: false }],
    ['is gone', undefined],
  ])('is not made in a repository that %s', async (_, repository) => {
    const { forge, state, show } = world();
    state.repository = repository;
    expect([await show(), forge.issues]).toEqual(['none', []]);
  });

  it('stays as it is while the file is not valid, and says so and offers nothing once it is turned off', async () => {
    const { forge, state, show, body } = world();
    await show();
    state.file = 'control_issue: [\n';
    expect(await show()).toBe('same');
    state.file = 'plan: never\n';
    expect(await show()).toBe('none');
    expect(body()).toMatch(/is not set in/);
    expect(await store.controls.get(repositoryId)).toBeUndefined();
    state.file = 'control_issue: true\n';
    expect(await show()).toBe('written');
    expect(forge.issues).toHaveLength(1);
  });

  it('is due when runs are queued, start, wait or end, and not while it was just looked at', async () => {
    const { show } = world();
    await store.repositories.record(here());
    await show();
    const due = async (gapMs = 0) =>
      (await store.controls.due(gapMs)).map(({ id }) => id).includes(repositoryId);
    expect(await due()).toBe(false);
    await store.runs.create(runHere());
    expect([await due(), await due(60_000)]).toEqual([true, false]);
    await show();
    expect(await due()).toBe(false);
    const claimed = await claimHere();
    expect(await due()).toBe(true);
    await show();
    await claimed.release({ delayMs: 60_000, reason: 'It waits.', cause: 'person', waitId: 'w' });
    expect(await due()).toBe(true);
    await show();
    await store.runs.requestCancel(claimed.run.id, 'enough');
    expect(await due()).toBe(true);
    await show();
    const again = await claimHere();
    await store.runs.finish(again.lease, { state: 'cancelled', summary: 'Stopped.' });
    expect(await due()).toBe(true);
    await show();
    expect(await due()).toBe(false);
    await store.repositories.forget([repositoryId]);
    await store.runs.create(runHere());
    expect(await due()).toBe(false);
  });

  it('does not overwrite a tick whose delivery waits, or may still come', async () => {
    const { show, body, edit } = world();
    await store.runs.create(runHere());
    await show();
    edit(tickFirst);
    const delivery = editEvent(body(), {
      from: 'x',
      by: ada,
      number: (await store.controls.get(repositoryId))?.number ?? 0,
    });
    await store.deliveries.insert({ ...delivery, repositoryId, rawBody: null, problem: null });
    await store.bookmarks.move(reconciled, new Date(Date.now() + 60_000));
    expect(await show()).toBe('waits');
    expect(body()).toContain('- [x]');
    // Heard of: it is unticked, without a word.
    const [box = ''] = /(?<=pullwright:box=)\S+/.exec(body()) ?? [];
    await store.controls.take(repositoryId, { boxes: [box], handled: [`g:${box}`] });
    await store.deliveries.finish(delivery.guid, { kind: 'applied', what: 'stop' });
    expect(await show()).toBe('written');
    expect(body()).not.toContain('- [x]');
    expect(body()).not.toContain('without GitHub telling me');
    expect(await store.controls.get(repositoryId)).toMatchObject({ taken: [], handled: [`g:${box}`] });
  });

  it('unticks what nobody was told of once GitHub’s own log was read since, and says that nothing was done', async () => {
    const { forge, clock, log, show, body, edit } = world();
    clock.advance(Date.now() + 3_600_000);
    await store.runs.create(runHere());
    await show();
    edit(tickFirst);
    expect([await show(), await show()]).toEqual(['waits', 'waits']);
    clock.advance(1_000);
    await store.bookmarks.move(reconciled, clock.now());
    expect(await show()).toBe('written');
    expect(body()).toContain('A box was ticked here without GitHub telling me by whom');
    expect(log.lines.map(({ event }) => event)).toContain('control-issue.ticks-missed');
    const kept = await store.controls.get(repositoryId);
    expect([kept?.missed.length, kept?.missedUntil]).toEqual([1, forge.issues[0]?.updatedAt]);
    expect(await show()).toBe('same');
    // A day later it is said no more.
    const [issue] = forge.issues;
    if (issue) issue.updatedAt = new Date(issue.updatedAt.getTime() + 25 * 3_600_000);
    expect(await show()).toBe('written');
    expect(body()).not.toContain('without GitHub telling me');
  });

  it('is written by one at a time, and taken over from a worker that is gone', async () => {
    const { show } = world();
    await show();
    const other = await openTestStore(database.url);
    const stopped = await other.controls.claim(repositoryId);
    if (!stopped) throw new Error('not claimed');
    expect([await show(), await store.controls.claim(repositoryId)]).toEqual(['busy', undefined]);
    await other.close();
    const taken = await store.controls.claim(repositoryId);
    if (!taken) throw new Error('not taken over');
    // The other one wakes up, and gives nothing away that is not its own.
    await store.controls.release(stopped, null);
    expect(await show()).toBe('busy');
    await store.controls.release(taken, null);
    expect(await show()).toBe('same');
  });

  it('is looked at again after an outage, and not after a refusal that stays', async () => {
    const { forge, show } = world();
    await store.repositories.record(here());
    const due = async () => (await store.controls.due(0)).map(({ id }) => id).includes(repositoryId);
    forge.faults.push(new AppError('github-unavailable', 'no answer'));
    await expect(show()).rejects.toThrow(/no answer/);
    expect(await due()).toBe(true);
    forge.faults.push(new AppError('github-forbidden', 'no'));
    await expect(show()).rejects.toThrow(/no/);
    expect(await due()).toBe(false);
  });

  it('shows the figures of this repository and of no other', async () => {
    const own = runHere({ requestedBy: { id: 5, login: 'own-ada', type: 'User' } });
    const foreign = newRun({ input: { ...newRun().input, title: 'A secret of others' } });
    for (const [run, usd] of [
      [own, 0.5],
      [foreign, 3],
    ] as const) {
      await store.runs.create(run);
      const claimed = await claimOf(run.id);
      await store.spend.reserve(claimed.lease, 'turn', { usd, tokens: 10 }, { usd: 100, tokens: 1_000 });
      await store.runs.finish(claimed.lease, {
        state: 'failed',
        summary: `The end of ${run.repository.id}.`,
      });
    }
    const { show, body } = world();
    await show();
    expect(body()).toContain(`The end of ${repositoryId}.`);
    expect(body()).toContain('Spent today (UTC): $0.50 of $10.00 for a day');
    expect(body()).toContain('0 of 1 runs published');
    expect(body()).not.toMatch(/secret of others|\$3/);
    expect(await store.controls.figures(999)).toMatchObject({ outcomes: [], spentMonthUsd: 0 });
  });

  async function claimOf(id: Run['id']): Promise<ClaimedRun> {
    const claimed = await claimHere();
    expect(claimed.run.id).toBe(id);
    return claimed;
  }

  it('has an edit of a person announced, and none of its own', async () => {
    const edits = [
      editEvent('x', { from: 'y', by: ada }),
      editEvent('x', { from: 'y', by: ownBot, number: 31 }),
    ];
    for (const edit of edits)
      await store.deliveries.insert({ ...edit, repositoryId, rawBody: null, problem: null });
    expect(await store.deliveries.waits(repositoryId, 'edited:30')).toBe(true);
    expect(await store.deliveries.waits(repositoryId, 'edited:31')).toBe(false);
    expect(await store.deliveries.waits(repositoryId + 1, 'edited:30')).toBe(false);
  });

  it('remembers so many ticks and no more', async () => {
    await store.controls.enable(here());
    for (let nth = 0; nth < 120; nth += 1)
      await store.controls.take(repositoryId, { boxes: [], handled: [`guid:${nth}`] });
    const kept = (await store.controls.get(repositoryId))?.handled ?? [];
    expect([kept.length, kept.at(0), kept.at(-1)]).toEqual([100, 'guid:20', 'guid:119']);
  });
});
