import { createHash } from 'node:crypto';
import type {
  EffectLedger,
  EffectRecord,
  PublishedCommits,
  ReplyClaim,
  ReplyLedger,
} from '../../src/domain/effect.ts';
import type { BlobHash, RunId } from '../../src/domain/ids.ts';
import type { BlobStore, Journal } from '../../src/domain/journal.ts';
import {
  type BudgetStanding,
  breachOf,
  type SpendCap,
  type SpendLedger,
  standingsOf,
} from '../../src/domain/spend.ts';
import { isPublished } from '../../src/record/is-published.ts';
import {
  appendTo,
  brokenAt,
  fenced,
  isGone,
  isHeld,
  type MemoryDatabase,
  type RunRow,
  type Session,
  totalOf,
} from './memory-database.ts';
import { transact } from './simulation.ts';

/** The journal as `src/store/journal.ts` keeps it. */
export function memoryJournal(database: MemoryDatabase): Journal {
  const { simulation, runs } = database;
  return {
    append: (lease, event, key) =>
      transact(simulation, `journal.append ${event.kind}`, () =>
        appendTo(fenced(database, lease), event, { at: simulation.scheduler.now(), key, epoch: lease.epoch }),
      ),
    read: (runId, afterSeq = 0) =>
      transact(simulation, 'journal.read', () => runs.get(runId)?.events.slice(afterSeq) ?? []),
    verify: async (runId) => {
      const row = runs.get(runId);
      return row ? brokenAt(row) : null;
    },
  };
}

export function memoryBlobs({ blobs }: MemoryDatabase): BlobStore {
  return {
    async put(bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex') as BlobHash;
      blobs.set(hash, Buffer.from(bytes));
      return hash;
    },
    get: async (hash) => blobs.get(hash),
  };
}

/** See `reserve-spend.sql` and `settle-spend.sql`. */
export function memorySpend(database: MemoryDatabase): SpendLedger {
  const { simulation, runs } = database;
  return {
    reserve: (lease, key, amount, cap) =>
      transact(simulation, 'spend.reserve', () => {
        const row = fenced(database, lease);
        if (row.spend.has(key)) return 'reserved';
        const breach = breachOf(standings(database, row, cap), amount);
        if (!breach) row.spend.set(key, { ...amount, day: today(database) });
        return breach ?? 'reserved';
      }),
    settle: (lease, key, actual) =>
      transact(simulation, 'spend.settle', () => {
        const { spend } = fenced(database, lease);
        spend.set(key, { ...actual, day: spend.get(key)?.day ?? today(database) });
      }),
    total: async (runId) => totalOf(runs.get(runId)?.spend ?? new Map()),
    standings: async (runId, cap) => {
      const row = runs.get(runId);
      return row ? standings(database, row, cap) : [];
    },
  };
}

function today({ simulation }: MemoryDatabase): string {
  return simulation.scheduler.now().toISOString().slice(0, 10);
}

/** See `spent_today` in `0016-budgets.sql`. */
function standings(database: MemoryDatabase, row: RunRow, cap: SpendCap): readonly BudgetStanding[] {
  const day = today(database);
  const spentBy = (counts: (other: RunRow) => boolean): number =>
    [...database.runs.values()]
      .filter(counts)
      .flatMap(({ spend }) => [...spend.values()])
      .reduce((sum, charge) => (charge.day === day ? sum + charge.usd : sum), 0);
  const isHere = ({ newRun }: RunRow): boolean => newRun.repository.id === row.newRun.repository.id;
  const isTheirs = ({ newRun }: RunRow): boolean => newRun.requestedBy.id === row.newRun.requestedBy.id;
  const { usd, tokens } = totalOf(row.spend);
  const spent = {
    run: usd,
    tokens,
    'instance-day': spentBy(() => true),
    'repository-day': spentBy(isHere),
    'user-day': spentBy(isTheirs),
    'user-here-day': spentBy((other) => isHere(other) && isTheirs(other)),
  };
  return standingsOf(spent, cap, new Date(Date.parse(day) + 86_400_000));
}

/** See `intend-effect.sql`: an intent that was not resolved is `unknown` to whoever comes next. */
export function memoryEffects(database: MemoryDatabase): EffectLedger & PublishedCommits {
  const { simulation, runs } = database;
  const known = (runId: RunId): ReadonlyMap<string, EffectRecord> => runs.get(runId)?.effects ?? new Map();
  return {
    published: async (repositoryId, commits) =>
      [...runs.values()]
        .filter(({ newRun }) => newRun.repository.id === repositoryId)
        .flatMap(({ newRun, effects }) =>
          [...effects.values()].flatMap(({ kind, result }) => {
            if (result === null || !isPublished({ effect: kind, result })) return [];
            const sha = commits.find((commit) => commit === result.sha);
            return sha === undefined ? [] : [{ sha, run: newRun.id }];
          }),
        ),
    intend: (lease, key, kind, { idempotent }) =>
      transact(simulation, `effect.intend ${key}`, () => {
        const { effects } = fenced(database, lease);
        const prior = effects.get(key);
        const state = prior?.state === 'done' && !idempotent ? 'done' : 'intended';
        effects.set(key, { key, kind, state, result: prior?.result ?? null, epoch: lease.epoch });
        if (prior?.state === 'intended')
          return simulation.weakness === 'never-adopts' ? { state: 'new' } : { state: 'unknown' };
        if (prior?.result && !idempotent) return { state: 'done', result: prior.result };
        return { state: 'new' };
      }),
    resolve: (lease, key, kind, result) =>
      transact(simulation, `effect.resolve ${key}`, () => {
        const row = fenced(database, lease);
        row.effects.set(key, { key, kind, state: 'done', result, epoch: lease.epoch });
        const event = { kind: 'effect.sent', effect: kind, key, result } as const;
        appendTo(row, event, { at: simulation.scheduler.now(), epoch: lease.epoch });
      }),
    list: async (runId) => [...known(runId).values()],
  };
}

/** A claim of a worker that lives holds for ten minutes: see `intend-reply.sql`. */
export function memoryReplies(database: MemoryDatabase, session: () => Session): ReplyLedger {
  const { simulation, replies } = database;
  const claim = (key: string): ReplyClaim | 'busy' | 'done' => {
    const known = replies.get(key);
    const { nowMs } = simulation.scheduler;
    if (known?.isDone === true) return 'done';
    const isHeld = known?.claimedBy != null && !isGone(known.claimedBy);
    if (known && isHeld && known.claimedAtMs >= nowMs - 600_000) return 'busy';
    const claims = (known?.claims ?? 0) + 1;
    replies.set(key, { claimedBy: session(), claimedAtMs: nowMs, isDone: false, claims });
    return { key, isNew: known === undefined, token: String(claims) };
  };
  const settle = (key: string, isDone: boolean): void => {
    const known = replies.get(key);
    if (known && !known.isDone) Object.assign(known, { claimedBy: null, isDone });
  };
  return {
    intend: (key) => transact(simulation, 'reply.intend', () => claim(key)),
    resolve: ({ key }) => transact(simulation, 'reply.resolve', () => settle(key, true)),
    release: (claimed) =>
      transact(simulation, 'reply.release', () => {
        if (isHeld(database, claimed)) settle(claimed.key, false);
      }),
  };
}
