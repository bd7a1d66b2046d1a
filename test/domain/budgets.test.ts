import { describe, expect, it } from 'vitest';
import { dayCaps, readUsd, runBudgetUsd } from '../../src/domain/budgets.ts';
import { breachOf, standingsOf } from '../../src/domain/spend.ts';
import { operatorBudgets as operator } from '../support/operator-budgets.ts';

describe('a written budget', () => {
  it.each([
    ['12.50', 12.5],
    [' 3 ', 3],
    ['0.01', 0.01],
    ['999999', 999_999],
  ])('%j is read', (written, usd) => {
    expect(readUsd(written)).toEqual({ usd });
  });

  it.each([
    ['', 'missing'],
    ['$5', 'sign'],
    ['-$5', 'sign'],
    ['5€', 'sign'],
    ['5 USD', 'sign'],
    ['1,50', 'comma'],
    ['1,000.00', 'comma'],
    ['-3', 'negative'],
    ['\u22123', 'negative'],
    ['0', 'zero'],
    ['0.00', 'zero'],
    ['1.505', 'cents'],
    ['1000000', 'large'],
    ['9'.repeat(400), 'large'],
    ['NaN', 'no-number'],
    ['Infinity', 'no-number'],
    ['1e9', 'no-number'],
    ['0x10', 'no-number'],
    ['+5', 'no-number'],
    ['5.', 'no-number'],
    ['.5', 'no-number'],
    ['1 000', 'no-number'],
    ['ten', 'no-number'],
    ['5 please', 'no-number'],
  ])('%j is %s', (written, wrong) => {
    expect(readUsd(written)).toEqual({ wrong });
  });
});

describe('the budget of a run', () => {
  it('is the lowest that the operator or the repository asks for', () => {
    expect(runBudgetUsd(operator, {})).toBe(5);
    expect(runBudgetUsd(operator, { budgetUsd: 3, budgets: { runUsd: 2 } })).toBe(2);
    expect(runBudgetUsd(operator, { budgetUsd: 1, budgets: { runUsd: 2 } })).toBe(1);
    expect(runBudgetUsd(operator, { budgets: { runUsd: 50 } })).toBe(5);
  });

  it('is what a maintainer said, up to the ceiling of the operator', () => {
    expect(runBudgetUsd(operator, { budgetUsd: 1 }, 12)).toBe(12);
    expect(runBudgetUsd(operator, {}, 0.5)).toBe(0.5);
    expect(runBudgetUsd(operator, {}, 100)).toBe(20);
    expect(runBudgetUsd({ runUsd: 50, raisedUsd: 20 }, {}, 100)).toBe(50);
  });
});

describe('the budgets of a day', () => {
  it('are what the operator allows, and less where the repository asks for less', () => {
    expect(dayCaps(operator, {})).toEqual({});
    const limited = { ...operator, userDayUsd: 10, repositoryDayUsd: 20, instanceDayUsd: 30 };
    const asked = { budgets: { userDayUsd: 4, repositoryDayUsd: 40 } };
    expect(dayCaps(limited, asked)).toEqual({
      'instance-day': 30,
      'repository-day': 20,
      'user-day': 10,
      'user-here-day': 4,
    });
  });

  it('are looked at in their order, after those of the run', () => {
    const spent = {
      run: 1,
      tokens: 10,
      'instance-day': 9,
      'repository-day': 3,
      'user-day': 3,
      'user-here-day': 2,
    };
    const resetsAt = new Date(0);
    const cap = { usd: 5, tokens: Number.MAX_SAFE_INTEGER, days: { 'user-day': 3.5, 'instance-day': 9.5 } };
    const standings = standingsOf(spent, cap, resetsAt);
    expect(standings.map(({ budget }) => budget)).toEqual(['run', 'instance-day', 'user-day']);
    expect(breachOf(standings, { usd: 0.5, tokens: 1 })).toBeUndefined();
    expect(breachOf(standings, { usd: 0.51, tokens: 1 })).toEqual({
      budget: 'instance-day',
      limit: 9.5,
      spent: 9,
      needed: 0.51,
      resetsAt,
    });
    expect(breachOf(standings, { usd: 4.5, tokens: 1 })).toMatchObject({ budget: 'run' });
  });
});
