import { isAppError } from '../domain/app-error.ts';
import type { CommitId, TreeId } from '../domain/ids.ts';
import type { RunContext } from './run-context.ts';

/** More is nobody's choice any more, and larger is no state of work but of a machine. */
const treesMax = 20;
const packBytesMax = 8 * 1024 * 1024;

/**
 * Keeps the work trees of a run that ends, with its directories about to go: `/agent retry from <checkpoint>` starts from
 * one of them, on whatever machine. Where all are too much the last one is kept, and where that is, none. Once the end is
 * journaled the directories are gone, or going: opening them would make them again.
 */
export async function keepCheckpoints(context: RunContext): Promise<void> {
  const chosen = context.last('base.chosen');
  const trees = treesOf(context, chosen?.startTree);
  const [newest] = trees;
  if (!chosen || newest === undefined) return;
  if (context.last('checkpoints.kept') || context.last('run.ended')) return;
  const { startSha } = chosen;
  try {
    const kept = (await packed(context, startSha, trees)) ?? (await packed(context, startSha, [newest]));
    if (!kept) return;
    const pack = await context.ports.blobs.put(kept.bytes);
    const event = { kind: 'checkpoints.kept', startSha, trees: kept.trees, pack } as const;
    await context.append(event, 'checkpoints.kept');
  } catch (error) {
    // The run ends all the same; its worker may have lost the directories with the machine that had them.
    if (!isAppError(error) || error.code === 'lease-lost' || error.disposition === 'retry') throw error;
    context.ports.log.warn('checkpoints.not-kept', { runId: context.run.id, cause: error.message });
  }
}

/** Different ones, newest first, without the start. */
function treesOf(context: RunContext, start: TreeId | undefined): readonly TreeId[] {
  const made = context.entries.flatMap(({ event }) =>
    event.kind === 'checkpoint.made' && event.treeId !== start ? [event.treeId] : [],
  );
  return [...new Set(made.reverse())].slice(0, treesMax);
}

async function packed(
  { run, ports }: RunContext,
  startSha: string,
  trees: readonly TreeId[],
): Promise<{ readonly trees: readonly TreeId[]; readonly bytes: Buffer } | undefined> {
  // Not by `openWorkspace`: a run that somebody stopped keeps its work too.
  const workspace = await ports.workspaces.open(run.id, run.repository, startSha as CommitId);
  const bytes = await workspace.pack(trees, packBytesMax);
  return bytes && { trees, bytes };
}
