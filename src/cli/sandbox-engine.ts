import type { Settings } from '../config/read-settings.ts';
import { UsageError } from './command.ts';

type Engine = Settings['SANDBOX_ENGINE'];

const engines: readonly Engine[] = ['auto', 'bwrap', 'container', 'none'];

/** The value of `--sandbox`. */
export function sandboxEngine(text: string): Engine {
  const engine = engines.find((one) => one === text);
  if (engine === undefined) throw new UsageError(`--sandbox takes ${engines.join(', ')}`);
  return engine;
}
