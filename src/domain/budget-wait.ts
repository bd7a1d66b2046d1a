import type { BudgetName } from './spend.ts';

/** A run waits because a budget has no room for its next turn. Sums are US dollars. */
export interface BudgetWait {
  readonly id: string;
  readonly kind: 'budget';
  readonly budget: Exclude<BudgetName, 'tokens'>;
  readonly limitUsd: number;
  readonly spentUsd: number;
  /** Most that the next turn may cost. */
  readonly neededUsd: number;
  /** Most that a person may give this run. */
  readonly ceilingUsd: number;
  /** When the budget is empty again, ISO 8601; null: never. */
  readonly resetsAt: string | null;
  /** `publish`: what was done so far stands on the branch; otherwise nothing of this round does. */
  readonly at: 'work' | 'verify' | 'publish';
  readonly round: number;
  /** The draft that shows it; null: none. */
  readonly pull: number | null;
}
