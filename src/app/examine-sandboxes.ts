import type { Settings } from '../config/read-settings.ts';
import type { SandboxProbe } from '../domain/sandbox.ts';
import { selfTest, type TrialResult } from '../sandbox/self-test.ts';
import { createAppLogger } from './app-logger.ts';
import { createEngine, type IsolatingEngine, isolatingEngines } from './sandbox-engines.ts';

/** One engine on this machine. */
export interface EngineReport {
  readonly engine: IsolatingEngine;
  readonly probe: SandboxProbe;
  /** Empty where the engine does not start. */
  readonly trials: readonly TrialResult[];
  /** Whether the bot would use it, by the settings. */
  readonly isChosen: boolean;
}

/** Tries every promise of every engine that the settings allow, on this machine, with this kernel and this image. */
export async function examineSandboxes(settings: Settings): Promise<readonly EngineReport[]> {
  const { SANDBOX_ENGINE: wanted } = settings;
  const engines = isolatingEngines.filter(
    (engine) => wanted === 'auto' || wanted === 'none' || wanted === engine,
  );
  const reports: EngineReport[] = [];
  for (const engine of engines) {
    const sandbox = createEngine(engine, settings, { registries: [], log: createAppLogger('silent') });
    const probe = await sandbox.probe();
    const isChosen = wanted !== 'none' && probe.ok && !reports.some((report) => report.isChosen);
    reports.push({
      engine,
      probe,
      trials: probe.ok ? await selfTest(sandbox, settings.stateDir) : [],
      isChosen,
    });
  }
  return reports;
}
