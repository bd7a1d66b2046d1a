import type { SandboxCommand, SandboxLimits, SandboxMount } from '../domain/sandbox.ts';
import { syntheticEtcFiles } from './synthetic-etc.ts';

/** What the containers of one open sandbox have in common; all paths are absolute. */
export interface ContainerLayout {
  readonly image: string;
  /** Such as `runsc`; null: the engine's own. */
  readonly runtime: string | null;
  /** `uid:gid` inside. */
  readonly user: string;
  /** Options of the engine at hand, such as Podman's `--userns=keep-id`. */
  readonly extra: readonly string[];
  readonly etc: string;
  readonly seccompFile: string;
  readonly mounts: readonly SandboxMount[];
  readonly limits: SandboxLimits;
  /** Name of the container whose network is joined; null: none at all. */
  readonly network: string | null;
}

/** The name that a sandbox has for itself. */
export const containerHostName = 'sandbox';

const openFilesMax = 4096;
/** How much later the sandbox ends a command by itself, should nobody be left outside to do it. */
const ownClockSlackSeconds = 60;

/**
 * Process 1 of a container. It has no environment (`/proc/1/environ` can be read inside), cannot be killed from inside,
 * reaps what is orphaned, and with its end the kernel ends everything else. `timeout` is for the case that we are gone.
 *
 * `--workdir` is not used: the engine would make a missing directory, as root, in the workspace.
 */
const supervisor = `limit=$1 cwd=$2; shift 2
cd -- "$cwd" 2> /dev/null || { echo "cannot enter $cwd" >&2; exit 126; }
timeout -s KILL "$limit" env -i -- "$@"
exit $?`;

const byShell = 'if [ -x /bin/bash ]; then exec /bin/bash -c "$1"; fi; exec /bin/sh -c "$1"';

/** What comes after the image's name. `cwd` is absolute inside. */
export function containerCommand(
  command: SandboxCommand['command'],
  { cwd, env, wallClockMs }: { cwd: string; env: Readonly<Record<string, string>>; wallClockMs: number },
): readonly string[] {
  const seconds = Math.ceil(wallClockMs / 1000) + ownClockSlackSeconds;
  const words = typeof command === 'string' ? ['/bin/sh', '-c', byShell, 'sh', command] : command;
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return [
    '-i',
    '/bin/sh',
    '-c',
    supervisor,
    'sandbox',
    String(seconds),
    cwd,
    ...variables,
    '/bin/sh',
    '-c',
    'exec "$@"',
    'sh',
    ...words,
  ];
}

/**
 * Options of `create`. No image is ever pulled: which one runs is the operator's decision. `/sys` is covered: the
 * engines show the host's devices and kernel there. `no-healthcheck`: an image must not run programs of its own.
 */
export function containerOptions(layout: ContainerLayout): readonly string[] {
  const { limits, network } = layout;
  return [
    ['--pull', 'never', '--restart', 'no', '--log-driver', 'none', '--no-healthcheck', '--init=false'],
    // Podman asks politely before it removes what runs, for ten seconds unless told otherwise.
    ['--stop-timeout', '0'],
    layout.runtime === null ? [] : ['--runtime', layout.runtime],
    ['--entrypoint', '/usr/bin/env', '--user', layout.user, '--cap-drop', 'ALL'],
    ['--security-opt', 'no-new-privileges', '--security-opt', `seccomp=${layout.seccompFile}`],
    network === null
      ? ['--network', 'none', '--hostname', containerHostName]
      : ['--network', `container:${network}`],
    ['--ipc', 'private', '--read-only', '--shm-size', '256m'],
    ['--tmpfs', '/tmp:rw,exec,nosuid,nodev,size=512m,mode=1777'],
    ['--tmpfs', '/var/tmp:rw,exec,nosuid,nodev,size=512m,mode=1777'],
    ['--tmpfs', '/run:rw,noexec,nosuid,nodev,size=16m,mode=755'],
    ['--tmpfs', '/sys:ro,noexec,nosuid,nodev,size=4k,mode=555'],
    limitOptions(limits),
    layout.extra,
    [...etcMounts(layout.etc), ...layout.mounts].flatMap(mountOption),
  ].flat();
}

/** Processes are counted by control group: `RLIMIT_NPROC` would be shared by all containers of a user. */
function limitOptions(limits: SandboxLimits): readonly string[] {
  return [
    ['--memory', String(limits.memoryBytes), '--memory-swap', String(limits.memoryBytes)],
    ['--pids-limit', String(limits.processesMax), '--cpus', String(limits.cpusMax)],
    ['--ulimit', `data=${limits.memoryBytes}`, '--ulimit', `fsize=${limits.fileBytesMax}`],
    ['--ulimit', `nofile=${openFilesMax}`, '--ulimit', 'core=0'],
  ].flat();
}

function etcMounts(etc: string): readonly SandboxMount[] {
  return syntheticEtcFiles.map((name) => ({ source: `${etc}/${name}`, target: `/etc/${name}` }));
}

/** The value is a line of CSV: quoted, a comma in a directory's name cannot add an option. */
function mountOption({ source, target, writable }: SandboxMount): readonly string[] {
  const fields = ['type=bind', `source=${source}`, `target=${target}`];
  const quoted = fields.map((field) => `"${field.replaceAll('"', '""')}"`);
  return ['--mount', [...quoted, ...(writable === true ? [] : ['readonly'])].join(',')];
}
