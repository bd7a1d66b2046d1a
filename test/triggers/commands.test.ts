import { describe, expect, it } from 'vitest';
import { ada, commentEvent, issueEvent, mona, otherBot, ownBot, pullEvent } from '../support/payloads.ts';
import { triggerWorld } from './trigger-world.ts';

describe('/agent fix', () => {
  it('on a pull request starts a run on its branch, reporting on the issue it closes', async () => {
    const world = triggerWorld();
    world.forge.closing = [3, 4];
    const event = commentEvent('/agent fix rename it\nplease', { pull: true });
    expect(await world.process(event)).toMatchObject({ kind: 'accepted' });
    expect(world.runs.all[0]).toMatchObject({
      trigger: 'fix',
      triggerKey: 'comment:9001',
      commentId: 9001,
      trackingIssue: 3,
      target: { kind: 'pull-request', number: 7 },
      branches: { base: 'main', head: 'topic', headSha: 'b'.repeat(40) },
      input: { instruction: 'rename it\nplease' },
    });
    expect(world.reactions).toEqual(['comment:9001']);
  });

  it('without a closing issue leaves the tracking issue open, and takes the pull request where there are no issues', async () => {
    const world = triggerWorld();
    await world.process(commentEvent('/agent fix', { pull: true, id: 1 }));
    expect(world.runs.all[0]).toMatchObject({ trackingIssue: null, input: { instruction: null } });
    world.runs.end('published');
    if (world.forge.repository) world.forge.repository = { ...world.forge.repository, hasIssues: false };
    await world.process(commentEvent('/agent fix', { pull: true, id: 2 }));
    expect(world.runs.all[1]?.trackingIssue).toBe(7);
  });

  it('on an issue is the label with a text', async () => {
    const world = triggerWorld();
    await world.process(commentEvent('/agent fix only the parser'));
    expect(world.runs.all[0]).toMatchObject({
      trigger: 'fix',
      target: { kind: 'issue' },
      branches: { head: 'agent/7-sum-is-wrong' },
      input: { instruction: 'only the parser' },
    });
  });

  it.each([
    ['a fork', { headRepositoryId: 43 }, 'fork'],
    ['a deleted fork', { headRepositoryId: null }, 'fork-deleted'],
    ['the default branch', { headRef: 'main' }, 'head-is-default'],
    ['a closed pull request', { state: 'closed' }, 'pull-closed'],
  ] as const)('for %s is refused', async (_, change, code) => {
    const world = triggerWorld();
    if (world.forge.pull) world.forge.pull = { ...world.forge.pull, ...change };
    const outcome = await world.process(commentEvent('/agent fix', { pull: true }));
    expect(outcome).toEqual({ kind: 'refused', code });
    expect(world.runs.all).toEqual([]);
    expect(world.texts().length).toBe(1);
  });

  it('by somebody without write is refused once a day, whatever they try', async () => {
    const world = triggerWorld();
    for (const id of [1, 2, 3]) {
      const outcome = await world.process(commentEvent('/agent fix', { by: mona, id }));
      expect(outcome).toEqual({ kind: 'refused', code: 'role-missing' });
    }
    await world.process(commentEvent('/agent fix', { by: mona, pull: true, id: 4 }));
    expect(world.texts().length).toBe(1);
    world.clock.advance(25 * 3_600_000);
    await world.process(commentEvent('/agent fix', { by: mona, id: 5 }));
    expect(world.texts().length).toBe(2);
  });

  it('in an edited comment does nothing', async () => {
    const world = triggerWorld();
    expect(await world.process(commentEvent('/agent fix', { action: 'edited' }))).toMatchObject({
      kind: 'ignored',
    });
    expect(world.runs.all).toEqual([]);
  });

  it('by another App, or by our own comment, gets no answer and no reaction', async () => {
    const world = triggerWorld();
    await world.process(commentEvent('/agent fix', { by: otherBot, appId: 801 }));
    await world.process(commentEvent('/agent fix', { by: ownBot, appId: 700 }));
    expect([world.runs.all, world.texts(), world.reactions]).toEqual([[], [], []]);
  });
});

