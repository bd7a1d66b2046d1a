import { describe, expect, it } from 'vitest';
import type { ForgePull } from '../../src/domain/forge.ts';
import type { CommitId, RunId } from '../../src/domain/ids.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { Run } from '../../src/domain/run.ts';
import {
  commentEvent,
  issueEvent,
  mona,
  otherBot,
  ownBot,
  pullEvent,
  pushEvent,
} from '../support/payloads.ts';
import { triggerWorld } from './trigger-world.ts';

type World = ReturnType<typeof triggerWorld>;

const tip = 'c'.repeat(40);

/** A pull request of ours that ada asked for, whose run is over. */
async function publishedWorld(pull: Partial<ForgePull> = {}): Promise<World> {
  const world = triggerWorld();
  await world.process(issueEvent('labeled'));
  world.runs.end('published');
  const [run] = world.runs.all;
  const known = world.forge.pull;
  if (!run || !known) throw new Error('no run');
  const headRef = run.branches.head;
  world.forge.pull = { ...known, number: 20, author: { ...ownBot, type: 'Bot' }, headRef, ...pull };
  world.forge.openPulls = [world.forge.pull];
  world.journals.set(run.id, [chosen(headRef)]);
  return world;
}

function chosen(head: string): JournalEvent {
  const commits = { headTip: null, baseSha: '', startSha: '', startTree: '' as never };
  return { kind: 'base.chosen', base: 'main', head, ...commits, files: 1, notes: [] };
}

function merged(workflows: readonly string[]): JournalEvent {
  const sides = { parted: '', treeId: '' as never, conflicts: [], ours: [], theirs: [] };
  return { kind: 'base.merged', ...sides, upToDate: false, workflows };
}

const newest = ({ runs }: World): Run => runs.all.at(-1) as Run;

