import type { AgentOutcome } from '../agent/agent-options.ts';
import { runAgentPhase } from './run-agent-phase.ts';
import type { RunContext } from './run-context.ts';
import { budgetWait, openBudgetWait, waitForBudget } from './wait-for-budget.ts';

type Phase = Parameters<typeof runAgentPhase>[1];

/** The phase ended by itself; or its budget was used up, and nobody gave it another one. */
export type WorkOutcome =
  | { readonly kind: 'ended'; readonly outcome: AgentOutcome }
  | { readonly kind: 'given-up'; readonly text: string };

/**
 * One phase of the model's work. Where its budget is used up, the run waits, and afterwards goes on at the turn where
 * it stopped; where there is something to show (`isWorthShowing`), the caller gets the outcome instead.
 */
export async function workWithinBudget(
  context: RunContext,
  phase: Phase,
  isWorthShowing: () => boolean,
): Promise<WorkOutcome> {
  let wait = openBudgetWait(context, 'work');
  for (;;) {
    const end = wait && (await waitForBudget(context, wait));
    if (end?.kind === 'given-up') return end;
    const outcome = await runAgentPhase(context, phase);
    await context.refresh();
    wait = budgetWait(context, outcome.breach, { at: 'work', round: phase.round, pull: null });
    if (!wait || isWorthShowing()) return { kind: 'ended', outcome };
  }
}