describe('other commands', () => {
  it('stop the run, also by the author with read, and on the pull request that the run pushes', async () => {
    const world = triggerWorld();
    await world.process(issueEvent('labeled'));
    const stop = commentEvent('/agent stop', { by: mona });
    expect(await world.process(stop)).toEqual({ kind: 'applied', what: 'stop' });
    expect(world.runs.all[0]?.state).toBe('cancelled');

    const other = triggerWorld();
    await other.process(issueEvent('labeled'));
    if (other.forge.pull) other.forge.pull = { ...other.forge.pull, headRef: 'agent/7-sum-is-wrong' };
    const onPull = commentEvent('/agent stop', { pull: true });
    expect(await other.process(onPull)).toEqual({ kind: 'applied', what: 'stop' });
  });

  it('refuse stop to a reader who is not the author', async () => {
    const world = triggerWorld();
    await world.process(issueEvent('labeled'));
    const stop = commentEvent('/agent stop', { by: mona, author: ada });
    expect(await world.process(stop)).toEqual({ kind: 'refused', code: 'role-missing' });
    expect(world.runs.all[0]?.state).toBe('queued');
  });

  it.each([
    ['/agent status', 'Nothing is running'],
    ['/agent stop', 'Nothing is running'],
    ['/agent help', '/agent fix'],
    ['/agent', '/agent fix'],
    ['/agent stauts', '/agent status'],
    ['/agent config', 'what applies on main'],
  ])('%s is answered', async (text, answer) => {
    const world = triggerWorld();
    await world.process(commentEvent(text));
    expect(world.texts()).toEqual([expect.stringContaining(answer)]);
    expect(world.reactions).toEqual(['comment:9001']);
  });

  it('show a hostile word only as code', async () => {
    const world = triggerWorld();
    await world.process(commentEvent('/agent `@octo/team'));
    expect(world.texts()[0]).toContain('``/agent `@octo/team``');
  });

  it('cancel the run when the pull request is closed', async () => {
    const world = triggerWorld();
    await world.process(commentEvent('/agent fix', { pull: true }));
    world.forge.pull = undefined;
    expect(await world.process(pullEvent('closed'))).toEqual({ kind: 'applied', what: 'cancelled' });
  });

  it('leave a run alone that was asked for after the pull request was closed', async () => {
    const world = triggerWorld();
    await world.process(commentEvent('/agent fix', { pull: true }));
    world.forge.pull = undefined;
    const late = pullEvent('closed', undefined, '1970-01-01T00:00:01Z');
    expect(await world.process(late)).toEqual({ kind: 'ignored', why: 'no run is active' });
  });
});

describe('/agent review', () => {
  it('on a pull request starts a run that reports there, even where the pull request closes an issue', async () => {
    const world = triggerWorld();
    world.forge.closing = [3];
    const event = commentEvent('/agent review the parser', { pull: true });
    expect(await world.process(event)).toMatchObject({ kind: 'accepted' });
    expect(world.runs.all[0]).toMatchObject({
      trigger: 'review',
      triggerKey: 'comment:9001',
      trackingIssue: 7,
      target: { kind: 'pull-request', number: 7 },
      branches: { base: 'main', head: 'topic', headSha: 'b'.repeat(40) },
      input: { instruction: 'the parser' },
    });
    expect(world.reactions).toEqual(['comment:9001']);
  });

  it('is not the run that is meant on another pull request of the same branch: it pushes nothing there', async () => {
    const world = triggerWorld();
    await world.process(commentEvent('/agent review', { pull: true }));
    const [other] = world.runs.all;
    if (!other) throw new Error('no run');
    const stop = commentEvent('/agent stop', { pull: true, id: 2 });
    const payload = structuredClone(stop.payload) as { issue: { number: number } };
    payload.issue.number = 8;
    expect(await world.process({ ...stop, payload })).toEqual({ kind: 'refused', code: 'nothing-running' });
    expect(await world.process(stop)).toEqual({ kind: 'applied', what: 'stop' });
  });

  it('looks at a pull request from the default branch too: it pushes nothing', async () => {
    const world = triggerWorld();
    if (world.forge.pull) world.forge.pull = { ...world.forge.pull, headRef: 'main' };
    expect(await world.process(commentEvent('/agent review', { pull: true }))).toMatchObject({
      kind: 'accepted',
    });
  });

  it.each([
    ['a fork', { headRepositoryId: 43 }, 'fork', /open a pull request from it/],
    ['a deleted fork', { headRepositoryId: null }, 'fork-deleted', /from a branch of this repository/],
    ['a closed pull request', { state: 'closed' }, 'pull-closed', /Reopen it/],
  ] as const)('for %s is refused', async (_, change, code, words) => {
    const world = triggerWorld();
    if (world.forge.pull) world.forge.pull = { ...world.forge.pull, ...change };
    expect(await world.process(commentEvent('/agent review', { pull: true }))).toEqual({
      kind: 'refused',
      code,
    });
    expect(world.runs.all).toEqual([]);
    expect(world.texts()).toEqual([expect.stringMatching(words)]);
  });

  it('on an issue says where there is something to review', async () => {
    const world = triggerWorld();
    expect(await world.process(commentEvent('/agent review'))).toEqual({ kind: 'refused', code: 'no-pull' });
    expect(world.texts()).toEqual([expect.stringContaining('on a pull request')]);
    expect(world.reactions).toEqual(['comment:9001']);
  });
});
