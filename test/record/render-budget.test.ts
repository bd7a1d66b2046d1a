import { describe, expect, it } from 'vitest';
import type { BudgetWait } from '../../src/domain/budget-wait.ts';
import type { JournalEvent, Wait } from '../../src/domain/journal-event.ts';
import type { RunEnd } from '../../src/domain/run.ts';
import { projectRun } from '../../src/record/project-run.ts';
import { renderPullRequestBody } from '../../src/record/render-pull-request.ts';
import { renderTrackingComment } from '../../src/record/render-tracking-comment.ts';
import { journalOf, modelEvents, run, tree } from './run-fixture.ts';

const record = (...more: readonly JournalEvent[]) => projectRun(run, journalOf([...modelEvents, ...more]));
const ended = (end: RunEnd): JournalEvent => ({ kind: 'run.ended', state: end.state, end });
const budgetWait: BudgetWait = {
  id: 'budget:1',
  kind: 'budget',
  budget: 'run',
  limitUsd: 5,
  spentUsd: 4.9,
  neededUsd: 0.2,
  ceilingUsd: 20,
  resetsAt: null,
  at: 'publish',
  round: 1,
  pull: 9,
};
const begun = (wait: Wait): JournalEvent => ({ kind: 'wait.begun', wait });
const resumed: JournalEvent = {
  kind: 'wait.ended',
  waitId: 'budget:1',
  outcome: 'resumed',
  by: null,
  text: '',
};
const stopped: JournalEvent = {
  kind: 'solver.finished',
  round: 1,
  solver: 'model',
  stopReason: 'budget',
  summary: 'Half of it.',
  notDone: 'The second half.',
  treeId: tree,
  details: {},
};

describe('a used-up budget', () => {
  it('says of a draft whether it waits for a budget, goes on with one, or was left unfinished', () => {
    const half = [stopped, begun(budgetWait)];
    expect(renderPullRequestBody(record(...half))).toContain(
      'waiting for a budget:** The budget of this run is used up: $4.90 of $5.00 are spent, and the next turn may cost up to $0.20. Somebody with the role `maintain` gives it another one with `/agent budget <usd>`: what this run may spend in all, at least $5.10 and at most $20.00.',
    );
    expect(renderPullRequestBody(record(...half, resumed))).toContain('has room again; the work goes on');
    const over = [...half, ended({ state: 'cancelled', summary: 'stopped' })];
    const left = renderPullRequestBody(record(...over));
    expect(left).toContain('**Stopped early:** The budget was used up');
    expect(left).not.toContain('waiting for a budget');
  });

  it('shows the budget of the run while it lasts, and others once they are nearly used up', () => {
    const budgets = [
      { budget: 'run', limit: 5, spent: 1.5, resetsAt: null },
      { budget: 'repository-day', limit: 20, spent: 15.9, resetsAt: new Date(0) },
      { budget: 'user-day', limit: 10, spent: 8, resetsAt: new Date(0) },
    ] as const;
    const text = renderTrackingComment(record(), { budgets });
    expect(text).toContain(
      'Budget: this run $1.50 of $5.00 · the person who asked, for a day $8.00 of $10.00.',
    );
    const unpriced = [{ budget: 'tokens', limit: 5_000, spent: 40, resetsAt: null } as const, ...budgets];
    expect(renderTrackingComment(record(), { budgets: unpriced })).toContain(
      "Budget: this run 40 of 5000 tokens (the model's price is not known) · the person",
    );
    const over = record(ended({ state: 'refused', summary: 'no' }));
    expect(renderTrackingComment(over, { budgets })).not.toContain('Budget:');
  });

  it.each([
    ['run', 'publish', 9, /on #9, unfinished\.[\s\S]*`\/agent budget <usd>`/],
    ['run', 'work', null, /Nothing was changed since/],
    ['run', 'publish', null, /on its branch, unfinished/],
    ['run', 'verify', null, /cannot be shown as it is/],
    [
      'user-day',
      'work',
      null,
      /by itself when the day is over, at `2026-11-28 00:00 UTC`.*AGENT_BUDGET_USER_DAY_USD/,
    ],
    ['user-here-day', 'work', null, /`budgets\.user_day_usd` in `\.github\/agent\.yml`/],
    ['repository-day', 'work', null, /AGENT_BUDGET_REPOSITORY_DAY_USD/],
    ['instance-day', 'work', null, /AGENT_BUDGET_DAY_USD/],
  ] as const)('waits for the budget %s (%s) and says who may let it go on', (budget, where, pull, words) => {
    const resetsAt = budget === 'run' ? null : '2026-11-28T00:00:00.000Z';
    const wait = { ...budgetWait, budget, at: where, pull, resetsAt };
    const parked = {
      kind: 'run.parked',
      reason: 'a budget',
      cause: 'person',
      until: '',
      waitId: wait.id,
    } as const;
    const text = renderTrackingComment(record(begun(wait), parked));
    expect(text).toMatch(/^## Waiting for a budget$/m);
    expect(text).toMatch(words);
    expect(text).toContain('`/agent stop` ends the run');
  });
});