describe('a base branch that moved', () => {
  it('starts a merge for whoever asked for the pull request, where it is in conflict', async () => {
    const world = await publishedWorld({ mergeable: 'conflict' });
    expect(await world.process(pushEvent('refs/heads/main'))).toEqual({ kind: 'accepted', runId: 'run-2' });
    expect(newest(world)).toMatchObject({
      trigger: 'update',
      triggerKey: `update:42:20:${'b'.repeat(40)}:${tip}`,
      target: { kind: 'pull-request', number: 20 },
      branches: { base: 'main', head: 'agent/7-sum-is-wrong', headSha: 'b'.repeat(40) },
      requestedBy: { login: 'ada' },
      input: { title: 'Sum is wrong' },
      trackingIssue: 7,
    });
    world.runs.end('published');
    expect(await world.process(pushEvent('refs/heads/main'))).toMatchObject({ kind: 'ignored' });
    expect(world.runs.all).toHaveLength(2);
    expect(world.texts()).toEqual([]);
  });

  it('works for whoever asked for the pull request, not for who reviewed it since', async () => {
    const world = await publishedWorld({ mergeable: 'conflict' });
    const [first] = world.runs.all as [Run];
    const reviewer = { ...mona, type: 'User' as const };
    const round = { ...first, id: 'run-9' as RunId, trigger: 'round' as const, requestedBy: reviewer };
    const input = { ...first.input, title: 'Another input' };
    world.runs.all.push({ ...round, input, triggerKey: 'review:1' });
    world.journals.set(round.id, [chosen(first.branches.head)]);
    expect(await world.process(pushEvent('refs/heads/main'))).toMatchObject({ kind: 'accepted' });
    expect(newest(world)).toMatchObject({ requestedBy: { login: 'ada' }, input: { title: 'Sum is wrong' } });
  });

  it('starts one where the base demands what is up to date', async () => {
    const world = await publishedWorld({ mergeable: 'behind' });
    expect(await world.process(pushEvent('refs/heads/main'))).toMatchObject({ kind: 'accepted' });
  });

  it('is looked at again while GitHub does not know', async () => {
    const world = await publishedWorld({ mergeable: 'unknown' });
    const first = pushEvent('refs/heads/main');
    expect(await world.process(first)).toMatchObject({ kind: 'later', delayMs: 5_000 });
    const receivedAt = new Date(world.clock.now().getTime() - 2 * 3_600_000);
    expect(await world.process({ ...first, receivedAt })).toMatchObject({ kind: 'ignored' });
    change(world.forge, { mergeable: 'conflict' });
    expect(await world.process(first)).toMatchObject({ kind: 'accepted' });
  });

  it.each<[string, (world: World) => void]>([
    ['can be merged', ({ forge }) => change(forge, { mergeable: 'clean' })],
    ['is closed', ({ forge }) => change(forge, { state: 'closed' })],
    ["is a person's", ({ forge }) => change(forge, { author: { ...mona, type: 'User' } })],
    ["is another bot's", ({ forge }) => change(forge, { author: { ...otherBot, type: 'Bot' } })],
    ['comes from a fork', ({ forge }) => change(forge, { headRepositoryId: 43 })],
    ['is of no run of ours', ({ forge }) => change(forge, { headRef: 'agent/9-other' })],
    ['was asked for by somebody who may not write any more', ({ forge }) => (forge.roles = { ada: 'read' })],
    ['is in a repository that wants no updates', ({ forge }) => (forge.followsBase = false)],
  ])('changes nothing for a pull request that %s', async (_, differ) => {
    const world = await publishedWorld({ mergeable: 'conflict' });
    differ(world);
    expect(await world.process(pushEvent('refs/heads/main'))).toMatchObject({ kind: 'ignored' });
    expect(world.runs.all).toHaveLength(1);
  });

  it('waits while a run works on it, and changes nothing for another branch, a tag or a branch that went', async () => {
    const world = await publishedWorld({ mergeable: 'conflict' });
    for (const event of [
      pushEvent('refs/heads/other'),
      pushEvent('refs/tags/main'),
      pushEvent('refs/heads/main', { deleted: true }),
    ])
      expect(await world.process(event)).toMatchObject({ kind: 'ignored' });
    await world.process(commentEvent('/agent fix more'));
    expect(await world.process(pushEvent('refs/heads/main'))).toMatchObject({ kind: 'later' });
    world.runs.end('published');
    expect(await world.process(pushEvent('refs/heads/main'))).toMatchObject({ kind: 'accepted' });
  });

  it('is tried once a day for a branch on which it did not work', async () => {
    const world = await publishedWorld({ mergeable: 'conflict' });
    await world.process(pushEvent('refs/heads/main'));
    const [first, tried] = world.runs.all as [Run, Run];
    const again = (createdAt: Date, headSha: string): Promise<unknown> => {
      const branches = { ...tried.branches, headSha: headSha as CommitId };
      world.runs.all.splice(0, 9, first, {
        ...tried,
        state: 'refused',
        triggerKey: 'earlier',
        createdAt,
        branches,
      });
      world.journals.set('run-2' as RunId, [chosen(tried.branches.head)]);
      return world.process(pushEvent('refs/heads/main'));
    };
    const now = world.clock.now().getTime();
    const head = 'b'.repeat(40);
    expect(await again(new Date(now - 60_000), head)).toMatchObject({ kind: 'ignored' });
    expect(await again(new Date(now - 25 * 3_600_000), head)).toMatchObject({ kind: 'accepted' });
    expect(await again(new Date(now - 60_000), 'd'.repeat(40))).toMatchObject({ kind: 'accepted' });
  });
});

describe('a branch of ours that a person moved', () => {
  async function askedWorld(workflows: readonly string[]): Promise<World> {
    const world = await publishedWorld({ mergeable: 'conflict' });
    await world.process(pushEvent('refs/heads/main'));
    const run = newest(world);
    world.runs.end('refused');
    world.journals.set(run.id, [chosen(run.branches.head), merged(workflows)]);
    change(world.forge, { mergeable: 'clean', headSha: 'e'.repeat(40) as CommitId });
    return world;
  }

  it('is judged again where a merge of ours had asked for that', async () => {
    const world = await askedWorld(['.github/workflows/ci.yml']);
    expect(await world.process(pullEvent('synchronize', mona))).toMatchObject({ kind: 'accepted' });
    expect(newest(world).branches.headSha).toBe('e'.repeat(40));
  });

  it('is left alone otherwise, and by our own pushes', async () => {
    const world = await askedWorld([]);
    expect(await world.process(pullEvent('synchronize', mona))).toMatchObject({ kind: 'ignored' });
    const own = await askedWorld(['.github/workflows/ci.yml']);
    expect(await own.process(pullEvent('synchronize', ownBot))).toMatchObject({ kind: 'ignored' });
    expect(own.runs.all).toHaveLength(2);
  });
});

function change(forge: World['forge'], pull: Partial<ForgePull>): void {
  if (forge.pull) forge.pull = { ...forge.pull, ...pull };
}
