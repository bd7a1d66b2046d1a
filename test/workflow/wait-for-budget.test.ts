import { describe, expect, it } from 'vitest';
import type { OperatorBudgets } from '../../src/domain/budgets.ts';
import type { Role } from '../../src/domain/repository.ts';
import type { Run } from '../../src/domain/run.ts';
import type { RunMessageKind } from '../../src/domain/run-inbox.ts';
import type { BudgetBreach } from '../../src/domain/spend.ts';
import type { WorkflowPorts } from '../../src/workflow/ports.ts';
import { RunContext } from '../../src/workflow/run-context.ts';
import { budgetWait, isGivenUp, takeBudgets, waitForBudget } from '../../src/workflow/wait-for-budget.ts';
import { MemoryInbox } from '../support/memory-inbox.ts';
import { createMemoryRunStore } from '../support/memory-run-store.ts';
import { newRun } from '../support/new-run.ts';
import { operatorBudgets } from '../support/operator-budgets.ts';
import { createTestClock } from '../support/test-clock.ts';

const awaited = { code: 'person-awaited' };
const breach: BudgetBreach = { budget: 'run', limit: 5, spent: 4.9, needed: 0.2, resetsAt: null };
const here = { at: 'publish', round: 1, pull: 9 } as const;

/** A run that has spent 4.90 of its 5 dollars. */
async function spentRun(options: { budgets?: OperatorBudgets; trigger?: Run['trigger'] } = {}) {
  const { budgets = operatorBudgets, trigger = 'label' } = options;
  const made = newRun({ trigger });
  const run: Run = {
    ...made,
    state: 'running',
    epoch: 1,
    cancelReason: null,
    crashes: 0,
    createdAt: new Date(0),
    endedAt: null,
  };
  const store = createMemoryRunStore(run.id);
  const lease = store.claim();
  const clock = createTestClock();
  const inbox = new MemoryInbox({
    isOpen: () => true,
    isJournaled: (_id, key) => store.entries.some((entry) => entry.key === key),
  });
  const { journal, spend } = store;
  await spend.reserve(lease, 'turn:1', { usd: 4.9, tokens: 1 }, { usd: 5, tokens: 10 });
  const limits = { budgets, tokensMax: 10 };
  const ports = { journal, spend, inbox, clock, limits, chain: null } as unknown as WorkflowPorts;
  const context = await RunContext.open(run, lease, ports);
  const say = async (kind: RunMessageKind, text: string, role: Role = 'maintain'): Promise<void> => {
    const actor = { id: 5, login: 'max', type: 'User' } as const;
    const triggerKey = `comment:${inbox.all.length + 1}`;
    await inbox.post({ runId: run.id, kind, text, actor, role, commentId: 1, triggerKey });
  };
  const wait = budgetWait(context, breach, here);
  const outcomes = (): readonly string[] =>
    context.entries.flatMap(({ event }) => (event.kind === 'message.taken' ? [event.outcome] : []));
  return { context, store, lease, clock, say, wait, outcomes };
}

async function waiting(options: Parameters<typeof spentRun>[0] = {}) {
  const spent = await spentRun(options);
  const { wait } = spent;
  if (!wait) throw new Error('it does not wait');
  return { ...spent, wait, tryOn: () => waitForBudget(spent.context, wait) };
}

