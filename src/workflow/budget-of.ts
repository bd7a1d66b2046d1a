import { isPriced } from '../agent/ask-model.ts';
import { dayCaps, runBudgetUsd } from '../domain/budgets.ts';
import type { SpendCap } from '../domain/spend.ts';
import type { RunContext } from './run-context.ts';
import { repositoryConfig } from './steps/snapshot.ts';

/** What this run may spend now: by the operator, the repository, and what a maintainer said to it. */
export function budgetOf(context: RunContext): Pick<SpendCap, 'usd' | 'days'> {
  const { budgets } = context.ports.limits;
  const asked = context.last('config.read') ? repositoryConfig(context) : {};
  const saidUsd = context.last('budget.set')?.limitUsd;
  return { usd: runBudgetUsd(budgets, asked, saidUsd), days: dayCaps(budgets, asked) };
}

/** The same with the token cap, which counts only where a price is not known. */
export function spendCapOf(context: RunContext): SpendCap {
  const { chain, limits } = context.ports;
  const tokens = chain && isPriced(chain) ? Number.MAX_SAFE_INTEGER : limits.tokensMax;
  return { ...budgetOf(context), tokens };
}
