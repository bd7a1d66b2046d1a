import type { Verdict } from '../../domain/gate.ts';
import { blocks } from '../../domain/verdicts.ts';
import { budgetOf } from '../budget-of.ts';
import { breachToWaitFor } from '../budget-of-draft.ts';
import { investigateClaims } from '../investigate-claims.ts';
import { judgeTree } from '../judge-tree.ts';
import { openWorkspace } from '../open-workspace.ts';
import type { RunContext } from '../run-context.ts';
import type { Step, StepOutcome } from '../step.ts';
import { budgetWaitOf, waitForBudget } from '../wait-for-budget.ts';
import { withholdSecrets } from '../withhold-secrets.ts';
import { startTree } from './snapshot.ts';

/**
 * Judges exactly the tree that will be published, in directories that nothing has touched. Failed verdicts go back
 * to implement a bounded number of times; after that the pull request stays a draft and says so.
 */
export const verify: Step = {
  name: 'verify',
  nexts: ['implement', 'publish', 'finish'],
  async run(context, { round }) {
    const { treeId } = context.fact('solver.finished');
    const workspace = await openWorkspace(context);
    await workspace.inspect(startTree(context), treeId);
    const verdicts = await judgeTree(context, workspace, { treeId, round });
    const step = await nextStep(context, verdicts, round);
    if (step.next === 'publish') await investigateClaims(context, round, verdicts, budgetOf(context));
    return step;
  },
};

async function nextStep(
  context: RunContext,
  verdicts: readonly Verdict[],
  round: number,
): Promise<StepOutcome> {
  const summary = verdicts.map(({ gate, status }) => `${gate} ${status}`).join(', ');
  const { stopReason } = context.fact('solver.finished');
  // Work that is taken up again after it was published has its rounds anew.
  const begun = context.last('publication.reopened')?.round ?? 0;
  const mayTryAgain =
    context.fact('plan.made').solver === 'model' &&
    stopReason === 'finished' &&
    round - begun < context.ports.limits.roundsMax;
  if (verdicts.some(blocks) && mayTryAgain) return { next: 'implement', round: round + 1, summary };
  const withheld = withholdSecrets(verdicts);
  if (withheld) return (await waitUnshown(context, round)) ?? withheld;
  return { next: 'publish', summary };
}

/** Unfinished work that must not be shown: where a budget stopped it, it can still be put right. */
async function waitUnshown(context: RunContext, round: number): Promise<StepOutcome | undefined> {
  const wait =
    budgetWaitOf(context, { at: 'verify', round }) ??
    breachToWaitFor(context, { at: 'verify', round, pull: null });
  if (!wait) return undefined;
  const { kind } = await waitForBudget(context, wait);
  if (kind === 'given-up') return undefined;
  return { next: 'implement', round: round + 1, summary: 'the budget has room again' };
}