describe('a wait for a budget', () => {
  it('is begun once, told as long as it lasts, and goes on with what a maintainer gave the run', async () => {
    const { context, say, wait } = await waiting();
    let told = 0;
    const tell = async (): Promise<void> => void (told += 1);
    await expect(waitForBudget(context, wait, tell)).rejects.toMatchObject(awaited);
    await expect(waitForBudget(context, wait, tell)).rejects.toMatchObject(awaited);
    await say('budget', '6');
    expect(await waitForBudget(context, wait, tell)).toEqual({ kind: 'goes-on' });
    expect(told).toBe(3);
    const kinds = context.entries.map(({ event }) => event.kind);
    expect(kinds).toEqual(['wait.begun', 'budget.set', 'wait.ended']);
    expect(context.last('wait.ended')).toMatchObject({ outcome: 'resumed', by: { login: 'max' } });
    // Taken up again after a crash, it is over all the same.
    expect(await waitForBudget(context, wait, tell)).toEqual({ kind: 'goes-on' });
    expect(told).toBe(3);
  });

  it('goes on although a crash came between what was said and the end of the wait', async () => {
    const { context, say, wait, tryOn } = await waiting();
    await expect(tryOn()).rejects.toMatchObject(awaited);
    await say('budget', '6');
    await takeBudgets(context);
    expect(context.last('wait.ended')).toBeUndefined();
    expect(await waitForBudget(context, wait)).toEqual({ kind: 'goes-on' });
  });

  it.each([
    ['5.05', 'maintain', undefined],
    ['6', 'write', 'a budget needs the role maintain'],
    ['21', 'admin', 'more than the operator lets anybody give a run'],
    ['4', 'admin', '$4.90 was spent already'],
    ['much', 'admin', 'not a budget that could be read'],
  ] as const)('is not ended by %s from the role %s', async (text, role, outcome) => {
    const { say, tryOn, outcomes, context } = await waiting();
    await say('budget', text, role);
    await expect(tryOn()).rejects.toMatchObject(awaited);
    expect(outcomes()).toEqual(outcome === undefined ? [] : [outcome]);
    expect(context.last('budget.set')?.limitUsd).toBe(outcome === undefined ? 5.05 : undefined);
  });

  it('answers what else is said to it, and keeps words for the next turn', async () => {
    const { say, tryOn, outcomes, context } = await waiting();
    await say('approve', 'abcdef0');
    await say('pause', '');
    await say('resume', '');
    await say('revise', 'smaller, please');
    await expect(tryOn()).rejects.toMatchObject(awaited);
    expect(outcomes()).toEqual([
      'nothing waited for an approval',
      'the run stands still already: it waits for a budget',
      'the run is not paused: it waits for a budget',
    ]);
    expect((await context.pendingMessages()).map(({ kind }) => kind)).toEqual(['revise']);
  });

  it('is given up after 14 days, and the run does not ask again', async () => {
    const { tryOn, clock, context } = await waiting();
    await expect(tryOn()).rejects.toMatchObject(awaited);
    expect(isGivenUp(context)).toBe(false);
    clock.advance(Date.now() + 15 * 24 * 3_600_000);
    expect(await tryOn()).toEqual({ kind: 'given-up', text: 'Nobody answered within 14 days.' });
    expect(isGivenUp(context)).toBe(true);
  });

  it('of a day goes on by itself once there is room, whatever the run itself was given', async () => {
    const budgets = { ...operatorBudgets, userDayUsd: 4.95 };
    const day = { ...breach, budget: 'user-day', limit: 4.95, resetsAt: new Date(86_400_000) } as const;
    const { context, say, store, lease } = await spentRun({ budgets });
    const wait = budgetWait(context, day, here);
    if (!wait) throw new Error('it does not wait');
    expect(wait).toMatchObject({ id: 'budget:1', resetsAt: '1970-01-02T00:00:00.000Z', ceilingUsd: 20 });
    await say('budget', '10');
    await expect(waitForBudget(context, wait)).rejects.toMatchObject(awaited);
    await store.spend.settle(lease, 'turn:1', { usd: 1, tokens: 1 });
    expect(await waitForBudget(context, wait)).toEqual({ kind: 'goes-on' });
    expect(context.last('wait.ended')).toMatchObject({ by: null, outcome: 'resumed' });
  });

  it('is for nobody in local mode, and for no number of tokens', async () => {
    expect((await spentRun({ trigger: 'local' })).wait).toBeUndefined();
    const { context } = await spentRun();
    expect(budgetWait(context, { ...breach, budget: 'tokens' }, here)).toBeUndefined();
    expect(budgetWait(context, undefined, here)).toBeUndefined();
  });
});
