import { isAppError } from '../domain/app-error.ts';
import type { Verdict } from '../domain/gate.ts';
import type { CommitId, TreeId } from '../domain/ids.ts';
import type { ClaimedRun } from '../domain/run.ts';
import type { DetectedCommands } from '../domain/toolchain.ts';
import { runGates } from '../gates/run-gates.ts';
import { openGateInput } from './open-gate-input.ts';
import { openWorkspace } from './open-workspace.ts';
import type { WorkflowPorts } from './ports.ts';
import { RunContext } from './run-context.ts';

/** Two commits, and how they were judged before. */
export interface Rejudging {
  readonly base: { readonly branch: string; readonly commit: string; readonly tree: string };
  readonly head: { readonly branch: string; readonly commit: string; readonly tree: string };
  readonly config: Readonly<Record<string, unknown>>;
  readonly commands: DetectedCommands;
}

/**
 * Runs the gates once more on the trees of a published commit, in fresh sandboxes, with the commands and settings of
 * then. Throws `git-failed` where the repository does not have the commits.
 */
export async function rejudge(
  claimed: ClaimedRun,
  ports: WorkflowPorts,
  wanted: Rejudging,
): Promise<readonly Verdict[]> {
  const context = await RunContext.open(claimed.run, claimed.lease, ports);
  await bring(context, wanted);
  const { base, head, config, commands } = wanted;
  await context.append({ kind: 'config.read', found: true, problems: [], config }, 'config.read');
  await context.append(
    {
      kind: 'base.chosen',
      base: base.branch,
      head: head.branch,
      headTip: null,
      baseSha: base.commit,
      startSha: base.commit,
      startTree: base.tree as TreeId,
      files: 1,
      notes: [],
    },
    'base.chosen',
  );
  await context.append({ kind: 'commands.detected', commands }, 'commands.detected');
  const trees = await openGateInput(context, await openWorkspace(context), head.tree as TreeId);
  try {
    return await runGates(ports.gates, trees.input);
  } finally {
    await trees.close();
  }
}

/** The start is an ancestor of the head. After a merge the branch may be gone, and the base has both. */
async function bring({ run, ports }: RunContext, { base, head }: Rejudging): Promise<void> {
  const sha = head.commit as CommitId;
  try {
    await ports.workspaces.fetch(run, run.repository, { branch: head.branch, sha });
  } catch (error) {
    if (!isAppError(error, 'github-not-found')) throw error;
    await ports.workspaces.fetch(run, run.repository, { branch: base.branch, sha });
  }
}
