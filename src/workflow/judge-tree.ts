import type { Verdict } from '../domain/gate.ts';
import type { TreeId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';
import { runGates } from '../gates/run-gates.ts';
import { openGateInput } from './open-gate-input.ts';
import type { RunContext } from './run-context.ts';

/** The verdicts of all gates on a tree against the one that is compared with, each one journaled; those of before a crash count. */
export async function judgeTree(
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
