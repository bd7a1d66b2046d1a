import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../config/read-settings.ts';
import { AppError } from '../domain/app-error.ts';
import type { Logger } from '../domain/logger.ts';
import type { Sandbox } from '../domain/sandbox.ts';
import { detectRegistries } from '../sandbox/detect-registries.ts';
import { createNoneSandbox } from '../sandbox/none-sandbox.ts';
import { askPackageManagers } from './ask-package-managers.ts';
import { createEngine, isolatingEngines } from './sandbox-engines.ts';

/**
 * The engine of the settings: the one that is named, or with `auto` the first that holds everything. It never falls
 * back to less in silence: without an engine that works the bot refuses to run code. `none` is for a developer's own
 * machine, in local mode only.
 *
 * Throws `sandbox-unavailable` with what to do.
 */
export async function chooseSandbox(
  settings: Settings,
  options: {
    readonly localMode: boolean;
    readonly log: Logger;
    /** Replaces the engines: for tests. */
    readonly create?: typeof createEngine;
  },
): Promise<Sandbox> {
  const wanted = settings.SANDBOX_ENGINE;
  if (wanted === 'none') return noneSandbox(settings, options);
  const create = options.create ?? createEngine;
  const registries = registriesOf(settings);
  const problems: string[] = [];
  for (const engine of wanted === 'auto' ? isolatingEngines : [wanted]) {
    const sandbox = create(engine, settings, { registries, log: options.log });
    const probe = await sandbox.probe();
    if (probe.ok) {
      const chosen = { engine, version: probe.version };
      if (problems.length === 0) options.log.info('sandbox.chosen', chosen);
      else options.log.warn('sandbox.chosen', { ...chosen, instead: problems.join('; ') });
      return sandbox;
    }
    problems.push(`${engine}: ${probe.problems.map(({ message, fix }) => `${message} (${fix})`).join('; ')}`);
  }
  throw new AppError('sandbox-unavailable', problems.join('; '));
}

function noneSandbox(
  settings: Settings,
  options: { readonly localMode: boolean; readonly log: Logger },
): Sandbox {
  if (!options.localMode) {
    throw new AppError(
      'sandbox-unavailable',
      "SANDBOX_ENGINE=none works in local mode only: a bot runs other people's code",
    );
  }
  options.log.warn('sandbox.none', { message: 'commands run WITHOUT isolation, with your own rights' });
  return createNoneSandbox({ stateDir: settings.stateDir, log: options.log });
}

/** Hosts of the set-up phase: the operator's list, or what this machine's package managers are configured with. */
export function registriesOf(settings: Settings): readonly string[] {
  if (settings.SANDBOX_REGISTRIES.includes('off')) return [];
  if (settings.SANDBOX_REGISTRIES.length > 0) return settings.SANDBOX_REGISTRIES;
  return detectRegistries({
    env: askPackageManagers(settings.packageManagerEnv),
    npmrc: readAll(['/etc/npmrc', '/usr/etc/npmrc', '/usr/local/etc/npmrc', join(homedir(), '.npmrc')]),
    pipConf: readAll([
      '/etc/pip.conf',
      join(homedir(), '.pip', 'pip.conf'),
      join(homedir(), '.config', 'pip', 'pip.conf'),
    ]),
    cargoConfig: readAll([join(homedir(), '.cargo', 'config.toml')]),
  });
}

function readAll(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    try {
      return [readFileSync(path, 'utf8')];
    } catch {
      return [];
    }
  });
}
