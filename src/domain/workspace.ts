import type { TreeFile } from './gate.ts';
import type { CommitId, RunId, TreeId } from './ids.ts';
import type { ChangedFile } from './journal-event.ts';
import type { RepositoryRef } from './repository.ts';
import type { Run } from './run.ts';
import type { SandboxRun } from './sandbox.ts';

/** Host directories of one tree on disk, ready to be mounted. */
export interface WorkspaceDirectories {
  readonly root: string;
  readonly workspace: string;
  readonly home: string;
  readonly out: string;
}

export interface TreeFacts {
  readonly commit: CommitId;
  readonly tree: TreeId;
  readonly files: number;
  readonly submodules: readonly string[];
  readonly lfsPointers: number;
  readonly textFiles: number;
}

/** A changed file with what it holds, for a commit through the forge's API. */
export interface FileChange {
  readonly path: string;
  /** Regular, executable, symbolic link (then `content` is its target). */
  readonly mode: '100644' | '100755' | '120000';
  /** Null: the file is deleted. */
  readonly content: Buffer | null;
}

/** What changed, with contents; or in words why it is not for the forge's API. */
export type FileChanges =
  | { readonly ok: true; readonly files: readonly FileChange[] }
  | { readonly ok: false; readonly why: string };

/** What git knows of a path; `id` of a link is that of its target's text. */
export interface TreeEntry {
  readonly path: string;
  /** `100644`, `100755`, `120000` (link), `160000` (submodule). */
  readonly mode: string;
  readonly id: string;
}

/** One line of a diff: its number in the new file, that of a removed line in the old one. */
export interface DiffLine {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'context';
  readonly line: number;
  readonly text: string;
}

