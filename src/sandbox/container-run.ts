import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../domain/app-error.ts';
import type {
  EgressEvent,
  SandboxCommand,
  SandboxResult,
  SandboxRun,
  SandboxSpec,
} from '../domain/sandbox.ts';
import { admitCommand } from './admission.ts';
import { closableRun } from './closable-run.ts';
import { type ContainerLayout, containerCommand, containerOptions } from './container-arguments.ts';
import type { ContainerCli } from './container-cli.ts';
import type { ContainerOwner } from './container-owner.ts';
import { isDiskLow } from './disk-reserve.ts';
import { abortedCommand } from './sandbox-command.ts';
import { type SupervisedEnd, superviseChild, supervisionOf } from './supervise-child.ts';

/** The network side of an open sandbox with registries. */
export interface ContainerNetwork {
  /** Name of the container whose network the commands join. */
  readonly holder: string;
  events(): readonly EgressEvent[];
  close(): Promise<void>;
}

export interface ContainerRunOptions {
  readonly cli: ContainerCli;
  readonly owner: ContainerOwner;
  readonly spec: SandboxSpec;
  readonly layout: ContainerLayout;
  readonly diskReserveBytes: number;
  /** Before the spec's and the command's own variables, which win. */
  readonly env: Readonly<Record<string, string>>;
  readonly network: ContainerNetwork | null;
}

const removeAttemptsMax = 20;

/**
 * An open sandbox of the container engine: each command is a container of its own. Measured beside it: commands by
 * `exec` in a lasting container leave their daemons behind, and killing the client leaves the command itself.
 */
export function containerRun(options: ContainerRunOptions): SandboxRun {
  const removals = new Set<Promise<void>>();
  const removeLater = (name: string): void => {
    const removal = removeContainer(options.cli, name).catch(() => undefined);
    removals.add(removal);
    void removal.then(() => removals.delete(removal));
  };
  return closableRun(options.spec.name, {
    execute: (command) => execute(options, command, removeLater),
    egress: () => options.network?.events() ?? [],
    async tearDown() {
      await Promise.all(removals);
      await options.network?.close();
    },
  });
}

async function execute(
  options: ContainerRunOptions,
  command: SandboxCommand,
  removeLater: (name: string) => void,
): Promise<SandboxResult> {
  const admitted = admitCommand(command, options);
  if ('result' in admitted) return admitted.result;
  const { cwd } = admitted;
  const name = `pullwright-${options.owner.id}-${randomUUID().slice(0, 8)}`;
  await options.cli.run(createArguments(options, { name, command, cwd }));
  if (command.signal?.aborted) {
    await removeContainer(options.cli, name);
    return abortedCommand();
  }
  const end = await supervise(options, command, name);
  if (end.forced !== null) return resultOf(end, null);
  try {
    return resultOf(end, isAmbiguous(end.exitCode) ? await stateOf(options.cli, name) : null);
  } finally {
    removeLater(name);
  }
}

function createArguments(
  { spec, owner, layout, env }: ContainerRunOptions,
  { name, command, cwd }: { name: string; command: SandboxCommand; cwd: string },
): readonly string[] {
  const wallClockMs = layout.limits.wallClockMs;
  return [
    'create',
    '--name',
    name,
    ...owner.labels(spec.name),
    ...(command.stdin === undefined ? [] : ['--interactive']),
    ...containerOptions(layout),
    layout.image,
    ...containerCommand(command.command, { cwd, env: { ...env, ...spec.env, ...command.env }, wallClockMs }),
  ];
}

/** The client ends when the container does; killing the client alone would leave the container running. */
async function supervise(
  options: ContainerRunOptions,
  command: SandboxCommand,
  name: string,
): Promise<SupervisedEnd> {
  const { cli, layout, spec, diskReserveBytes } = options;
  const { limits } = layout;
  const stdin = command.stdin !== undefined;
  const child = cli.spawn(['start', '--attach', ...(stdin ? ['--interactive'] : []), name], stdin);
  const killings: Promise<void>[] = [];
  const kill = (): void => {
    if (killings.length > 0) return;
    const killing = removeContainer(cli, name).finally(() => child.kill('SIGKILL'));
    killing.catch(() => undefined);
    killings.push(killing);
  };
  const end = await superviseChild({
    child,
    kill,
    ...supervisionOf(command, limits),
    watch: () => (isDiskLow(spec.workspace, diskReserveBytes) ? 'disk-limit' : null),
  });
  await Promise.all(killings);
  return end;
}

/** Kills it too. Throws `sandbox-failed` when the engine does not manage to: something of the command may live on. */
export async function removeContainer(cli: ContainerCli, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await cli.run(['rm', '--force', '--volumes', name]);
      return;
    } catch (error) {
      const said = error instanceof Error ? error.message : '';
      if (/no such container/i.test(said)) return;
      // The engine itself is removing it, or a fork bomb in it makes the engine's own helper fail.
      if (attempt >= removeAttemptsMax) throw error;
      await delay(100);
    }
  }
}

interface ContainerState {
  readonly started: boolean;
  readonly outOfMemory: boolean;
  readonly error: string;
}

/** Codes that the client uses for itself, and the one of a process that the kernel killed. */
function isAmbiguous(exitCode: number | null): boolean {
  return exitCode === null || exitCode === 1 || (exitCode >= 125 && exitCode <= 127) || exitCode === 137;
}

async function stateOf(cli: ContainerCli, name: string): Promise<ContainerState> {
  const format = '{{.State.StartedAt}}|{{.State.OOMKilled}}|{{.State.Error}}';
  const [startedAt = '', killed = '', ...error] = (
    await cli.run(['container', 'inspect', '--format', format, name])
  )
    .trim()
    .split('|');
  const started = startedAt !== '' && !startedAt.startsWith('0001-');
  return { started, outOfMemory: killed === 'true', error: error.join('|') };
}

function resultOf(end: SupervisedEnd, state: ContainerState | null): SandboxResult {
  const { exitCode, forced, stdout, stderr, durationMs } = end;
  const output = { stdout, stderr, durationMs };
  if (forced !== null) return { exitCode: null, ended: forced, ...output };
  if (state !== null && (!state.started || exitCode === null)) {
    throw new AppError(
      'sandbox-failed',
      `the container did not start: ${(state.error || stderr.text).trim().slice(0, 500)}`,
    );
  }
  return { exitCode, ended: state?.outOfMemory === true ? 'out-of-memory' : 'exit', ...output };
}
