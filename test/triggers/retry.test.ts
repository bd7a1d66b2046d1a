import { describe, expect, it } from 'vitest';
import type { TreeId } from '../../src/domain/ids.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { commentEvent, issueEvent, mona, pullEvent } from '../support/payloads.ts';
import { triggerWorld } from './trigger-world.ts';

const chosen = (head: string): JournalEvent => ({
  kind: 'base.chosen',
  base: 'main',
  head,
  headTip: null,
  baseSha: 'b'.repeat(40),
  startSha: 'b'.repeat(40),
  startTree: 'e'.repeat(40) as TreeId,
  files: 1,
  notes: [],
});

/** A run on issue 7 that is over; `head`: the branch that it chose. */
async function over(head?: string) {
  const world = triggerWorld();
  await world.process(issueEvent('labeled'));
  const id = world.runs.all[0]?.id;
  if (id && head !== undefined) world.journals.set(id, [chosen(head)]);
  world.runs.end('published');
  world.reactions.splice(0);
  return world;
}

describe('/agent retry', () => {
  it('starts a run with the input that was frozen then, in the name of whoever asks now', async () => {
    const world = await over();
    if (world.forge.issue) world.forge.issue = { ...world.forge.issue, title: 'Now something else' };
    world.forge.roles['mona'] = 'write';
    expect(await world.process(commentEvent('/agent retry', { by: mona }))).toMatchObject({
      kind: 'accepted',
    });
    const [first, second] = world.runs.all;
    expect(second).toMatchObject({
      trigger: 'label',
      triggerKey: 'comment:9001',
      retryOf: first?.id,
      requestedBy: { login: 'mona' },
      target: first?.target,
      branches: first?.branches,
    });
    expect(second?.input).toEqual(first?.input);
    expect(world.reactions).toEqual(['comment:9001']);
    expect(world.texts()).toEqual([expect.stringContaining('frozen for run `run-1`')]);
  });

  it('that is delivered twice starts one run and is answered once', async () => {
    const world = await over();
    const event = commentEvent('/agent retry');
    await world.process(event);
    expect(await world.process(event)).toMatchObject({ kind: 'ignored' });
    expect([world.runs.all.length, world.texts().length]).toEqual([2, 1]);
  });

  it('by a reader is refused, also the author', async () => {
    const world = await over();
    const event = commentEvent('/agent retry', { by: mona, author: mona });
    expect(await world.process(event)).toEqual({ kind: 'refused', code: 'role-missing' });
    expect(world.runs.all).toHaveLength(1);
  });

  it('is refused while a run is under way, where none was, and where the issue is closed', async () => {
    const active = triggerWorld();
    await active.process(issueEvent('labeled'));
    expect(await active.process(commentEvent('/agent retry'))).toMatchObject({ code: 'run-active' });
    expect(active.texts()).toEqual([expect.stringContaining('`/agent stop`')]);

    const none = triggerWorld();
    expect(await none.process(commentEvent('/agent retry'))).toMatchObject({ code: 'nothing-to-retry' });

    const closed = await over();
    if (closed.forge.issue) closed.forge.issue = { ...closed.forge.issue, state: 'closed' };
    expect(await closed.process(commentEvent('/agent retry'))).toMatchObject({ code: 'issue-closed' });
  });

  it('on the pull request means the run that pushed its branch, whatever number stands behind its name', async () => {
    const world = await over('agent/7-sum-is-wrong-2');
    const at = (headRef: string) => {
      if (world.forge.pull) world.forge.pull = { ...world.forge.pull, number: 9, headRef };
      const event = commentEvent('/agent retry', { pull: true, id: headRef.length });
      (event.payload as { issue: { number: number } }).issue.number = 9;
      return event;
    };
    expect(await world.process(at('agent/7-sum-is-wrong'))).toMatchObject({ code: 'nothing-to-retry' });
    expect(await world.process(at('agent/7-sum-is-wrong-2'))).toMatchObject({ kind: 'accepted' });
    expect(world.runs.all[1]?.target).toMatchObject({ kind: 'issue', number: 7 });
    // The answer stands where it was asked for.
    expect(world.texts().at(-1)).toMatch(/^#9 .*shown on #7/s);
  });

  it('of a run on a pull request starts from where its branch stands now', async () => {
    const world = triggerWorld();
    await world.process(commentEvent('/agent fix rename it', { pull: true, id: 1 }));
    world.runs.end('refused');
    if (world.forge.pull) world.forge.pull = { ...world.forge.pull, headSha: 'c'.repeat(40) as never };
    await world.process(commentEvent('/agent retry', { pull: true, id: 2 }));
    expect(world.runs.all[1]).toMatchObject({
      trigger: 'fix',
      input: { instruction: 'rename it' },
      branches: { head: 'topic', headSha: 'c'.repeat(40) },
    });
    world.runs.end('refused');
    if (world.forge.pull) world.forge.pull = { ...world.forge.pull, state: 'closed' };
    const late = await world.process(commentEvent('/agent retry', { pull: true, id: 3 }));
    expect(late).toMatchObject({ code: 'pull-closed' });
  });
});

describe('/agent retry from <checkpoint>', () => {
  const trees = ['abcdef1' + '0'.repeat(33), 'abcdef1' + '1'.repeat(33), 'c'.repeat(40)] as TreeId[];

  /** A run that kept three checkpoints, two of which begin alike. */
  async function kept() {
    const world = await over();
    const [run] = world.runs.all;
    const event = {
      kind: 'checkpoints.kept',
      startSha: 'b'.repeat(40),
      trees,
      pack: 'f'.repeat(64),
    } as unknown as JournalEvent;
    if (run) world.journals.set(run.id, [chosen('agent/7-sum-is-wrong'), event]);
    return world;
  }

  it.each([`from ${'c'.repeat(7)}`, `from \`${'C'.repeat(12)}\``, `from ${'c'.repeat(40)}`])(
    '%s starts from it, with the input of the run that made it',
    async (text) => {
      const world = await kept();
      expect(await world.process(commentEvent(`/agent retry ${text}`))).toMatchObject({ kind: 'accepted' });
      const [first, second] = world.runs.all;
      expect(second).toMatchObject({ retryOf: first?.id, from: { run: first?.id, tree: trees[2] } });
      expect(second?.input).toEqual(first?.input);
    },
  );

  it.each([
    ['too little of one', `from ${'c'.repeat(6)}`],
    ['what begins two of them', 'from abcdef1'],
    ['none that is kept', `from ${'d'.repeat(12)}`],
    ['no checkpoint', 'please'],
    ['something else as well', `from ${'c'.repeat(12)} and be quick`],
  ])('with %s is answered with those that are kept', async (_, text) => {
    const world = await kept();
    const outcome = await world.process(commentEvent(`/agent retry ${text}`));
    expect(outcome).toMatchObject({ code: 'checkpoint-unknown' });
    expect(world.runs.all).toHaveLength(1);
    for (const tree of trees) expect(world.texts()[0]).toContain(`\`${tree.slice(0, 12)}\``);
  });

  it('where none is kept says so', async () => {
    const world = await over();
    await world.process(commentEvent(`/agent retry from ${'c'.repeat(12)}`));
    expect(world.texts()).toEqual([expect.stringContaining('none is kept here')]);
  });
});

describe('a run whose branch got a number', () => {
  it('is meant by commands on its pull request, and ends when that is closed', async () => {
    const world = triggerWorld();
    await world.process(issueEvent('labeled'));
    const id = world.runs.all[0]?.id;
    if (id) world.journals.set(id, [chosen('topic-2')]);
    world.runs.all[0] = {
      ...world.runs.all[0],
      branches: { base: 'main', head: 'topic', headSha: null },
    } as never;
    world.forge.pull = undefined;
    // `topic` is the branch of the pull request that stood in its way.
    expect(await world.process(pullEvent('closed'))).toEqual({ kind: 'ignored', why: 'no run is active' });
    if (id) world.journals.set(id, [chosen('topic')]);
    expect(await world.process(pullEvent('closed'))).toEqual({ kind: 'applied', what: 'cancelled' });
  });
});
