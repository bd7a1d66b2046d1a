import { Worker } from 'node:worker_threads';

/** How long an answer may take, and what ends the waiting. */
export interface AskLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * A module that answers each message with one, in a thread that is killed when it takes longer than `timeoutMs`. It
 * gets no environment: what it reads was written by strangers. Throws when the thread breaks, and the signal's reason
 * when the run is stopped.
 */
export class AskedThread<Question, Answer> {
  readonly #module: URL;
  readonly #memoryMb: number;
  /** The last thread that answered: loading what it needs costs 200 ms. One that did not answer is never asked again. */
  #spare: Worker | undefined;

  constructor(module: URL, memoryMb = 512) {
    this.#module = module;
    this.#memoryMb = memoryMb;
  }

  async ask(question: Question, { timeoutMs, signal }: AskLimits): Promise<Answer | 'timeout'> {
    signal.throwIfAborted();
    const worker = this.#spare ?? this.#start();
    this.#spare = undefined;
    const { promise, resolve, reject } = Promise.withResolvers<Answer | 'timeout'>();
    const timer = setTimeout(() => resolve('timeout'), timeoutMs);
    const onAbort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', onAbort, { once: true });
    const onExit = (code: number): void => reject(new Error(`the thread left with ${code}`));
    worker.on('message', resolve).on('error', reject).on('exit', onExit);
    worker.ref();
    worker.postMessage(question, []);
    let answered = false;
    try {
      const answer = await promise;
      answered = answer !== 'timeout';
      return answer;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      // Not all listeners: the thread has some of its own.
      worker.off('message', resolve).off('error', reject).off('exit', onExit);
      if (answered) await this.#keep(worker);
      else await worker.terminate();
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#module, {
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#memoryMb },
    });
    // Once for its life and not each time it is kept: a bot judges for months.
    return worker.on('error', () => this.#forget(worker)).on('exit', () => this.#forget(worker));
  }

  /** A process that has nothing else to do ends in spite of it. */
  async #keep(worker: Worker): Promise<void> {
    if (this.#spare !== undefined) return void (await worker.terminate());
    this.#spare = worker;
    worker.unref();
  }

  #forget(worker: Worker): void {
    if (this.#spare === worker) this.#spare = undefined;
  }
}
