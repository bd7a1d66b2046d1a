import { isAppError } from '../domain/app-error.ts';
import type { CheckpointsKept } from '../domain/branch-event.ts';
import type { CommitId, RunId, TreeId } from '../domain/ids.ts';
import type { JournalEvent } from '../domain/journal-event.ts';
import type { Workspace } from '../domain/workspace.ts';
import { namedPaths } from './named-paths.ts';
import { openWorkspace } from './open-workspace.ts';
import type { RunContext } from './run-context.ts';
import { refuse, type StepOutcome } from './step.ts';
import { startTree } from './steps/snapshot.ts';

type Chosen = Extract<JournalEvent, { kind: 'base.chosen' }>;

const pathsShown = 10;

/**
 * Makes the checkpoint that the run was asked to start from its first one: what changed there since its own start, on
 * top of where this run starts. A tree that an agent made: inspected like every other, and judged against the base.
 */
export async function bringCheckpoint(context: RunContext): Promise<StepOutcome | undefined> {
  const { from } = context.run;
  if (from === undefined || context.last('checkpoint.made')) return undefined;
  if (context.ports.chain === null)
    return refuse(
      'Going on from a checkpoint needs a model, and none is set up. Ask the operator for a key.',
    );
  const workspace = await openWorkspace(context);
  const brought = await bring(context, workspace, from);
  if (typeof brought === 'string') return refuse(brought);
  await workspace.inspect(startTree(context), brought.tree);
  await context.append(decisionOf(context, from), 'decision:checkpoint');
  await context.append({ kind: 'checkpoint.made', turn: 0, treeId: brought.tree }, 'checkpoint:brought');
  return undefined;
}

/** The tree on top of this run's start, or in words why there is none. */
async function bring(
  context: RunContext,
  workspace: Workspace,
  { run, tree }: { readonly run: RunId; readonly tree: TreeId },
): Promise<{ readonly tree: TreeId } | string> {
  const events = (await context.ports.journal.read(run)).map(({ event }) => event);
  const kept = events.findLast((event): event is CheckpointsKept => event.kind === 'checkpoints.kept');
  const chosen = events.findLast((event): event is Chosen => event.kind === 'base.chosen');
  const pack = kept?.trees.includes(tree) ? await context.ports.blobs.get(kept.pack) : undefined;
  if (!kept || !chosen || !pack || !(await fetchStart(context, chosen)))
    return `Checkpoint \`${tree.slice(0, 12)}\` cannot be brought back any more. Write \`/agent retry\` to start anew.`;
  await workspace.unpack(pack, tree);
  const base = await workspace.treeOf(kept.startSha as CommitId);
  const merged = await workspace.mergeClean({ base, ours: startTree(context), theirs: tree });
  if (merged.ok) return { tree: merged.tree };
  return (
    `Checkpoint \`${tree.slice(0, 12)}\` does not go together with what was changed since: ${namedPaths(merged.paths, pathsShown)}. ` +
    'Write `/agent retry` to start anew.'
  );
}

/** Its pack stands on the commit that its run started from. False where that is gone, with a rewritten branch. */
async function fetchStart(
  { run, ports }: RunContext,
  { base, baseSha, head, startSha }: Chosen,
): Promise<boolean> {
  const branch = startSha === baseSha ? base : head;
  try {
    await ports.workspaces.fetch(run, run.repository, { branch, sha: startSha as CommitId });
    return true;
  } catch (error) {
    if (isAppError(error, 'git-moved') || isAppError(error, 'github-not-found')) return false;
    throw error;
  }
}

function decisionOf({ run }: RunContext, from: { readonly run: RunId; readonly tree: TreeId }): JournalEvent {
  const decision = {
    question: 'Where does the work start?',
    options: ['anew', `checkpoint ${from.tree.slice(0, 12)} of run ${from.run}`],
    choice: `checkpoint ${from.tree.slice(0, 12)}`,
    reason: `${run.requestedBy.login} asked for it`,
    evidence: `tree ${from.tree}`,
  };
  return { kind: 'decision.recorded', decision, turn: null };
}
