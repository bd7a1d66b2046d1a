import { createHash } from 'node:crypto';
import { AppError } from '../../src/domain/app-error.ts';
import type { BlobHash, RunId } from '../../src/domain/ids.ts';
import type { BlobStore, Journal, JournalEntry } from '../../src/domain/journal.ts';
import type { Lease } from '../../src/domain/run.ts';
import {
  type BudgetStanding,
  breachOf,
  type Spend,
  type SpendCap,
  type SpendLedger,
  standingsOf,
} from '../../src/domain/spend.ts';

/** Journal, spend ledger and blobs of one run in memory, fenced and idempotent like the ones in Postgres. */
export interface MemoryRunStore {
  readonly journal: Journal;
  readonly spend: SpendLedger;
  readonly blobs: BlobStore;
  readonly entries: readonly JournalEntry[];
  /** A newer epoch: older leases can write nothing any more. */
  claim(): Lease;
  /** Called before each append, with its number from 1; throwing there is a crash before the write. */
  beforeAppend: ((count: number) => void) | undefined;
  /** The same after the append was committed: a crash in which the caller never hears of it. */
  afterAppend: ((count: number) => void) | undefined;
}

export function createMemoryRunStore(runId: RunId): MemoryRunStore {
  const entries: JournalEntry[] = [];
  const byKey = new Map<string, number>();
  const spent = new Map<string, Spend>();
  const blobs = new Map<string, Buffer>();
  let epoch = 0;
  let appends = 0;

  const fence = (lease: Lease): void => {
    if (lease.epoch !== epoch) throw new AppError('lease-lost', 'a newer epoch exists');
  };
  const total = (): Spend => ({
    usd: [...spent.values()].reduce((sum, one) => sum + one.usd, 0),
    tokens: [...spent.values()].reduce((sum, one) => sum + one.tokens, 0),
  });

  /** The one run is all that was ever spent. */
  const standings = (cap: SpendCap): readonly BudgetStanding[] => {
    const { usd, tokens } = total();
    const days = { 'instance-day': usd, 'repository-day': usd, 'user-day': usd, 'user-here-day': usd };
    return standingsOf({ run: usd, tokens, ...days }, cap, new Date(86_400_000));
  };

  const store: MemoryRunStore = {
    entries,
    beforeAppend: undefined,
    afterAppend: undefined,
    claim() {
      epoch += 1;
      return { runId, epoch, signal: new AbortController().signal };
    },
    journal: {
      async append(lease, event, key) {
        fence(lease);
        appends += 1;
        const count = appends;
        store.beforeAppend?.(count);
        const known = key === undefined ? undefined : byKey.get(key);
        if (known !== undefined) return known;
        const seq = entries.length + 1;
        const text = JSON.stringify(event);
        const hash = createHash('sha256')
          .update(`${entries.at(-1)?.hash ?? ''}${text}`)
          .digest('hex');
        entries.push({ runId, seq, epoch, at: new Date(), event: JSON.parse(text), hash, key: key ?? null });
        if (key !== undefined) byKey.set(key, seq);
        store.afterAppend?.(count);
        return seq;
      },
      read: async (_runId, afterSeq = 0) => entries.slice(afterSeq),
      verify: async () => null,
    },
    spend: {
      async reserve(lease, key, amount, cap) {
        fence(lease);
        if (spent.has(key)) return 'reserved';
        const breach = breachOf(standings(cap), amount);
        if (!breach) spent.set(key, amount);
        return breach ?? 'reserved';
      },
      async settle(lease, key, actual) {
        fence(lease);
        spent.set(key, actual);
      },
      total: async () => total(),
      standings: async (_runId, cap) => standings(cap),
    },
    blobs: {
      async put(bytes) {
        const hash = createHash('sha256').update(bytes).digest('hex') as BlobHash;
        blobs.set(hash, Buffer.from(bytes));
        return hash;
      },
      get: async (hash) => blobs.get(hash),
    },
  };
  return store;
}
