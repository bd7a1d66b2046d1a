import type { Settings } from '../config/read-settings.ts';
import type { OperatorBudgets } from '../domain/budgets.ts';
import type { WorkflowLimits } from '../workflow/ports.ts';

/** What the operator's settings say about money. */
export function operatorBudgets(settings: Settings): OperatorBudgets {
  return {
    runUsd: settings.AGENT_BUDGET_USD,
    raisedUsd: settings.AGENT_BUDGET_MAX_USD,
    userDayUsd: settings.AGENT_BUDGET_USER_DAY_USD ?? null,
    repositoryDayUsd: settings.AGENT_BUDGET_REPOSITORY_DAY_USD ?? null,
    instanceDayUsd: settings.AGENT_BUDGET_DAY_USD ?? null,
  };
}

/** The operator's settings as the workflow's limits. */
export function workflowLimits(settings: Settings, overrides: Partial<WorkflowLimits> = {}): WorkflowLimits {
  return {
    turnsMax: settings.AGENT_TURNS_MAX,
    wallClockMs: settings.AGENT_MINUTES_MAX * 60_000,
    budgets: operatorBudgets(settings),
    tokensMax: settings.AGENT_TOKENS_MAX,
    commandTimeoutMs: 10 * 60_000,
    repairMs: settings.AGENT_REPAIR_SECONDS * 1_000,
    repositoryFilesMax: settings.REPOSITORY_FILES_MAX,
    roundsMax: 3,
    progressMs: 10_000,
    retriesMax: 8,
    ageMsMax: settings.RUN_HOURS_MAX * 3_600_000,
    checksWaitMs: settings.CI_MINUTES_MAX * 60_000,
    checksGraceMs: settings.CI_GRACE_SECONDS * 1_000,
    ...overrides,
  };
}
