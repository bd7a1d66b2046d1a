import type { Settings } from '../config/read-settings.ts';
import type { ForgeReader } from '../domain/forge.ts';
import { defaultGateSettings } from '../domain/gate-settings.ts';
import type { Journal } from '../domain/journal.ts';
import { defaultPullStyle } from '../domain/pull-style.ts';
import type { RunStore } from '../domain/run.ts';
import type { ConfigPort, EffectiveConfig } from '../domain/shown-config.ts';
import type { DetectedCommands } from '../domain/toolchain.ts';
import { renderConfig } from '../record/render-config.ts';
import type { RepositoryConfig } from '../workflow/ports.ts';
import { onboardingPlace } from './onboarding.ts';
import { readRepositoryConfig } from './repository-config.ts';
import { operatorBudgets } from './workflow-limits.ts';

/** Runs that are looked through for the commands of a repository, newest first. */
const runsMax = 10;

export interface EffectiveConfigOptions {
  readonly settings: Settings;
  readonly reader: Pick<ForgeReader, 'file'>;
  readonly runs: Pick<RunStore, 'list'>;
  readonly journal: Pick<Journal, 'read'>;
}

/** Reads the file as a run would that began now: from the branch, and by the same schema. */
export function createConfigPort(options: EffectiveConfigOptions): ConfigPort {
  const { settings, reader } = options;
  return {
    async show(at, branch) {
      const text = await reader.file(at, onboardingPlace.path, branch);
      const { config, problems } = readRepositoryConfig(text ?? '');
      return renderConfig({
        branch,
        found: text !== undefined,
        problems,
        config: config && effective(config, settings),
        operator: operatorBudgets(settings),
        detected: await newestCommands(options, at.repositoryId),
      });
    },
  };
}

function effective(config: RepositoryConfig, settings: Settings): EffectiveConfig {
  const commands = Object.entries(config.commands).map(
    ([phase, all]) => [phase, all.map((one) => (typeof one === 'string' ? one : one.run))] as const,
  );
  return {
    base: config.base ?? null,
    directory: config.directory ?? null,
    plan: config.plan ?? 'risk',
    journal: config.journal ?? settings.AGENT_JOURNAL,
    controlIssue: config.controlIssue ?? false,
    protected: config.protected ?? [],
    instructionsChars: config.instructions?.length ?? 0,
    pull: config.pull ?? defaultPullStyle,
    gates: config.gates ?? defaultGateSettings,
    commands: Object.fromEntries(commands),
    budgetUsd: config.budgetUsd,
    budgets: config.budgets,
  };
}

async function newestCommands(
  { runs, journal }: EffectiveConfigOptions,
  repositoryId: number,
): Promise<DetectedCommands | null> {
  for (const { id } of await runs.list({ repositoryId, limit: runsMax })) {
    const entries = await journal.read(id);
    const found = entries.findLast(({ event }) => event.kind === 'commands.detected')?.event;
    if (found?.kind === 'commands.detected') return found.commands;
  }
  return null;
}
