import { AppError } from '../domain/app-error.ts';
import { betweenCrashPoints } from '../domain/crash-point.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { SandboxMount, SandboxRun } from '../domain/sandbox.ts';
import type { WorkspaceDirectories } from '../domain/workspace.ts';
import type { WorkflowPorts } from './ports.ts';
import type { RunContext } from './run-context.ts';

/** Of a run, what opening a sandbox needs. */
export interface SandboxPlace extends Pick<RunContext, 'last' | 'append'> {
  readonly ports: Pick<WorkflowPorts, 'sandbox' | 'mounts' | 'toolchainPath'>;
  readonly run: { readonly repository: Pick<RepositoryRef, 'id' | 'private'> };
}

/** A sandbox over a run's directories, with the operator's toolchain mounts. */
export async function openSandbox(
  context: SandboxPlace,
  options: {
    readonly directories: WorkspaceDirectories;
    readonly name: string;
    readonly network: 'none' | 'registries';
    /** Besides the toolchains. */
    readonly mounts?: readonly SandboxMount[];
  },
): Promise<SandboxRun> {
  const { workspace, home, out } = options.directories;
  const { sandbox, mounts, toolchainPath } = context.ports;
  await recordEngine(context);
  const env = toolchainPath === null ? {} : { env: { PATH: toolchainPath } };
  const spec = {
    name: options.name,
    workspace,
    home,
    out,
    mounts: [...mounts, ...(options.mounts ?? [])],
    ...env,
    network: options.network,
  };
  const opened = await betweenCrashPoints('sandbox.open', () => sandbox.open(spec));
  return {
    exec: (command) => betweenCrashPoints('sandbox.exec', () => opened.exec(command)),
    egress: () => opened.egress(),
    close: () => betweenCrashPoints('sandbox.close', () => opened.close()),
  };
}

/** Code of a public repository may come from anybody: without isolation it does not run, whatever the settings say. */
async function recordEngine(context: SandboxPlace): Promise<void> {
  const { engine } = context.ports.sandbox;
  if (engine === 'none' && !context.run.repository.private) {
    throw new AppError('sandbox-unavailable', 'SANDBOX_ENGINE=none runs no code of public repositories');
  }
  const { version } = await context.ports.sandbox.probe();
  const known = context.last('sandbox.chosen');
  if (known?.engine === engine && known.version === version) return;
  await context.append({ kind: 'sandbox.chosen', engine, version }, `sandbox.chosen:${engine}:${version}`);
}
