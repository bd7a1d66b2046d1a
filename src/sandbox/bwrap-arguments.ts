import type { SandboxMount } from '../domain/sandbox.ts';
import { syntheticEtcFiles } from './synthetic-etc.ts';

const mebibyte = 1024 * 1024;
const sharedMemoryBytes = 256 * mebibyte;
const temporaryBytes = 512 * mebibyte;
const runBytes = 16 * mebibyte;

/** What one bubblewrap command line depends on; all paths are absolute. */
export interface BwrapLayout {
  readonly workspace: string;
  readonly home: string;
  readonly out: string;
  /** Where `writeSyntheticEtc` wrote. */
  readonly etc: string;
  readonly mounts: readonly SandboxMount[];
  /** False when the command joins the network namespace of a holder. */
  readonly ownNetwork: boolean;
  /** User and group id inside; outside it is an ordinary user's in any case. */
  readonly idInside: number;
  /** Absolute inside the sandbox. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Descriptor numbers in the child. */
  readonly seccompFd: number;
  readonly statusFd: number;
  /** Read before anything of the command runs; set when the process must first be put into a control group. */
  readonly blockFd?: number;
}

/**
 * The options of `bwrap --args`: passed by descriptor because `/proc/1/cmdline` is readable in the sandbox.
 *
 * No `--hostname`: container seccomp profiles forbid sethostname. `--remount-ro` of `/` and `/dev` is no cosmetics:
 * both are tmpfs without a size (measured: 600 MB written to each). `--clearenv` comes before every `--setenv`:
 * bwrap applies them in order. `/`, `/etc`, `/var`, `/run`, `/sys` of the host are never bound.
 */
export function bwrapArguments(layout: BwrapLayout): readonly string[] {
  return [
    ['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    layout.ownNetwork ? ['--unshare-net'] : [],
    ['--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--disable-userns'],
    ['--uid', String(layout.idInside), '--gid', String(layout.idInside)],
    systemTree(layout.etc),
    ['--bind', layout.home, '/home/agent'],
    ['--bind', layout.workspace, '/workspace'],
    ['--bind', layout.out, '/out'],
    ...layout.mounts.map((mount) => [mount.writable ? '--bind' : '--ro-bind', mount.source, mount.target]),
    ['--remount-ro', '/', '--chdir', layout.cwd, '--clearenv'],
    ...Object.entries(layout.env).map(([name, value]) => ['--setenv', name, value]),
    ['--seccomp', String(layout.seccompFd), '--json-status-fd', String(layout.statusFd)],
    layout.blockFd === undefined ? [] : ['--block-fd', String(layout.blockFd)],
  ].flat();
}

/** Optional parts of the host's `/etc` that tools need: certificates, alternatives, the linker's cache, Java's settings. */
const hostEtcOptional = [
  '/etc/ssl',
  '/etc/pki/tls/certs',
  '/etc/pki/ca-trust/extracted',
  '/etc/ca-certificates',
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/localtime',
  '/etc/java-11-openjdk',
  '/etc/java-17-openjdk',
  '/etc/java-21-openjdk',
  '/etc/maven',
];

function systemTree(etc: string): readonly string[] {
  return [
    ['--ro-bind', '/usr', '/usr', '--symlink', 'usr/bin', '/bin', '--symlink', 'usr/sbin', '/sbin'],
    ['--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64'],
    ['--ro-bind-try', '/opt', '/opt', '--dir', '/etc'],
    ...syntheticEtcFiles.map((name) => ['--ro-bind', `${etc}/${name}`, `/etc/${name}`]),
    ...hostEtcOptional.map((path) => ['--ro-bind-try', path, path]),
    ['--proc', '/proc', '--dev', '/dev'],
    ['--size', String(sharedMemoryBytes), '--perms', '1777', '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ['--size', String(temporaryBytes), '--perms', '1777', '--tmpfs', '/tmp'],
    ['--size', String(runBytes), '--tmpfs', '/run', '--dir', '/var', '--symlink', '/tmp', '/var/tmp'],
  ].flat();
}
