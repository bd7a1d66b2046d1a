import { betweenCrashPoints } from '../domain/crash-point.ts';
import {
  breachOf,
  type DayCaps,
  dayBudgets,
  type Reservation,
  type Spend,
  type SpendCap,
  type SpendLedger,
  type SpentByBudget,
  standingsOf,
} from '../domain/spend.ts';
import type { Database, Row } from './database.ts';
import { leaseLost } from './held-leases.ts';

/** Budgets that survive crashes: the reservation is committed before the call that it pays for. */
export function openSpend(database: Database): SpendLedger {
  return {
    async reserve(lease, key, amount, cap) {
      const values = [lease.runId, lease.epoch, key, amount.usd, amount.tokens, cap.usd, cap.tokens];
      const row = await betweenCrashPoints('spend.reserve', () => reserve(database, values, cap.days));
      if (!row) throw leaseLost(lease);
      return row.reserved === true ? 'reserved' : exhausted(row, cap, amount);
    },
    async settle(lease, key, actual) {
      const values = [lease.runId, lease.epoch, key, actual.usd, actual.tokens];
      const rows = await betweenCrashPoints('spend.settle', () => database.run('settle-spend', values));
      if (rows.length === 0) throw leaseLost(lease);
    },
    async total(runId) {
      const [row] = await database.run('total-spend', [runId]);
      return { usd: Number(row?.spent_usd ?? 0), tokens: Number(row?.spent_tokens ?? 0) };
    },
    async standings(runId, cap) {
      const [row] = await database.run('budget-standings', [runId]);
      return row ? standingsOf(spentBy(row), cap, row.resets_at as Date) : [];
    },
  };
}

/**
 * Where a day's budget applies, one reservation after the other, over all processes: the lock is held until the commit,
 * and only a statement that begins after it sees what the one before has charged.
 */
async function reserve(
  database: Database,
  values: readonly unknown[],
  days: DayCaps = {},
): Promise<Row | undefined> {
  const caps = dayBudgets.map((name) => days[name] ?? null);
  const all = [...values, ...caps];
  if (caps.every((usd) => usd === null)) return (await database.run('reserve-spend', all))[0];
  return await database.transaction(async (on) => {
    await on.run('lock-budgets');
    return (await on.run('reserve-spend', all))[0];
  });
}

/** The numbers are those of before; where another reservation of this run came between, it was the run's own cap. */
function exhausted(row: Row, cap: SpendCap, amount: Spend): Reservation {
  const standings = standingsOf(spentBy(row), cap, row.resets_at as Date);
  const run = { budget: 'run', limit: cap.usd, spent: Number(row.spent_usd), resetsAt: null } as const;
  return breachOf(standings, amount) ?? { ...run, needed: amount.usd };
}

function spentBy(row: Row): SpentByBudget {
  return {
    run: Number(row.spent_usd),
    tokens: Number(row.spent_tokens),
    'instance-day': Number(row.instance_day),
    'repository-day': Number(row.repository_day),
    'user-day': Number(row.user_day),
    'user-here-day': Number(row.user_here_day),
  };
}
