import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, type Hash } from 'node:crypto';

/** A process of the simulated machine: everything that waits in it is forgotten when it dies. */
export interface SimulatedProcess {
  readonly name: string;
  alive: boolean;
  /** Nothing in it goes on before this time; 0: it runs. */
  pausedUntilMs: number;
  /** How far its wall clock is off. */
  skewMs: number;
}

interface Waiting {
  readonly order: number;
  readonly dueMs: number;
  readonly process: SimulatedProcess;
  readonly name: string;
  readonly resume: () => void;
}

const current = new AsyncLocalStorage<SimulatedProcess>();

/** Runs work as a part of a process: all that it starts belongs to it. */
export function inProcess<T>(process: SimulatedProcess, work: () => T): T {
  return current.run(process, work);
}

export function currentProcess(): SimulatedProcess {
  const process = current.getStore();
  if (!process) throw new Error('this ran outside of all simulated processes');
  return process;
}

/**
 * Virtual time. Whoever waits is resumed one at a time, in the order of the times that chance gave them; between two
 * of them everything that can go on has gone on. So one seed is one order, and a lost continuation is a crash.
 */
export class Scheduler {
  nowMs = Date.parse('2026-03-01T10:00:00Z');
  steps = 0;
  readonly #waiting: Waiting[] = [];
  readonly #trace: Hash = createHash('sha256');
  readonly #log: ((line: string) => void) | undefined;
  #order = 0;

  constructor(log?: (line: string) => void) {
    this.#log = log;
  }

  now(): Date {
    return new Date(this.nowMs);
  }

  /** Resolves at the time, unless the process dies before; a paused process hears of it when it wakes up. */
  wait(process: SimulatedProcess, name: string, delayMs: number): Promise<void> {
    return new Promise((resolve) => this.at(process, name, { dueMs: this.nowMs + delayMs, resume: resolve }));
  }

  at(
    process: SimulatedProcess,
    name: string,
    when: { readonly dueMs: number; readonly resume: () => void },
  ): void {
    this.#order += 1;
    push(this.#waiting, { process, name, order: this.#order, ...when });
  }

  note(line: string): void {
    this.#trace.update(`${line}\n`);
    this.#log?.(`${new Date(this.nowMs).toISOString().slice(11, 23)} ${line}`);
  }

  /** Goes on until `isOver`, looked at now and then. False: time or work ran out before. */
  async run(isOver: () => boolean, limits: { readonly untilMs: number }): Promise<boolean> {
    for (;;) {
      if (this.steps % 32 === 0 && isOver()) return true;
      const next = pop(this.#waiting);
      if (!next || next.dueMs > limits.untilMs) return isOver();
      const { process, name, resume } = next;
      if (!process.alive) continue;
      if (process.pausedUntilMs > next.dueMs) {
        // What waited for a stopped process comes in any order when it goes on: answers before news, and news before answers.
        this.at(process, name, { dueMs: process.pausedUntilMs + ((next.order * 7_919) % 23), resume });
        continue;
      }
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      this.steps += 1;
      this.note(`${process.name} ${name}`);
      inProcess(process, resume);
      await settled();
    }
  }

  /** Of everything that happened, in order. */
  hash(): string {
    return this.#trace.copy().digest('hex').slice(0, 16);
  }
}

/** All promises that can be settled are settled by then: nothing in a simulation waits for anything real. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(one: Waiting, other: Waiting): boolean {
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);
}

/** A binary heap: some hundred wait at a time, and some thousand times one is taken. */
function push(heap: Waiting[], entry: Waiting): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (!above || !isBefore(entry, above)) break;
    heap[index] = above;
    heap[parent] = entry;
    index = parent;
  }
}

function pop(heap: Waiting[]): Waiting | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!first || !last || heap.length === 0) return first;
  let index = 0;
  heap[0] = last;
  for (;;) {
    const left = 2 * index + 1;
    const smaller = [left, left + 1].reduce((best, child) => {
      const [candidate, known] = [heap[child], heap[best]];
      return candidate && known && isBefore(candidate, known) ? child : best;
    }, index);
    if (smaller === index) return first;
    [heap[index], heap[smaller]] = [heap[smaller] as Waiting, heap[index] as Waiting];
    index = smaller;
  }
}
