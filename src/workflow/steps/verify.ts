import type { Verdict } from '../../domain/gate.ts';
import type { TreeId } from '../../domain/ids.ts';
import { blocks } from '../../domain/verdicts.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { runGates } from '../../gates/run-gates.ts';
import { investigateClaims } from '../investigate-claims.ts';
import { openGateInput } from '../open-gate-input.ts';
import { openWorkspace } from '../open-workspace.ts';
import { budgetUsd } from '../run-agent-phase.ts';
import type { RunContext } from '../run-context.ts';
import type { Step, StepOutcome } from '../step.ts';
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
    const verdicts = await judge(context, workspace, { treeId, round });
    const step = nextStep(context, verdicts, round);
    if (step.next === 'publish') await investigateClaims(context, round, verdicts, budgetUsd(context));
    return step;
  },
};

async function judge(
  context: RunContext,
  workspace: Workspace,
  head: { readonly treeId: TreeId; readonly round: number },
): Promise<readonly Verdict[]> {
  const known = verdictsOf(context, head.round);
  if (known.length === context.ports.gates.length) return known;
  const trees = await openGateInput(context, workspace, head.treeId);
  try {
    const verdicts = await runGates(context.ports.gates, trees.input);
    for (const verdict of verdicts) {
      await context.append(
        { kind: 'gate.judged', round: head.round, verdict },
        `gate:${head.round}:${verdict.gate}`,
      );
    }
    return verdicts;
  } finally {
    await trees.close();
  }
}

/** The verdicts of a round, as journaled. */
export function verdictsOf(context: RunContext, round: number): readonly Verdict[] {
  return context.entries
    .map(({ event }) => event)
    .filter((event) => event.kind === 'gate.judged')
    .filter((event) => event.round === round)
    .map(({ verdict }) => verdict);
}

function nextStep(context: RunContext, verdicts: readonly Verdict[], round: number): StepOutcome {
  const summary = verdicts.map(({ gate, status }) => `${gate} ${status}`).join(', ');
  const { solver, stopReason } = context.fact('solver.finished');
  const mayTryAgain =
    solver === 'model' && stopReason === 'finished' && round < context.ports.limits.roundsMax;
  if (verdicts.some(blocks) && mayTryAgain) return { next: 'implement', round: round + 1, summary };
  return withholdSecrets(verdicts) ?? { next: 'publish', summary };
}
