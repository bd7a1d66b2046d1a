import type { OperatorBudgets } from '../../src/domain/budgets.ts';

/** Five dollars a run, up to twenty by a maintainer's word, and nothing about days. */
export const operatorBudgets: OperatorBudgets = {
  runUsd: 5,
  raisedUsd: 20,
  userDayUsd: null,
  repositoryDayUsd: null,
  instanceDayUsd: null,
};
