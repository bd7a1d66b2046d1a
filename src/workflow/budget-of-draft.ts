import type { BudgetWait } from '../domain/budget-wait.ts';
import type { CommitId } from '../domain/ids.ts';
import type { BudgetBreach } from '../domain/spend.ts';
import { isPublished } from '../record/is-published.ts';
import { reopen } from './publication.ts';
import { answerRound } from './rounds/answer-round.ts';
import type { RunContext } from './run-context.ts';
import type { StepOutcome } from './step.ts';
import { updateBody } from './update-body.ts';
import { budgetWait, isGivenUp, waitForBudget } from './wait-for-budget.ts';

/**
 * The wait that the newest work asks for: a budget stopped it, and somebody can still be asked. Undefined: none.
 */
export function breachToWaitFor(
  context: RunContext,
  where: Pick<BudgetWait, 'at' | 'round' | 'pull'>,
): BudgetWait | undefined {
  if (isGivenUp(context)) return undefined;
  const { breach } = context.fact('solver.finished').details as { readonly breach?: BudgetBreach };
  // The journal holds the instant as text.
  const resetsAt = breach?.resetsAt ? new Date(breach.resetsAt) : null;
  return budgetWait(context, breach && { ...breach, resetsAt }, where);
}

/**
 * Unfinished work of which people see what there is: the run waits beside it, and the draft says for what. Undefined:
 * there is room again, and the work is taken up.
 */
export async function waitWithDraft(context: RunContext, wait: BudgetWait): Promise<StepOutcome | undefined> {
  const tell = async (): Promise<void> => {
    if (wait.pull !== null && context.run.target.kind === 'issue') await updateBody(context, wait.pull);
  };
  const end = await waitForBudget(context, wait, tell);
  await tell();
  if (end.kind === 'goes-on') {
    const commit = context.last('effect.sent', isPublished)?.result.sha as CommitId;
    await reopen(context, { round: wait.round, why: 'budget', commit });
    return undefined;
  }
  // Whoever reviewed waited for the rest of the work, which does not come.
  await answerRound(context);
  const where = wait.pull === null ? 'The work is on its branch' : `#${wait.pull} is a draft`;
  const summary = `${where}: the budget was used up before the work was finished. ${end.text}`;
  const state = wait.pull === null ? 'refused' : 'published';
  return { next: 'finish', end: { state, summary }, summary };
}
