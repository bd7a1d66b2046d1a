import { describe, expect, it } from 'vitest';
import type { BudgetWait } from '../../src/domain/budget-wait.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { commentEvent, issueEvent } from '../support/payloads.ts';
import { triggerWorld } from './trigger-world.ts';

const wait: BudgetWait = {
  id: 'budget:1',
  kind: 'budget',
  budget: 'run',
  limitUsd: 0.6,
  spentUsd: 0.5,
  neededUsd: 0.25,
  ceilingUsd: 20,
  resetsAt: null,
  at: 'publish',
  round: 1,
  pull: 9,
};

/** A run on issue 7 that has spent half a dollar. */
async function running(role: 'read' | 'write' | 'maintain', ...events: readonly JournalEvent[]) {
  const world = triggerWorld();
  await world.process(issueEvent('labeled'));
  const id = world.runs.all[0]?.id;
  if (id) world.journals.set(id, [...events]);
  world.reactions.splice(0);
  world.forge.roles['ada'] = role;
  return world;
}

describe('/agent budget', () => {
  it('hands the amount to the run under way, from a maintainer', async () => {
    const world = await running('maintain');
    const outcome = await world.process(commentEvent('/agent budget 12.50\nthank you'));
    expect(outcome).toEqual({ kind: 'applied', what: 'budget' });
    expect(world.inbox.all).toMatchObject([{ kind: 'budget', text: '12.5', role: 'maintain' }]);
    expect(world.texts()[0]).toContain('may now spend $12.50 in all.');
    expect(world.reactions).toHaveLength(1);
  });

  it.each(['read', 'write'] as const)('is refused to the role %s', async (role) => {
    const world = await running(role);
    const outcome = await world.process(commentEvent('/agent budget 12'));
    expect(outcome).toEqual({ kind: 'refused', code: 'role-missing' });
    expect(world.inbox.all).toEqual([]);
    expect(world.texts()[0]).toContain('needs the role `maintain`');
  });

  it.each([
    ['', 'budget-unclear', 'the amount is missing'],
    ['$5', 'budget-unclear', '`$5`: write the number alone'],
    ['1,5', 'budget-unclear', 'a comma could be meant in two ways'],
    ['-5', 'budget-unclear', 'cannot be less than nothing'],
    ['NaN', 'budget-unclear', 'not a plain number'],
    ['1e9', 'budget-unclear', 'not a plain number'],
    ['`; drop table run', 'budget-unclear', 'not a plain number'],
    ['20.01', 'budget-over-ceiling', 'which is $20.00 (`AGENT_BUDGET_MAX_USD`)'],
    ['0.49', 'budget-spent', '$0.50 is spent or set aside already'],
  ])('%j is answered with what is wrong', async (written, code, text) => {
    const world = await running('maintain');
    const outcome = await world.process(commentEvent(`/agent budget ${written}`.trim()));
    expect(outcome).toEqual({ kind: 'refused', code });
    expect(world.texts()[0]).toContain(text);
    expect(world.inbox.all).toEqual([]);
  });

  it('says what to do where nothing runs', async () => {
    const world = triggerWorld();
    world.forge.roles['ada'] = 'maintain';
    const outcome = await world.process(commentEvent('/agent budget 5'));
    expect(outcome).toEqual({ kind: 'refused', code: 'nothing-running' });
    expect(world.texts()[0]).toContain('`budgets.run_usd`');
  });

  it('has to cover the next turn of a run that waits for it', async () => {
    const world = await running('maintain', { kind: 'wait.begun', wait });
    const short = await world.process(commentEvent('/agent budget 0.74'));
    expect(short).toEqual({ kind: 'refused', code: 'budget-too-small' });
    expect(world.texts()[0]).toContain('at least $0.75');
    const enough = await running('maintain', { kind: 'wait.begun', wait });
    expect(await enough.process(commentEvent('/agent budget 0.75'))).toMatchObject({ kind: 'applied' });
    expect(enough.texts()[0]).toContain('goes on at the turn where it stopped');
  });

  it('changes nothing about the budget of a day, and says so', async () => {
    const day = { ...wait, budget: 'user-day', resetsAt: '2026-11-28T00:00:00.000Z' } as const;
    const world = await running('maintain', { kind: 'wait.begun', wait: day });
    expect(await world.process(commentEvent('/agent budget 0.6'))).toMatchObject({ kind: 'applied' });
    expect(world.texts()[0]).toContain('waits for the budget of the person who asked, for a day');
  });
});

describe('/agent config', () => {
  it('shows what applies on the default branch to whoever may read', async () => {
    const world = triggerWorld();
    world.forge.roles['ada'] = 'read';
    const outcome = await world.process(commentEvent('/agent config'));
    expect(outcome).toEqual({ kind: 'applied', what: 'config' });
    expect(world.texts()).toEqual([expect.stringContaining('what applies on main')]);
    expect(world.reactions).toHaveLength(1);
  });

  it('is refused to whoever may not even read', async () => {
    const world = triggerWorld();
    world.forge.roles['ada'] = 'none';
    expect(await world.process(commentEvent('/agent config'))).toMatchObject({ kind: 'refused' });
    expect(world.texts().join()).not.toContain('what applies');
  });
});