/** Where two commits parted, and the subjects of what was done since on each side, newest first; null: nowhere. */
export interface Divergence {
  readonly base: { readonly commit: CommitId; readonly tree: TreeId } | null;
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/** Two sides in one tree; files in conflict hold both, between marks. */
export interface MergedTree {
  readonly tree: TreeId;
  readonly conflicts: readonly string[];
}

/** Who is named in a commit. */
export interface CommitIdentity {
  readonly name: string;
  readonly email: string;
}

/** A commit of a branch as git has it; the author's name is whatever they set. */
export interface BranchCommit {
  readonly sha: CommitId;
  readonly parents: readonly CommitId[];
  readonly author: string;
}

/** A merge of two trees, or the paths that both sides changed in ways that do not go together. */
export type CleanMerge =
  | { readonly ok: true; readonly tree: TreeId }
  | { readonly ok: false; readonly paths: readonly string[] };

/**
 * A run's git side on the host: a mirror cache, a clean bare clone that no sandbox ever writes, and the work tree
 * that the sandbox owns. Host git never runs in that work tree; work leaves it as a bundle made inside.
 */
export interface Workspace {
  readonly directories: WorkspaceDirectories;
  readonly baseTree: TreeId;
  /** Snapshot of the work tree, made inside the sandbox; content-addressed, kept in the clean clone. */
  checkpoint(sandbox: SandboxRun): Promise<TreeId>;
  /** Makes the work tree equal to a checkpoint (or the start), ignored files kept. */
  restore(sandbox: SandboxRun, tree: TreeId): Promise<void>;
  /** Writes a tree of the clean clone to a fresh directory that no sandboxed code has touched. */
  materialise(name: string, tree: TreeId): Promise<WorkspaceDirectories>;
  /** What changed from `from` to `to`, by object id. Renames are not guessed. */
  changes(from: TreeId, to: TreeId): Promise<readonly ChangedFile[]>;
  /** The same with contents, where they fit: names in UTF-8, no submodule, and not more than the limits. */
  contents(
    from: TreeId,
    to: TreeId,
    limits: { readonly filesMax: number; readonly bytesMax: number },
  ): Promise<FileChanges>;
  /** Unified diff, at most `bytesMax` bytes. */
  patch(
    from: TreeId,
    to: TreeId,
    bytesMax: number,
  ): Promise<{ readonly text: string; readonly truncated: boolean }>;
  /** Lines added from `from` to `to`, per file, with their new line numbers. Binary files are left out. */
  addedLines(
    from: TreeId,
    to: TreeId,
  ): Promise<readonly { readonly path: string; readonly line: number; readonly text: string }[]>;
  /**
   * The diff as GitHub shows it (renames found, three lines of context), line by line, of at most `bytesMax` bytes; binary
   * files are left out.
   */
  diffLines(
    from: TreeId,
    to: TreeId,
    bytesMax: number,
  ): Promise<{ readonly lines: readonly DiffLine[]; readonly truncated: boolean }>;
  /** A file of a tree; undefined when absent or over `bytesMax` (default 1 MiB). Never follows a symlink. */
  readFile(tree: TreeId, path: string, bytesMax?: number): Promise<Buffer | undefined>;
  /** Paths of a tree, at most 10^6. */
  listFiles(tree: TreeId): Promise<readonly string[]>;
  /** The regular files of a tree (no links, no submodules) with their object ids, at most 10^6. */
  treeFiles(tree: TreeId): Promise<readonly TreeFile[]>;
  /** Everything in a tree, links and submodules too, with git's modes; at most 10^6. */
  treeEntries(tree: TreeId): Promise<readonly TreeEntry[]>;
  /** Contents of blobs by object id; at most 256 MiB together. */
  readBlobs(ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
  /**
   * Refuses (`tree-refused`) a tree with `.git` variants, `..`, symlinks that leave the tree, or changed gitlinks
   * relative to `base`.
   */
  inspect(base: TreeId, tree: TreeId): Promise<void>;
  /** How two commits of the mirror relate. */
  compare(ours: CommitId, theirs: CommitId): Promise<Divergence>;
  /** Merges trees inside the sandbox; its result is kept in the clean clone. */
  merge(
    sandbox: SandboxRun,
    sides: { readonly base: TreeId; readonly ours: TreeId; readonly theirs: TreeId },
  ): Promise<MergedTree>;
  /** The tree that is `base` with `paths` as `head` has them (absent ones gone), kept in the clean clone. */
  graft(base: TreeId, head: TreeId, paths: readonly string[]): Promise<TreeId>;
  /** Commits of `head` that `base` lacks, newest first, at most 10,000; with `paths` those that touch one of them. */
  commitsSince(base: CommitId, head: CommitId, paths?: readonly string[]): Promise<readonly BranchCommit[]>;
  treeOf(commit: CommitId): Promise<TreeId>;
  /** The trees as one pack on top of the start's; undefined when it is larger than `bytesMax`. */
  pack(trees: readonly TreeId[], bytesMax: number): Promise<Buffer | undefined>;
  /** Takes such a pack in, checked like a checkpoint. Throws `tree-refused` when it does not hold the tree. */
  unpack(pack: Buffer, tree: TreeId): Promise<void>;
  /** Three-way, in the object store of the clean clone: no file is written, and nothing that a repository configures is run. */
  mergeClean(trees: {
    readonly base: TreeId;
    readonly ours: TreeId;
    readonly theirs: TreeId;
  }): Promise<CleanMerge>;
  /** A commit in the clean clone, from our template; the sandbox's own commits are never used. Deterministic for equal input. */
  commit(request: {
    readonly tree: TreeId;
    readonly parent: CommitId;
    /** A merge's other side; absent: an ordinary commit. */
    readonly merged?: CommitId;
    readonly message: string;
    readonly author: CommitIdentity;
    readonly at: Date;
  }): Promise<CommitId>;
  /** Removes the run's directories. The mirror stays. */
  remove(): Promise<void>;
}

export interface Workspaces {
  /** Fetches the branch (and `sha` when given) into the mirror. Throws `repository-empty` where there is no branch. */
  fetch(
    run: Run,
    repository: RepositoryRef,
    wanted: { readonly branch: string; readonly sha: CommitId | null },
  ): Promise<CommitId>;
  /** Where two fetched commits parted; null for histories that have nothing in common. */
  mergeBase(repository: RepositoryRef, one: CommitId, other: CommitId): Promise<CommitId | null>;
  /** Counts and classifies without a checkout. Throws `repository-too-large` over `filesMax` (default 10^6). */
  facts(
    repository: RepositoryRef,
    commit: CommitId,
    options?: { readonly filesMax?: number },
  ): Promise<TreeFacts>;
  /** Creates the run's directories, or opens them when they exist. */
  open(runId: RunId, repository: RepositoryRef, start: CommitId): Promise<Workspace>;
  /** Reads a file at a commit of the mirror, before any workspace exists. */
  readFile(repository: RepositoryRef, commit: CommitId, path: string): Promise<Buffer | undefined>;
  /** Removes a run's directories, whether they are open here or not. The mirror stays. */
  discard(runId: RunId): Promise<void>;
  /** Runs of which this machine has directories, also half made ones. */
  kept(): Promise<readonly RunId[]>;
  /** Deletes everything kept for a repository (the App was uninstalled). */
  forget(repositoryId: number): Promise<void>;
}
