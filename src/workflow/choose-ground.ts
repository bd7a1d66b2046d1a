import type { CommitId, TreeId } from '../domain/ids.ts';
import type { BranchCommit, Workspace } from '../domain/workspace.ts';
import type { RunContext } from './run-context.ts';
import { startTree } from './steps/snapshot.ts';

/**
 * Work that goes on on a branch with commits of ours is judged together with them. By the last step alone a test that
 * our own earlier commit broke would have failed before, and what was held there would be forgotten: a second run
 * would make a red pull request green without mending anything.
 */
export async function chooseGround(context: RunContext, workspace: Workspace): Promise<void> {
  if (context.last('ground.chosen')) return;
  const commit = await groundOf(context, workspace);
  if (commit === undefined) return;
  const treeId = await workspace.treeOf(commit);
  await context.append({ kind: 'ground.chosen', commit, treeId }, 'ground.chosen');
}

/** The tree that the gates compare with. */
export function groundTree(context: RunContext): TreeId {
  return context.last('ground.chosen')?.treeId ?? startTree(context);
}

export function groundCommit(context: RunContext): CommitId {
  return (context.last('ground.chosen')?.commit ?? context.fact('base.chosen').startSha) as CommitId;
}

/** Undefined: where the work starts. */
async function groundOf(context: RunContext, workspace: Workspace): Promise<CommitId | undefined> {
  const { run, ports } = context;
  const { baseSha, startSha, headTip } = context.fact('base.chosen');
  // A review compares with where the branch left its base anyway, and a merge with what it brings in.
  if (headTip === null || headTip !== startSha) return undefined;
  const [base, start] = [baseSha as CommitId, startSha as CommitId];
  const branch = await workspace.commitsSince(base, start);
  const own = await ports.published.published(
    run.repository.id,
    branch.map(({ sha }) => sha),
  );
  const isOurs = new Set(own.map(({ sha }) => sha));
  const first = branch.findLastIndex(({ sha }) => isOurs.has(sha));
  // The branch of an issue is ours whatever was rebased there.
  if (first === -1 && run.target.kind !== 'issue') return undefined;
  const parted = await ports.workspaces.mergeBase(run.repository, base, start);
  const before = first === -1 ? undefined : await beforeOurs(context, branch.slice(first), parted);
  return before ?? parted ?? undefined;
}

/**
 * On somebody's own branch the commit before our first one: what they did until then is theirs. Where the base was
 * merged in since, that would count the base's changes as ours: then the whole branch is compared.
 */
async function beforeOurs(
  { run, ports }: RunContext,
  [first, ...older]: readonly BranchCommit[],
  parted: CommitId | null,
): Promise<CommitId | undefined> {
  const [before] = first?.parents ?? [];
  if (before === undefined || older.length === 0 || parted === null) return undefined;
  const { workspaces } = ports;
  return (await workspaces.mergeBase(run.repository, parted, before)) === parted ? before : undefined;
}
