import type { Settings } from '../config/read-settings.ts';
import type { WorkflowLimits } from '../workflow/ports.ts';

/** The operator's settings as the workflow's limits. */
export function workflowLimits(settings: Settings, overrides: Partial<WorkflowLimits> = {}): WorkflowLimits {
  return {
    turnsMax: settings.AGENT_TURNS_MAX,
    wallClockMs: settings.AGENT_MINUTES_MAX * 60_000,
    budgetUsd: settings.AGENT_BUDGET_USD,
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
