import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { CapturedOutput, SandboxCommand, SandboxLimits, SandboxResult } from '../domain/sandbox.ts';
import { outputCapture } from './output-capture.ts';

/** Why we ended a command ourselves. */
export type ForcedEnd = Exclude<SandboxResult['ended'], 'exit' | 'signal'>;

export interface Supervision {
  readonly child: ChildProcess;
  /** What to read instead of the child's own streams. */
  readonly output?: { readonly stdout: Readable; readonly stderr: Readable } | undefined;
  /** Must end the command and everything it started, at once. */
  readonly kill: () => void;
  readonly timeoutMs: number;
  readonly outputBytesMax: number;
  readonly keepBytes: number;
  readonly signal?: AbortSignal | undefined;
  readonly stdin?: string | Uint8Array | undefined;
  /** Asked every 250 ms whether a resource is used up. */
  readonly watch?: () => ForcedEnd | null;
}

export interface SupervisedEnd {
  readonly exitCode: number | null;
  readonly forced: ForcedEnd | null;
  readonly stdout: CapturedOutput;
  readonly stderr: CapturedOutput;
  readonly durationMs: number;
}

const keepBytesDefault = 64 * 1024;
const watchIntervalMs = 250;
const drainMs = 500;

/** How a command is supervised under these limits, whatever the engine. */
export function supervisionOf(
  command: SandboxCommand,
  limits: SandboxLimits,
): Pick<Supervision, 'timeoutMs' | 'outputBytesMax' | 'keepBytes' | 'signal' | 'stdin'> {
  return {
    timeoutMs: Math.min(command.timeoutMs ?? limits.wallClockMs, limits.wallClockMs),
    outputBytesMax: limits.outputBytesMax,
    keepBytes: command.keepBytes ?? keepBytesDefault,
    signal: command.signal,
    stdin: command.stdin,
  };
}

/**
 * Waits for a child's exit within its limits. Never waits for `close` alone: a daemon that holds the pipes open
 * kept a caller waiting for 400 s. Rejects when the program cannot be started.
 */
export async function superviseChild(supervision: Supervision): Promise<SupervisedEnd> {
  const { child } = supervision;
  const streams = [supervision.output?.stdout ?? child.stdout, supervision.output?.stderr ?? child.stderr];
  const startedMs = performance.now();
  const forced = forceable(supervision.kill);
  const output = captureOutput(streams, supervision, forced.end);
  const stopWatching = startWatches(supervision, forced.end);
  const exited = once(child, 'exit');
  const drained = Promise.allSettled(streams.map(closeOf));
  writeInput(child, supervision.stdin);
  try {
    const [exitCode] = (await exited) as [number | null];
    const stopWaiting = new AbortController();
    await Promise.race([drained, delay(drainMs, null, { signal: stopWaiting.signal }).catch(() => null)]);
    stopWaiting.abort();
    return { exitCode, forced: forced.reason(), ...output(), durationMs: performance.now() - startedMs };
  } finally {
    stopWatching();
    for (const stream of streams) stream?.destroy();
  }
}

/** The first reason wins; killing again does no harm. */
function forceable(kill: () => void): {
  readonly end: (reason: ForcedEnd) => void;
  reason(): ForcedEnd | null;
} {
  let reason: ForcedEnd | null = null;
  return {
    end(next) {
      reason ??= next;
      kill();
    },
    reason: () => reason,
  };
}

function captureOutput(
  [out, error]: readonly (Readable | null | undefined)[],
  { outputBytesMax, keepBytes }: Supervision,
  end: (reason: ForcedEnd) => void,
): () => { readonly stdout: CapturedOutput; readonly stderr: CapturedOutput } {
  const stdout = outputCapture(keepBytes);
  const stderr = outputCapture(keepBytes);
  for (const [stream, capture] of [
    [out, stdout],
    [error, stderr],
  ] as const) {
    stream?.on('error', () => undefined);
    stream?.on('data', (chunk: Buffer) => {
      capture.add(chunk);
      if (stdout.bytes() + stderr.bytes() > outputBytesMax) {
        end('output-limit');
      }
    });
  }
  return () => ({ stdout: stdout.result(), stderr: stderr.result() });
}

function startWatches(
  { timeoutMs, signal, watch }: Supervision,
  end: (reason: ForcedEnd) => void,
): () => void {
  const wallClock = setTimeout(() => end('timeout'), timeoutMs);
  const resources = setInterval(() => {
    const reason = watch?.() ?? null;
    if (reason !== null) {
      end(reason);
    }
  }, watchIntervalMs);
  const abort = () => end('aborted');
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) {
    abort();
  }
  return () => {
    clearTimeout(wallClock);
    clearInterval(resources);
    signal?.removeEventListener('abort', abort);
  };
}

async function closeOf(stream: Readable | null | undefined): Promise<void> {
  if (stream && !stream.closed) {
    await once(stream, 'close');
  }
}

function writeInput(child: ChildProcess, stdin: string | Uint8Array | undefined): void {
  // A command may exit without reading: EPIPE is not an error of ours.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(stdin);
}
