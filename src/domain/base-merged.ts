import type { TreeId } from './ids.ts';

/** The base branch was brought into the pull request's branch, in a tree that nothing has judged yet. */
export interface BaseMerged {
  readonly kind: 'base.merged';
  /** Where both parted. */
  readonly parted: string;
  readonly treeId: TreeId;
  /** Files that hold both sides between marks. */
  readonly conflicts: readonly string[];
  /** Subjects of what was done since, newest first: on the branch, and on its base. Words of others. */
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  /** The branch had everything already: there is nothing to commit. */
  readonly upToDate: boolean;
  /** Workflow files that the base changed: GitHub takes them from a person only. */
  readonly workflows: readonly string[];
}
