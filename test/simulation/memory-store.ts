import { MemorySaver } from '@langchain/langgraph';
import { AppError } from '../../src/domain/app-error.ts';
import type { InstallationStore } from '../../src/domain/installation.ts';
import type { Lease } from '../../src/domain/run.ts';
import { type HeldLeases, holdLeases, leaseLost, runCancelled } from '../../src/store/held-leases.ts';
import type { Store } from '../../src/store/open-store.ts';
import { fenced, type MemoryDatabase, type News, type Session } from './memory-database.ts';
import { memoryDeliveries } from './memory-deliveries.ts';
import { memoryEndings, memoryPlaces } from './memory-endings.ts';
import { memoryInbox } from './memory-inbox.ts';
import { memoryBlobs, memoryEffects, memoryJournal, memoryReplies, memorySpend } from './memory-ledgers.ts';
import { beat, memoryQueue, type RunParts, reapDeadRuns } from './memory-queue.ts';
import { memoryRates } from './memory-rates.ts';
import { memoryRunStore } from './memory-runs.ts';
import type { SimulatedProcess } from './scheduler.ts';
import { seam, sleep, transact } from './simulation.ts';
import { createWakeups, type Wakeups } from './wakeups.ts';

export type MemoryStore = Pick<
  Store,
  | 'deliveries'
  | 'runs'
  | 'queue'
  | 'inbox'
  | 'journal'
  | 'blobs'
  | 'effects'
  | 'replies'
  | 'spend'
  | 'rates'
  | 'places'
  | 'installations'
  | 'repositories'
  | 'bookmarks'
  | 'endings'
> & { checkpointer(lease: Lease): MemorySaver };

const beatMs = 2_000;

/** What `openStore` gives one process, over the database that all share. */
export function openMemoryStore(
  database: MemoryDatabase,
  process: SimulatedProcess,
  graphs: MemorySaver,
): MemoryStore {
  const { simulation } = database;
  const held = holdLeases();
  const wakeups = createWakeups(simulation.scheduler, process);
  const open = (): Session => ({ process, isOpen: true, beatAtMs: simulation.scheduler.nowMs });
  let current = open();
  const session = (): Session => current;
  const parts = { database, session, held, wakeups };
  const reconnect = (): void => {
    current.isOpen = false;
    current = open();
  };
  database.listeners.add({ process, hear: (news) => hear(news, held, wakeups) });
  void keepBeating(parts, reconnect);
  return {
    deliveries: memoryDeliveries(database, { session, wakeups }),
    runs: memoryRunStore(parts),
    queue: memoryQueue(parts),
    inbox: memoryInbox(database),
    journal: memoryJournal(database),
    blobs: memoryBlobs(database),
    effects: memoryEffects(database),
    replies: memoryReplies(database, session),
    spend: memorySpend(database),
    rates: memoryRates(database, new AbortController().signal),
    places: memoryPlaces(database),
    installations: noInstallations,
    endings: memoryEndings(database),
    ...knownThings(database),
    checkpointer: (lease) => fencedSaver(database, graphs, lease),
  };
}

/** A stopped worker's beat comes late: by then the session's own time limit has given it up. */
async function keepBeating(parts: RunParts, reconnect: () => void): Promise<void> {
  const { database, session, held } = parts;
  const { scheduler, leaseMs } = database.simulation;
  for (;;) {
    await sleep(scheduler, beatMs);
    const before = held.all();
    if (session().beatAtMs < scheduler.nowMs - leaseMs) {
      held.abortAll(new AppError('lease-lost', 'the session broke'));
      reconnect();
    }
    await seam(database.simulation, 'lease.beat');
    beat(parts, before);
    reapDeadRuns(database);
  }
}

function hear(news: News, held: HeldLeases, wakeups: Wakeups): void {
  switch (news.channel) {
    case 'run':
    case 'delivery':
      return wakeups.wake(news.channel);
    case 'cancel':
      return held.abort(news.runId, runCancelled(news.reason));
    default: {
      const { runId, epoch } = news;
      return held.abort(runId, leaseLost({ runId, epoch: epoch - 1 }), epoch);
    }
  }
}

function knownThings({
  simulation,
  repositories,
  bookmarks,
}: MemoryDatabase): Pick<Store, 'repositories' | 'bookmarks'> {
  return {
    repositories: {
      record: (repository) =>
        transact(simulation, 'repository.record', () => {
          const seenAt = repositories.get(repository.id)?.seenAt ?? simulation.scheduler.now();
          repositories.set(repository.id, { ...repository, seenAt });
        }),
      forget: async (ids) => ids.forEach((id) => repositories.delete(id)),
      list: async (after) => [...repositories.values()].filter(({ id }) => id > after),
    },
    bookmarks: {
      read: async (name) => bookmarks.get(name) ?? null,
      move: (name, at) =>
        transact(simulation, 'bookmark.move', () => {
          if (at > (bookmarks.get(name) ?? new Date(0))) bookmarks.set(name, at);
        }),
    },
  };
}

/** Nobody uninstalls the App in a simulation. */
const noInstallations: InstallationStore = {
  record: async () => undefined,
  get: async () => undefined,
  repositoryIds: async () => [],
  removed: async () => [],
  deleteRows: async () => undefined,
};

/** The graph's saver of a lease, over what all processes share; see `src/store/fenced-saver.ts`. */
function fencedSaver(database: MemoryDatabase, graphs: MemorySaver, lease: Lease): MemorySaver {
  const { simulation } = database;
  const saver = new MemorySaver();
  saver.storage = graphs.storage;
  saver.writes = graphs.writes;
  const put = saver.put.bind(saver);
  const putWrites = saver.putWrites.bind(saver);
  saver.put = async (...given) => {
    await transact(simulation, 'graph.save', () => fenced(database, lease));
    return await put(...given);
  };
  saver.putWrites = async (...given) => {
    await transact(simulation, 'graph.save writes', () => fenced(database, lease));
    await putWrites(...given);
  };
  return saver;
}
