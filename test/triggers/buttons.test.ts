import { describe, expect, it } from 'vitest';
import { tellDeadDelivery } from '../../src/triggers/tell-dead-delivery.ts';
import { ada, checkEvent, commentEvent, issueEvent, mona, otherBot, ownBot } from '../support/payloads.ts';
import { triggerWorld } from './trigger-world.ts';

/** A run on issue 7, `run-1`, and a person with each role that matters. */
async function running() {
  const world = triggerWorld();
  await world.process(issueEvent('labeled'));
  world.reactions.splice(0);
  return world;
}

describe('a button of a check run', () => {
  it('stop ends exactly the run of its check, and is answered where that reports', async () => {
    const world = await running();
    const press = checkEvent({ run: 'run-1', button: 'stop' });
    expect(await world.process(press)).toEqual({ kind: 'applied', what: 'stop' });
    expect(world.runs.all[0]).toMatchObject({ state: 'cancelled', cancelReason: 'stopped by a button' });
    expect(world.texts()).toEqual([expect.stringMatching(/^#7 Stopping run `run-1`/)]);
    expect(world.reactions).toEqual([]);
    // The next run is another one: a press that comes late does not mean it.
    await world.process(commentEvent('/agent retry', { id: 1 }));
    const late = checkEvent({ run: 'run-1', button: 'stop' });
    expect(await world.process(late)).toMatchObject({ kind: 'refused', code: 'nothing-running' });
    expect(world.runs.all[1]?.state).toBe('queued');
  });

  it('retry starts one run for each press, however often that is delivered', async () => {
    const world = await running();
    world.runs.end('refused');
    const press = checkEvent({ run: 'run-1', button: 'retry' });
    expect(await world.process(press)).toMatchObject({ kind: 'accepted' });
    world.runs.end('refused');
    expect(await world.process(press)).toMatchObject({ kind: 'ignored' });
    expect(world.runs.all[1]).toMatchObject({
      retryOf: 'run-1',
      triggerKey: `button:${press.guid}`,
      commentId: null,
    });
    expect([world.runs.all.length, world.texts().length]).toEqual([2, 1]);
    const again = checkEvent({ run: 'run-1', button: 'retry' });
    expect(await world.process(again)).toMatchObject({ kind: 'accepted' });
  });

  it('needs the role of the command that it stands for; the author may stop', async () => {
    const world = await running();
    world.forge.roles['ada'] = 'read';
    for (const button of ['stop', 'retry'])
      expect(await world.process(checkEvent({ run: 'run-1', button, by: ada }))).toMatchObject({
        code: 'role-missing',
      });
    expect(await world.process(checkEvent({ run: 'run-1', button: 'retry', by: mona }))).toMatchObject({
      code: 'role-missing',
    });
    expect(await world.process(checkEvent({ run: 'run-1', button: 'stop', by: mona }))).toMatchObject({
      kind: 'applied',
    });
  });

  it.each([
    ['another App’s check', { run: 'run-1', button: 'stop', appId: 701 }],
    ['a run that is not ours', { run: 'run-9', button: 'stop' }],
    ['another button', { run: 'run-1', button: 'merge' }],
    ['no button', { run: 'run-1' }],
    ['our own bot', { run: 'run-1', button: 'stop', by: ownBot }],
    ['another bot', { run: 'run-1', button: 'stop', by: otherBot }],
  ])('of %s does nothing and is not answered', async (_, options) => {
    const world = await running();
    expect((await world.process(checkEvent(options))).kind).toMatch(/ignored|refused/);
    expect([world.runs.all[0]?.state, world.texts()]).toEqual(['queued', []]);
  });

  it('Re-run, which is GitHub’s own, is told once a day what to press instead', async () => {
    const world = await running();
    const rerun = () => checkEvent({ run: 'run-1', action: 'rerequested' });
    expect(await world.process(rerun())).toEqual({ kind: 'refused', code: 'rerun' });
    await world.process(rerun());
    expect(world.texts()).toEqual([expect.stringContaining('`/agent retry`')]);
    expect(world.runs.all).toHaveLength(1);
  });

  it('whose delivery was given up is told of on its pull request', async () => {
    const world = await running();
    await tellDeadDelivery(world.ports, checkEvent({ run: 'run-1', button: 'stop' }));
    await tellDeadDelivery(world.ports, checkEvent({ run: 'run-1', action: 'created' }));
    expect(world.texts()).toEqual([expect.stringMatching(/^#9 I could not process/)]);
  });
});
