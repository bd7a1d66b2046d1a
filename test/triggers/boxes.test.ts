import { describe, expect, it } from 'vitest';
import { boxId, type ControlBox, readBoxId } from '../../src/domain/control-issue.ts';
import type { RunId } from '../../src/domain/ids.ts';
import type { JournalEvent, Wait } from '../../src/domain/journal-event.ts';
import { controlMarker } from '../../src/text/effect-marker.ts';
import { tellDeadDelivery } from '../../src/triggers/tell-dead-delivery.ts';
import {
  ada,
  commentEvent,
  editEvent,
  issueEvent,
  mona,
  otherBot,
  ownBot,
  type PayloadUser,
} from '../support/payloads.ts';
import { triggerWorld } from './trigger-world.ts';

const hash = 'abcdef0123456789'.repeat(4);
const planWait: Wait = { id: `plan:${hash}:1`, kind: 'plan', hash, baseSha: 'b'.repeat(40), reasons: [] };
const pauseWait: Wait = { id: 'pause:1', kind: 'pause' };
const begun = (wait: Wait): JournalEvent => ({ kind: 'wait.begun', wait });

const runId = '01hzx3w5m8q2v7c9k4t6r1n0p1' as RunId;
const idOf = (word: ControlBox['word'], of: string = runId): string =>
  boxId({ word, runId: of as RunId, hash: word === 'approve' ? hash : null });
const line = (id: string, mark = ' '): string => `- [${mark}] <!-- pullwright:box=${id} -->do it`;

/** A run on issue 7, and the control issue 30 that offers these boxes. */
async function offering(offered: readonly string[], ...events: readonly JournalEvent[]) {
  const world = triggerWorld();
  let runs = 0;
  world.ports.newRunId = () => {
    runs += 1;
    return `01hzx3w5m8q2v7c9k4t6r1n0p${runs}` as RunId;
  };
  await world.process(issueEvent('labeled'));
  world.journals.set(runId, [...events]);
  const body = offered.map((id) => line(id)).join('\n');
  world.control.issue = {
    repository: { id: 42, installationId: 5, owner: 'octo', name: 'hello' },
    number: 30,
    body,
    sending: null,
    taken: [],
    handled: [],
    missed: [],
    missedUntil: null,
  };
  const ticking = (id: string, by: PayloadUser | null = ada) =>
    editEvent(`${body}\n${line(id, 'x')}`, { from: body, by });
  return { ...world, world, body, ticking };
}

