import { type AgentConfig, parseAgentConfig } from '../config/agent-config.ts';
import { defaultPullStyle } from '../domain/pull-style.ts';
import type { ReadRepositoryConfig, RepositoryConfig } from '../workflow/ports.ts';
import { gateSettingsOf } from './gate-settings.ts';

/** Joins the configuration's schema and the workflow, which must not know each other. */
export const readRepositoryConfig: ReadRepositoryConfig = (text) => {
  const { config, problems } = parseAgentConfig(text);
  return {
    config: config ? toRepositoryConfig(config) : null,
    problems: problems.map(
      ({ line, key, message }) => `line ${line}${key === '' ? '' : `, key \`${key}\``}: ${message}`,
    ),
  };
};

function toRepositoryConfig(config: AgentConfig): RepositoryConfig {
  const commands = Object.entries(config.commands ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value : [value]] as const],
  );
  return {
    base: config.base,
    directory: config.directory,
    budgetUsd: config.budget_usd,
    budgets: config.budgets && {
      runUsd: config.budgets.run_usd,
      userDayUsd: config.budgets.user_day_usd,
      repositoryDayUsd: config.budgets.repository_day_usd,
    },
    instructions: config.instructions,
    journal: config.journal,
    pull: config.pull_request ?? defaultPullStyle,
    gates: gateSettingsOf(config.gates),
    controlIssue: config.control_issue,
    protected: config.protected,
    plan: config.plan,
    commands: Object.fromEntries(commands),
  };
}
