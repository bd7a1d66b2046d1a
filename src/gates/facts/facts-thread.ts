import { Worker } from 'node:worker_threads';
import type { FactsAnswer, FactsBegun, FactsRequest } from './facts-message.ts';

/** `timeout` and `broken` name the text that did it; the others of its thread are read by a new one. */
export type Answered<T> =
  | { readonly state: 'read'; readonly facts: T }
  | { readonly state: 'timeout' }
  | { readonly state: 'broken'; readonly why: string };

/** Starting a thread and loading a grammar is no text's doing; on a busy machine it takes seconds. */
const startMsMax = 60_000;

interface Waiting {
  readonly request: FactsRequest;
  readonly resolve: (answer: Answered<FactsAnswer['facts']>) => void;
}

/**
 * A thread that reads one text after another and is killed when one takes longer than `fileTimeoutMs`: parsers and
 * patterns meet texts that were written to hang them. It gets no environment, and holds no process open while idle.
 */
export class FactsThread {
  readonly #fileTimeoutMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;
  #closed = false;

  constructor(fileTimeoutMs: number) {
    this.#fileTimeoutMs = fileTimeoutMs;
  }

  async read(wanted: Pick<FactsRequest, 'kind' | 'path' | 'text'>): Promise<Answered<FactsAnswer['facts']>> {
    if (this.#closed) return { state: 'broken', why: 'closed' };
    const { promise, resolve } = Promise.withResolvers<Answered<FactsAnswer['facts']>>();
    const request = { ...wanted, id: ++this.#lastId };
    this.#waiting.set(request.id, { request, resolve });
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    worker.postMessage(request, []);
    if (this.#waiting.size === 1) this.#watch(startMsMax);
    return await promise;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    for (const { resolve } of this.#waiting.values()) resolve({ state: 'broken', why: 'closed' });
    this.#waiting.clear();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./facts-worker.ts', import.meta.url), {
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    worker.on('message', (said: FactsAnswer | FactsBegun) => {
      if ('begun' in said) this.#watch(this.#fileTimeoutMs);
      else this.#take(said);
    });
    worker.on('error', (error) => this.#replace(worker, { state: 'broken', why: error.message }));
    worker.on('exit', (code) => this.#replace(worker, { state: 'broken', why: `left with ${code}` }));
    return worker;
  }

  #take({ id, facts, problem }: FactsAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.resolve(problem === null ? { state: 'read', facts } : { state: 'broken', why: problem });
    this.#watch(startMsMax);
  }

  /** The thread answers in order, so the clock is that of the oldest text. */
  #watch(timeoutMs: number): void {
    clearTimeout(this.#timer);
    if (this.#waiting.size === 0) {
      this.#worker?.unref();
      return;
    }
    const worker = this.#worker;
    this.#timer = setTimeout(() => {
      if (worker) this.#replace(worker, { state: 'timeout' });
    }, timeoutMs);
  }

  #replace(worker: Worker, fate: Answered<never>): void {
    if (worker !== this.#worker) return;
    void worker.terminate();
    this.#worker = undefined;
    const [oldest] = this.#waiting;
    if (oldest) {
      this.#waiting.delete(oldest[0]);
      oldest[1].resolve(fate);
    }
    if (this.#waiting.size > 0) {
      this.#worker = this.#start();
      for (const { request } of this.#waiting.values()) this.#worker.postMessage(request, []);
    }
    this.#watch(startMsMax);
  }
}