describe('a box of the control issue', () => {
  it('approves exactly what it shows, in the name of whoever ticked it, however often it is delivered', async () => {
    const { world, ticking } = await offering([idOf('approve')], begun(planWait));
    const ticked = ticking(idOf('approve'));
    expect(await world.process(ticked)).toEqual({ kind: 'applied', what: 'approve' });
    expect(world.inbox.all).toMatchObject([
      { kind: 'approve', text: hash, role: 'write', actor: { login: 'ada' }, commentId: null, runId },
    ]);
    expect(world.texts()).toEqual([expect.stringMatching(/^#7 Approved: the plan/)]);
    expect([world.control.shown, world.control.issue?.taken]).toEqual([1, [idOf('approve')]]);
    // The process died between showing it anew and finishing the delivery: the box stands there no more.
    if (world.control.issue) world.control.issue = { ...world.control.issue, body: '', taken: [] };
    expect(await world.process(ticked)).toEqual({ kind: 'applied', what: 'approve' });
    expect([world.inbox.all.length, world.texts().length]).toEqual([1, 1]);
  });

  it('is answered as approved when its answer died and the run went on with it to its end', async () => {
    const { world, ticking } = await offering([idOf('approve')], begun(planWait));
    const ticked = ticking(idOf('approve'));
    const { reply } = world.ports.replies;
    world.ports.replies.reply = () => Promise.reject(new Error('died'));
    await expect(world.process(ticked)).rejects.toThrow('died');
    world.ports.replies.reply = reply;
    world.runs.end('published');
    expect(await world.process(ticked)).toEqual({ kind: 'applied', what: 'approve' });
    expect([world.inbox.all.length, world.texts()]).toEqual([1, [expect.stringMatching(/^#7 Approved/)]]);
  });

  it('approves nothing else: a plan that changed since is refused on its thread', async () => {
    const other = { ...planWait, hash: 'f'.repeat(64) };
    const { world, ticking } = await offering([idOf('approve')], begun(other));
    expect(await world.process(ticking(idOf('approve')))).toEqual({ kind: 'refused', code: 'hash-differs' });
    expect(world.inbox.all).toEqual([]);
  });

  it('stops, resumes and retries exactly the run that it names', async () => {
    const stopping = await offering([idOf('stop')]);
    expect(await stopping.process(stopping.ticking(idOf('stop')))).toEqual({ kind: 'applied', what: 'stop' });
    expect(stopping.runs.all[0]).toMatchObject({ cancelReason: 'stopped by a box' });

    const paused = await offering([idOf('resume')], begun(pauseWait));
    expect(await paused.process(paused.ticking(idOf('resume')))).toEqual({ kind: 'applied', what: 'resume' });
    expect(paused.inbox.all).toMatchObject([{ kind: 'resume', runId }]);

    const over = await offering([idOf('retry')]);
    over.runs.end('failed');
    const ticked = over.ticking(idOf('retry'));
    expect(await over.process(ticked)).toMatchObject({ kind: 'accepted' });
    over.runs.end('failed');
    expect(await over.process(ticked)).toMatchObject({ kind: 'ignored' });
    expect(over.runs.all).toHaveLength(2);
    expect(over.runs.all[1]).toMatchObject({
      retryOf: runId,
      triggerKey: `box:${ticked.guid}:${idOf('retry')}`,
    });
    // The box was written for the run before.
    expect(await over.process(over.ticking(idOf('retry')))).toEqual({ kind: 'refused', code: 'box-stale' });
    expect(over.runs.all).toHaveLength(2);
  });

  it('on a run that is being stopped is answered', async () => {
    const { world, ticking } = await offering([idOf('approve'), idOf('stop')], begun(planWait));
    await world.process(ticking(idOf('stop')));
    const late = await world.process(ticking(idOf('approve')));
    expect(late).toMatchObject({ kind: 'refused', code: 'nothing-running' });
    expect(world.inbox.all).toEqual([]);
  });

  it.each([
    ['approve', 'triage', false],
    ['approve', 'unknown', false],
    ['retry', 'triage', false],
    ['retry', 'write', true],
    ['stop', 'read', false],
    ['stop', 'triage', true],
    ['resume', 'none', false],
  ] as const)('%s by %s: %s, as its command', async (word, role, allowed) => {
    const { world, ticking } = await offering([idOf(word)], begun(word === 'resume' ? pauseWait : planWait));
    if (word === 'retry') world.runs.end('failed');
    world.forge.roles['ada'] = role;
    const outcome = await world.process(ticking(idOf(word)));
    expect(outcome.kind === 'refused').toBe(!allowed);
    expect(world.texts()).toEqual([expect.stringMatching(allowed ? /^#7 / : /^#30 .*role/)]);
    // The box is unticked either way.
    expect(world.control.shown).toBe(1);
  });

  it('tells who may not once a day, however often they tick', async () => {
    const { world, ticking } = await offering([idOf('approve'), idOf('retry')], begun(planWait));
    world.forge.roles['ada'] = 'triage';
    for (const word of ['approve', 'retry', 'approve'] as const) await world.process(ticking(idOf(word)));
    expect([world.texts().length, world.control.shown]).toEqual([1, 3]);
  });

  it('lets the author of the issue stop the run', async () => {
    const { world, ticking } = await offering([idOf('stop')]);
    expect(await world.process(ticking(idOf('stop'), mona))).toMatchObject({ kind: 'applied' });
  });

  it.each([
    ['that we did not offer', idOf('approve')],
    ['of a run that there is not', idOf('stop', '01hzx3w5m8q2v7c9k4t6r1n0p9')],
    ['with a word that there is not', 'merge:1a'],
    ['that names no run', 'stop'],
  ])('%s does nothing and is answered', async (_, id) => {
    const { world, ticking } = await offering([idOf('stop')], begun(planWait));
    expect(await world.process(ticking(id))).toEqual({ kind: 'refused', code: 'box-unknown' });
    expect([world.inbox.all, world.runs.all[0]?.state]).toEqual([[], 'queued']);
    expect(world.texts()).toEqual([expect.stringMatching(/^#30 That box is not one that I offer here now/)]);
  });

  it('of another repository’s run does nothing, also where it stood in our own text', async () => {
    const { world, ticking } = await offering([idOf('stop')]);
    const [run] = world.runs.all;
    if (run) world.runs.all[0] = { ...run, repository: { ...run.repository, id: 43 } };
    expect(await world.process(ticking(idOf('stop')))).toEqual({ kind: 'refused', code: 'box-unknown' });
    expect(world.runs.all[0]?.state).toBe('queued');
  });

  it('answers one of a thousand forged ones, and takes the real one among them', async () => {
    const { world, body } = await offering([idOf('stop')]);
    const forged = Array.from({ length: 1_000 }, (_, index) => line(`stop:${index}`, 'x'));
    const edited = [line(idOf('stop'), 'x'), ...forged].join('\n');
    expect(await world.process(editEvent(edited, { from: body }))).toEqual({ kind: 'applied', what: 'stop' });
    expect(world.texts()).toHaveLength(2);
  });

  it('that was given up as missed is not taken when its delivery comes after all; a later tick is', async () => {
    const { world, body, ticking } = await offering([idOf('stop')]);
    const missedUntil = new Date('2026-03-01T10:00:00Z');
    const missed = [idOf('stop')];
    if (world.control.issue) world.control.issue = { ...world.control.issue, missed, missedUntil };
    expect(await world.process(ticking(idOf('stop')))).toEqual({ kind: 'refused', code: 'box-missed' });
    const later = editEvent(line(idOf('stop'), 'x'), { from: body, updatedAt: '2026-03-01T10:05:00Z' });
    expect(await world.process(later)).toEqual({ kind: 'applied', what: 'stop' });
  });

  it.each([
    ['of another issue', { number: 31 }],
    ['by our own bot', { by: ownBot }],
    ['by another bot', { by: otherBot }],
    ['by nobody', { by: null }],
  ])('in an edit %s does nothing, is not answered and shows nothing anew', async (_, options) => {
    const { world, body } = await offering([idOf('stop')]);
    const edited = editEvent(line(idOf('stop'), 'x'), { from: body, ...options });
    expect((await world.process(edited)).kind).toMatch(/ignored|refused/);
    expect([world.runs.all[0]?.state, world.texts(), world.control.shown]).toEqual(['queued', [], 0]);
  });

  it.each([
    ['was ticked before', { from: line(idOf('stop'), 'x') }],
    ['is unticked', { from: line(idOf('stop'), 'x'), body: line(idOf('stop')) }],
    ['stands in a text of which only the title was changed', {}],
  ])(
    'that %s is no command',
    async (_, { body = line(idOf('stop'), 'x'), ...options }: { body?: string; from?: string }) => {
      const { world } = await offering([idOf('stop')]);
      expect(await world.process(editEvent(body, options))).toMatchObject({ kind: 'ignored' });
      expect(world.runs.all[0]?.state).toBe('queued');
    },
  );

  it('whose delivery was given up is told of on the issue', async () => {
    const { world, body, ticking } = await offering([idOf('stop')]);
    await tellDeadDelivery(world.ports, ticking(idOf('stop')));
    await tellDeadDelivery(world.ports, editEvent('changed', { from: body }));
    await tellDeadDelivery(world.ports, editEvent(line('stop:1', 'x'), { from: body, author: mona }));
    expect(world.texts()).toEqual([expect.stringMatching(/^#30 I could not process/)]);
  });

  it('has an id that is read as it was written, and nothing else is', () => {
    for (const word of ['approve', 'resume', 'stop', 'retry'] as const)
      expect(readBoxId(idOf(word))).toEqual({ word, runId, hash: word === 'approve' ? hash : null });
    const wrong = [
      '',
      'stop',
      `merge:${runId}`,
      `approve:${runId}`,
      `stop:${runId}:${hash}`,
      `approve:${runId}:12`,
    ];
    expect(wrong.map(readBoxId)).toEqual(wrong.map(() => undefined));
  });
});

describe('on the control issue', () => {
  it('nothing is started: the label and commands are answered, questions are', async () => {
    const { world } = await offering([]);
    if (world.control.issue) world.control.issue = { ...world.control.issue, number: 7 };
    world.runs.all.splice(0);
    const own = (event: ReturnType<typeof issueEvent>) => {
      const payload = event.payload as { issue: Record<string, unknown> };
      return { ...event, payload: { ...payload, issue: { ...payload.issue, user: ownBot } } };
    };
    expect(await world.process(own(issueEvent('labeled')))).toEqual({
      kind: 'refused',
      code: 'control-issue',
    });
    const fix = own(commentEvent('/agent fix it', { id: 1 }));
    expect(await world.process(fix)).toEqual({ kind: 'refused', code: 'control-issue' });
    expect(await world.process(own(commentEvent('/agent help', { id: 2 })))).toMatchObject({
      kind: 'applied',
    });
    expect(world.runs.all).toEqual([]);
    expect(world.texts().filter((text) => text.includes('I start nothing on it'))).toHaveLength(2);
  });

  it('is known by its marker where our record is lost, and only if our own account wrote it', async () => {
    const { world } = await offering([]);
    world.control.issue = undefined;
    world.runs.all.splice(0);
    const marked = (user: PayloadUser) => {
      const event = issueEvent('labeled');
      const payload = event.payload as { issue: Record<string, unknown> };
      return {
        ...event,
        payload: { ...payload, issue: { ...payload.issue, user, body: controlMarker(42) } },
      };
    };
    expect(await world.process(marked(ownBot))).toEqual({ kind: 'refused', code: 'control-issue' });
    expect(await world.process(marked(mona))).toMatchObject({ kind: 'accepted' });
  });
});
