import type { RunId } from './ids.ts';
import type { Lease } from './run.ts';

/** Money and tokens of model calls. Where a price is unknown `usd` stays 0 and the token cap applies. */
export interface Spend {
  readonly usd: number;
  readonly tokens: number;
}

/** Budgets of a day, which begins at 00:00 UTC by the database's clock. */
export const dayBudgets = ['instance-day', 'repository-day', 'user-day', 'user-here-day'] as const;

/**
 * A limit that a reservation is held against. `user-day`: what the person who asked had done in all repositories of
 * this instance; `user-here-day`: in this one.
 */
export type BudgetName = 'run' | 'tokens' | (typeof dayBudgets)[number];

/** US dollars; what is absent has no limit. */
export type DayCaps = { readonly [Name in (typeof dayBudgets)[number]]?: number };

/** Most that a run may have spent, and what may have been spent around it on the same day. */
export interface SpendCap extends Spend {
  readonly days?: DayCaps;
}

/** How full a budget is: US dollars, or tokens for `tokens`. Reservations count as spent until they are settled. */
export interface BudgetStanding {
  readonly budget: BudgetName;
  readonly limit: number;
  readonly spent: number;
  /** When it is empty again; null: never. */
  readonly resetsAt: Date | null;
}

/** A budget without room for the amount that was asked for. */
export interface BudgetBreach extends BudgetStanding {
  readonly needed: number;
}

export type Reservation = 'reserved' | BudgetBreach;

/** Reserve-then-settle, so that a crash loop cannot reset a budget: what was reserved stays charged until settled. */
export interface SpendLedger {
  /**
   * Commits the reservation before the call; where total plus amount would pass a cap, the first such budget and
   * nothing is charged. The same key again (after a crash) is `reserved` without a second charge. Fenced by the lease.
   */
  reserve(lease: Lease, key: string, amount: Spend, cap: SpendCap): Promise<Reservation>;
  /** Replaces the reservation by what was really used; it counts on the day of the reservation. */
  settle(lease: Lease, key: string, actual: Spend): Promise<void>;
  total(runId: RunId): Promise<Spend>;
  /** Every budget that has a limit, the run's first. */
  standings(runId: RunId, cap: SpendCap): Promise<readonly BudgetStanding[]>;
}

/** What was spent so far, by budget. */
export type SpentByBudget = Readonly<Record<BudgetName, number>>;

/** The budgets that have a limit, with what was spent of each. `resetsAt`: when the day ends. */
export function standingsOf(spent: SpentByBudget, cap: SpendCap, resetsAt: Date): readonly BudgetStanding[] {
  const { usd, tokens, days = {} } = cap;
  const isPriced = tokens === Number.MAX_SAFE_INTEGER;
  return [
    { budget: 'run', limit: usd, spent: spent.run, resetsAt: null },
    ...(isPriced ? [] : [{ budget: 'tokens', limit: tokens, spent: spent.tokens, resetsAt: null } as const]),
    ...dayBudgets.flatMap((budget) => {
      const limit = days[budget];
      return limit === undefined ? [] : [{ budget, limit, spent: spent[budget], resetsAt }];
    }),
  ];
}

/** Whether the amount fits into the budget; a millionth of a dollar is the noise of floating numbers. */
function hasRoom({ budget, limit, spent }: BudgetStanding, amount: Spend): boolean {
  const wanted = budget === 'tokens' ? amount.tokens : amount.usd;
  return spent + wanted <= limit + 1e-6;
}

/** The first budget without room for the amount. */
export function breachOf(standings: readonly BudgetStanding[], amount: Spend): BudgetBreach | undefined {
  const full = standings.find((standing) => !hasRoom(standing, amount));
  return full && { ...full, needed: full.budget === 'tokens' ? amount.tokens : amount.usd };
}
