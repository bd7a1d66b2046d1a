import { Worker } from 'node:worker_threads';
import type { AddedBlock, ScanHit } from './scan-message.ts';

/** One line of a text, with the number that a finding names. */
export interface ScannedLine {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Longer lines are scanned in part: they are generated, and what backtracks does so on length. */
export const lineCharsMax = 4_000;

/**
 * Looks for credentials in lines, in a thread that is killed after `timeoutMs`. The thread gets no environment: what it
 * reads was written by strangers.
 */
export async function scanLines(
  lines: readonly ScannedLine[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<readonly ScanHit[] | 'timeout'> {
  signal.throwIfAborted();
  const worker = spare ?? startWorker();
  spare = undefined;
  const { promise, resolve, reject } = Promise.withResolvers<readonly ScanHit[] | 'timeout'>();
  const timer = setTimeout(() => resolve('timeout'), timeoutMs);
  const onAbort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  signal.addEventListener('abort', onAbort, { once: true });
  const onExit = (code: number): void => reject(new Error(`the scanning thread left with ${code}`));
  worker.on('message', resolve).on('error', reject).on('exit', onExit);
  worker.ref();
  worker.postMessage(blocksOf(lines), []);
  let answered = false;
  try {
    const hits = await promise;
    answered = hits !== 'timeout';
    return hits;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    // Not all listeners: the thread has some of its own.
    worker.off('message', resolve).off('error', reject).off('exit', onExit);
    if (answered) await keep(worker);
    else await worker.terminate();
  }
}

/**
 * The last thread that answered. A run scans its journal after every step, and loading the rules costs 200 ms of
 * processor time; one that did not answer in time is never asked again.
 */
let spare: Worker | undefined;

function startWorker(): Worker {
  const worker = new Worker(new URL('./secrets-worker.ts', import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  // Once for its life and not each time it is kept: a bot scans for months.
  return worker.on('error', () => forget(worker)).on('exit', () => forget(worker));
}

/** A process that has nothing else to do ends in spite of it. */
async function keep(worker: Worker): Promise<void> {
  if (spare !== undefined) return void (await worker.terminate());
  spare = worker;
  worker.unref();
}

function forget(worker: Worker): void {
  if (spare === worker) spare = undefined;
}

/** Neighbouring lines together, so that a key over several lines is seen as one. */
function blocksOf(lines: readonly ScannedLine[]): readonly AddedBlock[] {
  const blocks: { path: string; firstLine: number; lines: string[] }[] = [];
  for (const { path, line, text } of lines) {
    const last = blocks.at(-1);
    const short = text.slice(0, lineCharsMax);
    if (last?.path === path && last.firstLine + last.lines.length === line) last.lines.push(short);
    else blocks.push({ path, firstLine: line, lines: [short] });
  }
  return blocks;
}
