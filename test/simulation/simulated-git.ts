import type { CommitId, TreeId } from '../../src/domain/ids.ts';
import type { BranchCommit, CleanMerge, Divergence, MergedTree } from '../../src/domain/workspace.ts';
import { type SimulatedGithub, treeOf } from './simulated-github.ts';

type Files = ReadonlyMap<string, string>;
type Sides = { readonly base: TreeId; readonly ours: TreeId; readonly theirs: TreeId };
type Range = { readonly from: CommitId; readonly to: CommitId };

/** Every commit that `start` holds, itself first, parents after their children as far as a breadth-first walk goes. */
export function historyOf(hub: SimulatedGithub, start: CommitId): readonly CommitId[] {
  const seen = new Set<CommitId>([start]);
  for (const commit of seen) for (const parent of hub.commits.get(commit)?.parents ?? []) seen.add(parent);
  return [...seen];
}

/** The newest commit that both hold: these histories have no criss-cross merges. */
export function mergeBaseOf(hub: SimulatedGithub, one: CommitId, other: CommitId): CommitId | null {
  const held = new Set(historyOf(hub, one));
  return historyOf(hub, other).find((commit) => held.has(commit)) ?? null;
}

/** What `to` holds and `from` lacks, newest first. */
export function commitsBetween(hub: SimulatedGithub, { from, to }: Range): readonly BranchCommit[] {
  const held = new Set(historyOf(hub, from));
  return historyOf(hub, to)
    .filter((sha) => !held.has(sha))
    .map((sha) => ({ sha, parents: hub.commits.get(sha)?.parents ?? [], author: 'somebody' }));
}

export function divergence(hub: SimulatedGithub, ours: CommitId, theirs: CommitId): Divergence {
  const commit = mergeBaseOf(hub, ours, theirs);
  const subjects = (to: CommitId): readonly string[] =>
    commit === null
      ? []
      : commitsBetween(hub, { from: commit, to }).map(({ sha }) => hub.commits.get(sha)?.message ?? '');
  const base = commit === null ? null : { commit, tree: hub.commits.get(commit)?.tree ?? ('' as TreeId) };
  return { base, ours: subjects(ours), theirs: subjects(theirs) };
}

/** Three-way by whole files: what both sides changed to different texts is in conflict and holds both. */
export function mergeTrees(hub: SimulatedGithub, sides: Sides): MergedTree {
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(
    (tree): Files => hub.trees.get(tree) ?? new Map(),
  ) as [Files, Files, Files];
  const merged = new Map(ours);
  const conflicts: string[] = [];
  for (const path of new Set([...base.keys(), ...theirs.keys()])) {
    const [was, mine, other] = [base.get(path), ours.get(path), theirs.get(path)];
    if (other === was || other === mine) continue;
    if (mine !== was) conflicts.push(path);
    const text = mine === was ? other : `<<<<<<<\n${mine}\n=======\n${other}\n>>>>>>>`;
    if (text === undefined) merged.delete(path);
    else merged.set(path, text);
  }
  return { tree: treeOf(hub.trees, merged), conflicts };
}

export function mergeClean(hub: SimulatedGithub, sides: Sides): CleanMerge {
  const { tree, conflicts } = mergeTrees(hub, sides);
  return conflicts.length === 0 ? { ok: true, tree } : { ok: false, paths: conflicts };
}

/** As GitHub finds out some time after a push. */
export function isInConflict(hub: SimulatedGithub, head: CommitId, base: CommitId): boolean {
  const parted = mergeBaseOf(hub, head, base);
  const treeAt = (commit: CommitId): TreeId => hub.commits.get(commit)?.tree ?? ('' as TreeId);
  if (parted === null) return true;
  const sides = { base: treeAt(parted), ours: treeAt(head), theirs: treeAt(base) };
  return mergeTrees(hub, sides).conflicts.length > 0;
}
