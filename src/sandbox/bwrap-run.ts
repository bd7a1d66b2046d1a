import { closeSync } from 'node:fs';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../domain/app-error.ts';
import type {
  EgressEvent,
  SandboxCommand,
  SandboxLimits,
  SandboxResult,
  SandboxRun,
  SandboxSpec,
} from '../domain/sandbox.ts';
import { admitCommand } from './admission.ts';
import { bwrapArguments } from './bwrap-arguments.ts';
import { closableRun } from './closable-run.ts';
import type { ControlGroup } from './control-group.ts';
import { isDiskLow } from './disk-reserve.ts';
import type { OutputPipes } from './output-pipes.ts';
import { isAlive, residentBytes } from './process-tree.ts';
import { commandWords, refusedCommand } from './sandbox-command.ts';
import type { HostIdentity } from './sandbox-directories.ts';
import { resourceLimitArguments } from './sandbox-limits.ts';
import { childDescriptors, prlimitPath, type StartedBwrap, startBwrap } from './start-bwrap.ts';
import {
  type ForcedEnd,
  type SupervisedEnd,
  type Supervision,
  superviseChild,
  supervisionOf,
} from './supervise-child.ts';

/** The network side of an open sandbox with registries. */
export interface RegistryNetwork {
  /** Process whose user and network namespaces the commands join. */
  readonly holderPid: number;
  events(): readonly EgressEvent[];
  close(): Promise<void>;
}

export interface BwrapRunOptions {
  readonly spec: SandboxSpec;
  readonly identity: HostIdentity;
  readonly limits: SandboxLimits;
  readonly diskReserveBytes: number;
  readonly etc: string;
  readonly seccompFile: string;
  /** Before the spec's and the command's own variables, which win. */
  readonly env: Readonly<Record<string, string>>;
  readonly inherited: readonly number[];
  readonly pipes: OutputPipes;
  /** User and group id inside. */
  readonly idInside: number;
  readonly network: RegistryNetwork | null;
  /** Null: rlimits and the resident-memory watch stand alone. */
  readonly group: ControlGroup | null;
}

const deathWaitMs = 5_000;

/** An open bubblewrap sandbox: each command is a fresh bwrap, so no daemon outlives its command. */
export function bwrapRun(options: BwrapRunOptions): SandboxRun {
  return closableRun(options.spec.name, {
    execute: (command) => execute(options, command),
    egress: () => options.network?.events() ?? [],
    async tearDown() {
      await options.network?.close();
      await options.group?.close();
    },
  });
}

async function execute(options: BwrapRunOptions, command: SandboxCommand): Promise<SandboxResult> {
  const admitted = admitCommand(command, options);
  if ('result' in admitted) return admitted.result;
  const killsBefore = memoryKills(options);
  const [stdout, stderr] = await options.pipes.take();
  let started: StartedBwrap;
  try {
    started = startBwrap({
      ...startOf(options, command, admitted.cwd),
      output: [stdout.writeFd, stderr.writeFd],
    });
  } finally {
    closeSync(stdout.writeFd);
    closeSync(stderr.writeFd);
  }
  const output = { stdout: stdout.reader, stderr: stderr.reader };
  const end = await supervise(options, command, { started, output });
  await allDead(started);
  return resultOf(end, started, memoryKills(options) > killsBefore);
}

const memoryKills = (options: BwrapRunOptions): number => options.group?.outOfMemoryKills() ?? 0;

async function supervise(
  options: BwrapRunOptions,
  command: SandboxCommand,
  { started, output }: { readonly started: StartedBwrap; readonly output: Supervision['output'] },
): Promise<SupervisedEnd> {
  const { limits } = options;
  try {
    return await superviseChild({
      child: started.child,
      output,
      kill: () => started.child.kill('SIGKILL'),
      ...supervisionOf(command, limits),
      watch: () => exhausted(options, started),
    });
  } catch (cause) {
    throw new AppError('sandbox-failed', 'bubblewrap could not be started', { cause });
  }
}

function startOf(options: BwrapRunOptions, command: SandboxCommand, cwd: string) {
  const { spec, group, network } = options;
  return {
    identity: options.identity,
    options: bwrapArguments({
      workspace: spec.workspace,
      home: spec.home,
      out: spec.out,
      etc: options.etc,
      mounts: spec.mounts ?? [],
      ownNetwork: network === null,
      idInside: options.idInside,
      cwd,
      env: { ...options.env, ...spec.env, ...command.env },
      seccompFd: childDescriptors.seccomp,
      statusFd: childDescriptors.status,
      ...(group === null ? {} : { blockFd: childDescriptors.block }),
    }),
    command: [prlimitPath, ...resourceLimitArguments(options.limits), '--', ...commandWords(command.command)],
    seccompFile: options.seccompFile,
    stdin: command.stdin !== undefined,
    joinPid: network?.holderPid,
    beforeRun: group === null ? undefined : (pid: number) => group.join(pid),
    inherited: options.inherited,
  };
}

function exhausted(options: BwrapRunOptions, started: StartedBwrap): ForcedEnd | null {
  if (isDiskLow(options.spec.workspace, options.diskReserveBytes)) {
    return 'disk-limit';
  }
  const { pid } = started.child;
  if (options.group === null && pid !== undefined && residentBytes(pid) > options.limits.memoryBytes) {
    return 'out-of-memory';
  }
  return null;
}

/**
 * The kernel tears the pid namespace down asynchronously; a result must not arrive while something still writes.
 * Mostly the first or second look suffices, hence no timer at first (1 ms of sleep costs 1-2 ms a command).
 */
async function allDead(started: StartedBwrap): Promise<void> {
  const { initPid } = started.status();
  if (initPid === null) {
    return;
  }
  const startMs = performance.now();
  for (let waitedMs = 0; waitedMs < deathWaitMs && isAlive(initPid); waitedMs = performance.now() - startMs) {
    await (waitedMs < 3 ? nextTurn() : delay(1));
  }
}

function resultOf(end: SupervisedEnd, started: StartedBwrap, memoryKill: boolean): SandboxResult {
  const { exitCode, startError } = started.status();
  const { stdout, stderr, durationMs } = end;
  const result = (ended: SandboxResult['ended'], code: number | null): SandboxResult => ({
    exitCode: code,
    ended,
    stdout,
    stderr,
    durationMs,
  });
  if (end.forced !== null) {
    return result(end.forced, null);
  }
  if (startError !== null) {
    throw new AppError('sandbox-failed', 'the command could not be put under its limits', {
      cause: startError,
    });
  }
  if (exitCode !== null) {
    return memoryKill && exitCode !== 0 ? result('out-of-memory', exitCode) : result('exit', exitCode);
  }
  if (end.exitCode === null) {
    return result('signal', null);
  }
  if (stderr.text.startsWith("bwrap: Can't chdir ")) {
    return refusedCommand(stderr.text.replace(/^bwrap: /, '').trim());
  }
  throw new AppError(
    'sandbox-failed',
    `bubblewrap did not start the command: ${stderr.text.trim().slice(0, 500)}`,
  );
}
