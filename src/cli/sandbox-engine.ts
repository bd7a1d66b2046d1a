import type { Settings } from '../config/read-settings.ts';
import { UsageError } from './command.ts';

type Engine = Settings['SANDBOX_ENGINE'];

const engines: readonly Engine[] = ['auto', 'bwrap', 'container', 'none'];

/** The settings with what `--sandbox` says, if it does. */
export function withSandbox(settings: Settings, text: string | undefined): Settings {
  if (text === undefined) return settings;
  const engine = engines.find((one) => one === text);
  if (engine === undefined) throw new UsageError(`--sandbox takes ${engines.join(', ')}`);
  return { ...settings, SANDBOX_ENGINE: engine };
}
