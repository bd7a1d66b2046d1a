import { Worker } from 'node:worker_threads';

/**
 * Runs a module that posts one answer about its `data` in a thread that is killed after `timeoutMs`. It gets no
 * environment. Throws when the thread breaks, and the signal's reason when the run is stopped.
 */
export async function runInThread<Answer>(
  module: URL,
  data: unknown,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Answer | 'timeout'> {
  signal.throwIfAborted();
  const worker = new Worker(module, {
    workerData: data,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 1_024 },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Answer | 'timeout'>();
  const timer = setTimeout(() => resolve('timeout'), timeoutMs);
  const onAbort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  signal.addEventListener('abort', onAbort, { once: true });
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`the thread left with ${code}`)));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
