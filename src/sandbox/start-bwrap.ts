import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { HostIdentity } from './sandbox-directories.ts';

/** Descriptor numbers in bwrap; none reaches the sandboxed command. */
export const childDescriptors = { seccomp: 3, options: 4, status: 5, block: 6 } as const;

export interface BwrapStart {
  readonly identity: HostIdentity;
  /** For `--args`. */
  readonly options: readonly string[];
  /** What runs inside, its first word absolute. */
  readonly command: readonly string[];
  readonly seccompFile: string;
  readonly stdin: boolean;
  /** Descriptors for standard output and error; absent: the child's streams. */
  readonly output?: readonly [stdout: number, stderr: number] | undefined;
  /** Process in whose user and network namespaces bwrap is started. */
  readonly joinPid?: number | undefined;
  /** Called with the host pid of the sandbox's init before anything of the command runs. */
  readonly beforeRun?: ((pid: number) => void) | undefined;
  /** From `inheritedDescriptors`: covered by /dev/null in the child. */
  readonly inherited: readonly number[];
}

interface BwrapStatus {
  /** Host pid of the sandbox's init. */
  readonly initPid: number | null;
  /** Only when the command was really executed; 128 + n when signal n ended it. */
  readonly exitCode: number | null;
  /** What `beforeRun` threw; null when it did not. */
  readonly startError: unknown;
}

export interface StartedBwrap {
  readonly child: ChildProcess;
  /** What bwrap said on its status descriptor so far; `exitCode` only when the command was really executed. */
  status(): BwrapStatus;
}

/** Absolute: bwrap gets no environment, hence no PATH. */
export const bwrapPath = '/usr/bin/bwrap';
/** From util-linux. */
export const nsenterPath = '/usr/bin/nsenter';
/** From util-linux; run inside the sandbox. */
export const prlimitPath = '/usr/bin/prlimit';

/**
 * Starts bubblewrap. `env: {}`: `--clearenv` does not clean bwrap's own pid 1, so `/proc/1/environ` would show ours
 * in the sandbox. Must be called on the main thread: the parent-death signal follows the thread. Measured from `exec` to
 * its result, on a machine where `spawn` of /bin/true takes 1.3 ms: p50 9 ms, of which bwrap itself 6; with a joined
 * network 10 ms. On a machine twice as fast: 4.6 ms.
 */
export function startBwrap(start: BwrapStart): StartedBwrap {
  const opened: number[] = [];
  const open = (path: string): number => {
    const descriptor = openSync(path, 'r');
    opened.push(descriptor);
    return descriptor;
  };
  try {
    const [program = '', ...argv] = commandLine(start);
    const child = spawn(program, argv, {
      env: {},
      cwd: '/',
      ...start.identity,
      stdio: descriptors(start, open(start.seccompFile), () => open('/dev/null')),
    });
    child.on('error', () => undefined);
    return { child, status: converse(child, start) };
  } finally {
    for (const descriptor of opened) {
      closeSync(descriptor);
    }
  }
}

function commandLine({ joinPid, command }: BwrapStart): readonly string[] {
  const join =
    joinPid === undefined
      ? []
      : [nsenterPath, '-t', String(joinPid), '--user', '--net', '--preserve-credentials', '--'];
  return [...join, bwrapPath, '--args', String(childDescriptors.options), '--', ...command];
}

/** Covering is the way to close: Node cannot close a descriptor in the child only, and `sh` knows only one-digit ones. */
function descriptors(
  { stdin, output, inherited, beforeRun }: BwrapStart,
  seccomp: number,
  openNull: () => number,
): ('pipe' | 'ignore' | number)[] {
  const stdio: ('pipe' | 'ignore' | number)[] = [
    stdin ? 'pipe' : 'ignore',
    output?.[0] ?? 'pipe',
    output?.[1] ?? 'pipe',
    seccomp,
    'pipe',
    'pipe',
    // bwrap passes on what it was not told to use.
    ...(beforeRun === undefined ? [] : ['pipe' as const]),
  ];
  const covered = inherited.filter((descriptor) => descriptor >= stdio.length);
  if (covered.length > 0) {
    const empty = openNull();
    const last = Math.max(...covered);
    for (let descriptor = stdio.length; descriptor <= last; descriptor += 1) {
      stdio.push(covered.includes(descriptor) ? empty : 'ignore');
    }
  }
  return stdio;
}

function converse(child: ChildProcess, { options, beforeRun }: BwrapStart): StartedBwrap['status'] {
  const pipes: readonly unknown[] = child.stdio;
  const optionsPipe = pipes[childDescriptors.options] as Writable | null;
  const statusPipe = pipes[childDescriptors.status] as Readable | null;
  const blockPipe = beforeRun === undefined ? null : (pipes[childDescriptors.block] as Writable | null);
  for (const pipe of [optionsPipe, statusPipe, blockPipe]) {
    pipe?.on('error', () => undefined);
  }
  optionsPipe?.end(`${options.join('\0')}\0`);
  let text = '';
  let released = false;
  let startError: unknown = null;
  const status = () => ({
    initPid: field(text, 'child-pid'),
    exitCode: field(text, 'exit-code'),
    startError,
  });
  const release = (initPid: number): void => {
    try {
      beforeRun?.(initPid);
      blockPipe?.end('.');
    } catch (error) {
      // Never run without what had to come first. It is ordinary when the command was killed while it started.
      startError = error;
      child.kill('SIGKILL');
    }
  };
  statusPipe?.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const { initPid } = status();
    if (initPid !== null && !released) {
      released = true;
      release(initPid);
    }
  });
  return status;
}

function field(text: string, name: string): number | null {
  const found = new RegExp(`"${name}": (\\d+)`).exec(text)?.[1];
  return found === undefined ? null : Number(found);
}
