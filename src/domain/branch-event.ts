import type { BaseMerged } from './base-merged.ts';
import type { BlobHash, RunId, TreeId } from './ids.ts';

/** What a run finds out about branches beside its work. */
export type BranchEvent = BaseMerged | CheckpointsKept | GroundChosen | UndoPlanned;

/** What the gates compare with, where that is not what the work starts from: before our own earlier commits. */
export interface GroundChosen {
  readonly kind: 'ground.chosen';
  readonly commit: string;
  readonly treeId: TreeId;
}

/** Work trees that outlive the run, newest first, as one pack on top of the tree of `startSha`. */
export interface CheckpointsKept {
  readonly kind: 'checkpoints.kept';
  readonly startSha: string;
  readonly trees: readonly TreeId[];
  readonly pack: BlobHash;
}

/** What taking back our commits on a branch comes to. */
export interface UndoPlanned {
  readonly kind: 'undo.planned';
  /** The pull request of the branch; null where it has none any more. */
  readonly pull: number | null;
  /** Newest first. */
  readonly commits: readonly { readonly sha: string; readonly run: RunId }[];
  /** The tree without them; null: they cannot be taken back, and `problem` says in words why. */
  readonly treeId: TreeId | null;
  readonly problem: string;
}
