import { MemorySaver } from '@langchain/langgraph';
import { noFaults } from './faults.ts';
import { createMemoryDatabase } from './memory-database.ts';
import { type MemoryStore, openMemoryStore } from './memory-store.ts';
import { inProcess, Scheduler, type SimulatedProcess } from './scheduler.ts';
import { seededRandom } from './seeded-random.ts';
import type { Simulation } from './simulation.ts';

export interface QuietStore {
  readonly store: MemoryStore;
  /** Work in the store's process, with time going on until it is done. */
  readonly inside: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The simulation's store by itself, in a world in which nothing goes wrong. */
export function openQuietStore(): QuietStore {
  const scheduler = new Scheduler();
  const simulation: Simulation = {
    seed: 0,
    random: seededRandom(0),
    scheduler,
    faults: { counts: noFaults(), fires: () => false },
    weakness: 'none',
    leaseMs: 8_000,
    onCrash: () => undefined,
  };
  const process: SimulatedProcess = { name: 'p', alive: true, pausedUntilMs: 0, skewMs: 0 };
  const database = createMemoryDatabase(simulation);
  const inside = async <T>(work: () => Promise<T>): Promise<T> => {
    let isDone = false;
    const result = inProcess(process, work).finally(() => {
      isDone = true;
    });
    void scheduler.run(() => isDone, { untilMs: Number.POSITIVE_INFINITY });
    return await result;
  };
  const opened = inProcess(process, () => openMemoryStore(database, process, new MemorySaver()));
  return { inside, store: driven(opened, inside) };
}

/** Every call of every part goes on by itself, so that suites need not know of virtual time. */
function driven(store: MemoryStore, inside: QuietStore['inside']): MemoryStore {
  const parts = Object.entries(store).map(([name, part]) => [
    name,
    typeof part === 'object' ? drivenPart(part, inside) : part,
  ]);
  return Object.fromEntries(parts) as MemoryStore;
}

function drivenPart(part: object, inside: QuietStore['inside']): object {
  return new Proxy(part, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...given: readonly unknown[]) =>
        inside(async () => (await method.apply(target, given)) as unknown);
    },
  });
}
