import { spawn } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../domain/logger.ts';
import type {
  Sandbox,
  SandboxCommand,
  SandboxLimits,
  SandboxResult,
  SandboxRun,
  SandboxSpec,
} from '../domain/sandbox.ts';
import { closableRun } from './closable-run.ts';
import { residentBytes } from './process-tree.ts';
import {
  abortedCommand,
  commandProblem,
  commandWords,
  directoryInside,
  refusedCommand,
} from './sandbox-command.ts';
import { removeTree } from './sandbox-directories.ts';
import { baseEnvironment } from './sandbox-environment.ts';
import { defaultLimits } from './sandbox-limits.ts';
import { type SupervisedEnd, superviseChild, supervisionOf } from './supervise-child.ts';

export interface NoneSandboxOptions {
  readonly stateDir: string;
  readonly log: Logger;
  readonly limits?: Partial<SandboxLimits>;
}

/**
 * NO isolation: commands run as ourselves, on our files, on our network. For a developer's own machine and
 * repositories they trust. The paths `/workspace`, `/home/agent` and `/out` do not exist: where a command names them,
 * the real ones are put in their place. A daemon that leaves its process group survives.
 */
export function createNoneSandbox(options: NoneSandboxOptions): Sandbox {
  return {
    engine: 'none',
    probe: async () => ({ ok: true, engine: 'none', version: process.version, problems: [] }),
    async open(spec) {
      options.log.warn('sandbox.no-isolation', { name: spec.name });
      return openNone(spec, { ...defaultLimits, ...options.limits, ...spec.limits });
    },
    adopt: async () => undefined,
    remove: removeTree,
  };
}

function openNone(spec: SandboxSpec, limits: SandboxLimits): SandboxRun {
  return closableRun(spec.name, {
    execute: (command) => execute(spec, limits, command),
    egress: () => [],
    tearDown: async () => undefined,
  });
}

async function execute(
  spec: SandboxSpec,
  limits: SandboxLimits,
  command: SandboxCommand,
): Promise<SandboxResult> {
  if (command.signal?.aborted) {
    return abortedCommand();
  }
  const refusal = commandProblem(command);
  const cwd = await existingDirectory(spec.workspace, command.cwd);
  if (refusal !== null || cwd === null) {
    return refusedCommand(refusal ?? `${JSON.stringify(command.cwd)} is not a directory of the workspace`);
  }
  const [program = '', ...argv] = commandWords(command.command).map((word) => realPaths(spec, word));
  const child = spawn(program, argv, {
    cwd,
    env: environment(spec, command),
    detached: true,
    stdio: [command.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const killGroup = () => {
    try {
      if (child.pid !== undefined) {
        process.kill(-child.pid, 'SIGKILL');
      }
    } catch {
      // The whole group is gone already.
    }
  };
  child.once('exit', killGroup);
  try {
    const end = await superviseChild({
      child,
      kill: killGroup,
      ...supervisionOf(command, limits),
      watch: () =>
        child.pid !== undefined && residentBytes(child.pid) > limits.memoryBytes ? 'out-of-memory' : null,
    });
    return resultOf(end);
  } catch (error) {
    return refusedCommand(error instanceof Error ? error.message : 'the command could not be started');
  }
}

function environment(spec: SandboxSpec, command: SandboxCommand): Readonly<Record<string, string>> {
  return {
    ...baseEnvironment,
    PATH: `${dirname(process.execPath)}:${baseEnvironment['PATH']}`,
    HOME: spec.home,
    SANDBOX_WORKSPACE: spec.workspace,
    SANDBOX_OUT: spec.out,
    ...spec.env,
    ...mapValues(command.env ?? {}, (value) => realPaths(spec, value)),
  };
}

function mapValues(
  values: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

/** A mere replacement of words; it protects nothing, and nothing here does. */
function realPaths({ workspace, home, out }: SandboxSpec, word: string): string {
  const places: Readonly<Record<string, string>> = { workspace, 'home/agent': home, out };
  return word.replace(
    /(?<![\w./~-])\/(workspace|home\/agent|out)(?![\w-])/g,
    (_whole, name: string) => places[name] ?? '',
  );
}

async function existingDirectory(workspace: string, cwd: string | undefined): Promise<string | null> {
  const root = await realpath(workspace);
  const path = directoryInside(root, cwd);
  const real = path === null ? null : await realpath(path).catch(() => null);
  return real !== null && (real === root || real.startsWith(`${root}/`)) ? real : null;
}

function resultOf({ exitCode, forced, stdout, stderr, durationMs }: SupervisedEnd): SandboxResult {
  if (forced !== null) {
    return { exitCode: null, ended: forced, stdout, stderr, durationMs };
  }
  return { exitCode, ended: exitCode === null ? 'signal' : 'exit', stdout, stderr, durationMs };
}
