import { describe, expect, it } from 'vitest';
import { commentEvent, issueEvent, mona } from '../support/payloads.ts';
import { triggerWorld } from './trigger-world.ts';

const branch = 'agent/7-sum-is-wrong';

/** A run on issue 7 that is over, and its open pull request 9. */
async function withPull() {
  const world = triggerWorld();
  await world.process(issueEvent('labeled'));
  world.runs.end('published');
  world.reactions.splice(0);
  if (world.forge.pull) world.forge.pull = { ...world.forge.pull, number: 9, headRef: branch };
  world.ports.reader.openPullByHead = async (_at, head) =>
    head === branch && world.forge.pull?.state === 'open' ? world.forge.pull : undefined;
  return world;
}

function onPull(text: string, id = 1) {
  const event = commentEvent(text, { pull: true, id });
  (event.payload as { issue: { number: number } }).issue.number = 9;
  return event;
}

describe('/agent undo', () => {
  it.each([
    ['on the pull request', onPull('/agent undo')],
    ['on its issue', commentEvent('/agent undo', { id: 1 })],
  ])('%s starts a run in the place of the one that did the work', async (_, event) => {
    const world = await withPull();
    expect(await world.process(event)).toMatchObject({ kind: 'accepted' });
    const [work, undo] = world.runs.all;
    expect(undo).toMatchObject({
      trigger: 'undo',
      target: work?.target,
      trackingIssue: 7,
      triggerKey: 'comment:1',
      branches: { base: 'main', head: branch, headSha: 'b'.repeat(40) },
    });
    expect(undo).not.toHaveProperty('retryOf');
    expect(world.texts()).toEqual([expect.stringContaining('branch of #9')]);
    // Delivered once more.
    expect(await world.process(event)).toMatchObject({ kind: 'ignored' });
    expect([world.runs.all.length, world.texts().length]).toEqual([2, 1]);
  });

  it('is refused to a reader, while a run is under way, and where there is nothing of ours', async () => {
    const reader = await withPull();
    expect(await reader.process(commentEvent('/agent undo', { by: mona }))).toMatchObject({
      code: 'role-missing',
    });

    const active = await withPull();
    active.runs.end('running');
    expect(await active.process(onPull('/agent undo'))).toMatchObject({ code: 'run-active' });
    expect(active.texts()).toEqual([expect.stringContaining('`/agent stop` first')]);

    const none = triggerWorld();
    expect(await none.process(commentEvent('/agent undo', { pull: true }))).toMatchObject({
      code: 'nothing-to-undo',
    });
    expect([none.runs.all, none.texts().length]).toEqual([[], 1]);
  });

  it('is refused on a closed pull request and on a branch that we may not write to', async () => {
    for (const [change, code] of [
      [{ state: 'closed' }, 'pull-closed'],
      [{ headRepositoryId: 43 }, 'nothing-to-undo'],
    ] as const) {
      const world = await withPull();
      if (world.forge.pull) world.forge.pull = { ...world.forge.pull, ...change };
      expect(await world.process(onPull('/agent undo'))).toMatchObject({ code });
    }
  });

  it('is not what a later retry does once more', async () => {
    const world = await withPull();
    await world.process(onPull('/agent undo'));
    world.runs.end('published');
    await world.process(onPull('/agent retry', 2));
    expect(world.runs.all[2]).toMatchObject({ trigger: 'label', retryOf: world.runs.all[0]?.id });
  });
});
