import type { BudgetName, DayCaps } from './spend.ts';

/** What the operator sets, US dollars; null: no limit. */
export interface OperatorBudgets {
  /** Most that one run may spend unless a person gives it another budget. */
  readonly runUsd: number;
  /** Most that a person may give it. */
  readonly raisedUsd: number;
  readonly userDayUsd: number | null;
  readonly repositoryDayUsd: number | null;
  readonly instanceDayUsd: number | null;
}

/** What a repository's `.github/agent.yml` asks for. */
export interface RepositoryBudgets {
  readonly budgetUsd?: number | undefined;
  readonly budgets?:
    | {
        readonly runUsd?: number | undefined;
        readonly userDayUsd?: number | undefined;
        readonly repositoryDayUsd?: number | undefined;
      }
    | undefined;
}

/**
 * The run's own limit. The repository may ask for less than the operator allows, never for more; a maintainer's word
 * for one run goes over both, up to the operator's ceiling.
 */
export function runBudgetUsd(
  operator: Pick<OperatorBudgets, 'runUsd' | 'raisedUsd'>,
  repository: RepositoryBudgets,
  saidUsd?: number,
): number {
  if (saidUsd !== undefined) return Math.min(saidUsd, ceilingUsd(operator));
  return least([operator.runUsd, repository.budgetUsd, repository.budgets?.runUsd]) ?? operator.runUsd;
}

/** Most that `/agent budget` may give a run: never less than what every run has. */
export function ceilingUsd({ runUsd, raisedUsd }: Pick<OperatorBudgets, 'runUsd' | 'raisedUsd'>): number {
  return Math.max(runUsd, raisedUsd);
}

/** A repository's limit on a person counts what that person had done there; the operator's counts everywhere. */
export function dayCaps(operator: OperatorBudgets, { budgets }: RepositoryBudgets): DayCaps {
  return {
    ...limit('instance-day', operator.instanceDayUsd),
    ...limit('repository-day', least([operator.repositoryDayUsd, budgets?.repositoryDayUsd])),
    ...limit('user-day', operator.userDayUsd),
    ...limit('user-here-day', budgets?.userDayUsd),
  };
}

/** The budgets as people read of them, after `the budget of`. */
export const budgetOwners: Readonly<Record<BudgetName, string>> = {
  run: 'this run',
  tokens: 'this run in tokens',
  'user-day': 'the person who asked, for a day',
  'user-here-day': 'the person who asked, for a day in this repository',
  'repository-day': 'this repository for a day',
  'instance-day': 'this bot for a day',
};

/** The least budget, in whole cents, that has room for what a run needs next. */
export function leastUsd(spentUsd: number, neededUsd: number): number {
  return Math.ceil((spentUsd + neededUsd) * 100 - 1e-6) / 100;
}

/** What somebody wrote as a budget: a number of dollars, cents at most, or what is wrong with it. */
export type WrittenUsd = { readonly usd: number } | { readonly wrong: WrongUsd };
export type WrongUsd = 'missing' | 'sign' | 'comma' | 'negative' | 'zero' | 'cents' | 'large' | 'no-number';

/** Reads `12.50` and nothing else: what could be meant otherwise is asked back. */
export function readUsd(written: string): WrittenUsd {
  const text = written.trim();
  const wrong = wrongForms.find(([, form]) => form.test(text))?.[0];
  if (wrong !== undefined) return { wrong };
  if (!/^\d+(\.\d+)?$/.test(text)) return { wrong: 'no-number' };
  if (!/^\d+(\.\d{1,2})?$/.test(text)) return { wrong: 'cents' };
  if (!/^\d{1,6}(\.|$)/.test(text)) return { wrong: 'large' };
  const usd = Number(text);
  return usd > 0 ? { usd } : { wrong: 'zero' };
}

const wrongForms: readonly (readonly [WrongUsd, RegExp])[] = [
  ['missing', /^$/],
  ['sign', /^-?[$€£¥]|[$€£¥]$|\b(usd|dollars?)\b/i],
  ['comma', /^-?\d[\d.,]*,/],
  ['negative', /^[-\u2212]\s?\d/],
];

function limit(name: keyof DayCaps, usd: number | null | undefined): DayCaps {
  return usd === null || usd === undefined ? {} : { [name]: usd };
}

function least(limits: readonly (number | null | undefined)[]): number | undefined {
  const set = limits.filter((usd) => typeof usd === 'number');
  return set.length === 0 ? undefined : Math.min(...set);
}
