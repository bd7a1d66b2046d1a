import { accessSync, constants } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Settings } from '../config/read-settings.ts';
import type { Logger } from '../domain/logger.ts';
import type { Sandbox } from '../domain/sandbox.ts';
import { createBwrapSandbox } from '../sandbox/bwrap-sandbox.ts';
import { createContainerSandbox } from '../sandbox/container-sandbox.ts';

export interface EngineOptions {
  readonly registries: readonly string[];
  readonly log: Logger;
}

/** The engines that isolate, in the order in which `auto` asks them. */
export type IsolatingEngine = 'bwrap' | 'container';

export const isolatingEngines: readonly IsolatingEngine[] = ['bwrap', 'container'];

export function createEngine(
  engine: IsolatingEngine,
  settings: Settings,
  { registries, log }: EngineOptions,
): Sandbox {
  const common = { stateDir: settings.stateDir, registries, log };
  if (engine === 'bwrap') return createBwrapSandbox(common);
  return createContainerSandbox({
    ...common,
    program: settings.SANDBOX_CONTAINER_CLI ?? installedClient(),
    clientEnv: settings.containerEnv,
    image: settings.SANDBOX_IMAGE,
    runtime: settings.SANDBOX_RUNTIME ?? null,
  });
}

const directories = ['/usr/local/bin', '/usr/bin', '/bin'];

/** `docker` where there is none at all: its absence is then the problem that is told. */
function installedClient(): string {
  return (
    ['docker', 'podman'].find((name) => directories.some((one) => isExecutable(join(one, name)))) ?? 'docker'
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isAbsolute(path);
  } catch {
    return false;
  }
}
