import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../domain/app-error.ts';
import { betweenCrashPoints, crashPoint } from '../domain/crash-point.ts';
import type { CommitId, RunId, TreeId } from '../domain/ids.ts';
import type { Logger } from '../domain/logger.ts';
import type { Workspace, WorkspaceDirectories } from '../domain/workspace.ts';
import { parseAddedLines, parseDiffLines } from './added-lines.ts';
import { writeRepository } from './bare-repository.ts';
import { branchCommits } from './branch-commits.ts';
import { checkedObjectId } from './branch-name.ts';
import { commitTree } from './commit-tree.ts';
import { compareCommits, treeOf } from './compare-commits.ts';
import { fileContents } from './file-contents.ts';
import { graftTree } from './graft-tree.ts';
import { importPack, requireTree } from './import-pack.ts';
import { inspectTree } from './inspect-tree.ts';
import { mergeClean } from './merge-clean.ts';
import { mergeTrees } from './merge-trees.ts';
import { listTree, readBlobs, readTreeFile, regularFiles } from './read-tree.ts';
import { packTrees, seedDirectories } from './seed-repository.ts';
import { restoreTree, type SnapshotPlace, takeCheckpoint } from './snapshot-sandbox.ts';
import type { StatePaths } from './state-paths.ts';
import { changedFiles, unifiedDiff } from './tree-changes.ts';

export interface WorkspaceContext {
  readonly paths: StatePaths;
  readonly log: Logger;
  adopt(directory: string): Promise<void>;
  remove(directory: string): Promise<void>;
}

const addedLinesBytesMax = 64 * 1024 * 1024;

/**
 * The run's workspace, made at first use under another name and renamed when it is whole, so that a crash leaves
 * either nothing or everything. Throws `internal` when it exists at another commit.
 */
export async function openWorkspace(
  context: WorkspaceContext,
  at: { readonly runId: RunId; readonly mirror: string; readonly start: CommitId },
): Promise<Workspace> {
  const start = checkedObjectId(at.start);
  const root = context.paths.run(at.runId);
  if (!existsSync(root)) await createRun(context, { ...at, root });
  const recorded = (await readFile(join(root, 'start'), 'utf8')).trim();
  if (recorded !== start) {
    throw new AppError('internal', `the workspace was opened at ${recorded} before, not at ${start}`);
  }
  const cleanClone = context.paths.cleanClone(at.runId);
  return workspaceAt(context, { root, cleanClone, start, baseTree: await treeOf(cleanClone, start) });
}

async function createRun(
  context: WorkspaceContext,
  at: { readonly runId: RunId; readonly mirror: string; readonly start: CommitId; readonly root: string },
): Promise<void> {
  const { runs } = context.paths;
  await context.paths.prepare();
  const draft = join(runs, `.new-${at.runId}-${crypto.randomUUID()}`);
  await mkdir(draft, { mode: 0o711 });
  const cleanClone = join(draft, 'clean.git');
  await writeRepository(cleanClone, { bare: true, alternates: join(at.mirror, 'objects') });
  await fillDirectories(context, draft, {
    cleanClone,
    start: at.start,
    tree: await treeOf(cleanClone, at.start),
  });
  await writeFile(join(draft, 'start'), `${at.start}\n`);
  await betweenCrashPoints('workspace.create', () => rename(draft, at.root));
}

function directoriesAt(root: string): WorkspaceDirectories {
  return { root, workspace: join(root, 'ws'), home: join(root, 'home'), out: join(root, 'out') };
}

async function fillDirectories(
  context: WorkspaceContext,
  root: string,
  seed: { readonly cleanClone: string; readonly start: CommitId; readonly tree: TreeId },
): Promise<void> {
  const directories = directoriesAt(root);
  const own = [directories.workspace, directories.home, directories.out];
  for (const directory of own) await mkdir(directory, { mode: 0o700 });
  await seedDirectories({ ...seed, directories });
  for (const directory of own) await context.adopt(directory);
}

interface Place {
  readonly root: string;
  readonly cleanClone: string;
  readonly start: CommitId;
  readonly baseTree: TreeId;
}

function workspaceAt(context: WorkspaceContext, place: Place): Workspace {
  const { root, cleanClone, baseTree } = place;
  const directories = directoriesAt(root);
  return {
    directories,
    baseTree,
    ...snapshotsOf(context, place, directories),
    materialise: async (name, tree) => await materialise(context, place, { name, tree }),
    changes: async (from, to) => await changedFiles(cleanClone, from, to),
    contents: async (from, to, limits) => await fileContents(cleanClone, { from, to }, limits),
    async patch(from, to, bytesMax) {
      const { bytes, truncated } = await unifiedDiff(cleanClone, { from, to }, { bytesMax, contextLines: 3 });
      return { text: bytes.toString('utf8'), truncated };
    },
    async diffLines(from, to, bytesMax) {
      const options = { bytesMax, contextLines: 3, findRenames: true };
      const { bytes, truncated } = await unifiedDiff(cleanClone, { from, to }, options);
      return { lines: parseDiffLines(bytes.toString('utf8')), truncated };
    },
    async addedLines(from, to) {
      const options = { bytesMax: addedLinesBytesMax, contextLines: 0 };
      const { bytes, truncated } = await unifiedDiff(cleanClone, { from, to }, options);
      if (truncated)
        throw new AppError('tree-refused', `the diff is larger than ${addedLinesBytesMax} bytes`);
      return parseAddedLines(bytes.toString('utf8'));
    },
    readFile: async (tree, path, bytesMax) => await readTreeFile(cleanClone, tree, path, bytesMax),
    listFiles: async (tree) =>
      (await listTree(cleanClone, tree))
        .filter(({ sizeBytes }) => sizeBytes !== null)
        .map(({ path }) => path.toString('utf8')),
    treeFiles: async (tree) => await regularFiles(cleanClone, tree),
    treeEntries: async (tree) =>
      (await listTree(cleanClone, tree)).map(({ path, mode, id }) => ({
        path: path.toString('latin1'),
        mode,
        id,
      })),
    readBlobs: async (ids) => {
      const wanted = [...new Set(ids)];
      const contents = await readBlobs(cleanClone, wanted);
      return new Map(wanted.map((id, at) => [id, contents[at] ?? Buffer.alloc(0)]));
    },
    compare: async (ours, theirs) => await compareCommits(cleanClone, ours, theirs),
    merge: async (sandbox, sides) => await mergeTrees({ cleanClone, out: directories.out }, sandbox, sides),
    graft: async (base, head, paths) => await graftTree(cleanClone, { base, head }, paths),
    commitsSince: async (base, head, paths) => await branchCommits(cleanClone, { base, head }, paths),
    treeOf: async (commit) => await treeOf(cleanClone, commit),
    async pack(trees, bytesMax) {
      const bytes = await packTrees(cleanClone, trees, [baseTree]);
      return bytes.length > bytesMax ? undefined : bytes;
    },
    unpack: async (pack, tree) => await importPack(cleanClone, pack, checkedObjectId(tree)),
    mergeClean: async (trees) => await mergeClean(cleanClone, trees),
    inspect: async (base, tree) => await inspectTree(cleanClone, base, tree),
    commit: (request) => betweenCrashPoints('commit.make', () => commitTree(cleanClone, request)),
    remove: async () => await context.remove(root),
  };
}

/** The tree that the sandbox's repository knows best is kept in a file: another process may open the workspace next. */
function snapshotsOf(
  context: WorkspaceContext,
  { root, cleanClone, baseTree }: Place,
  { out }: WorkspaceDirectories,
): Pick<Workspace, 'checkpoint' | 'restore'> {
  const place: SnapshotPlace = { cleanClone, out, startTree: baseTree, log: context.log };
  const file = join(root, 'last-tree');
  const readLast = async (): Promise<TreeId> => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return text === '' ? baseTree : (text as TreeId);
  };
  const writeLast = async (tree: TreeId): Promise<void> => {
    await writeFile(`${file}.new`, tree);
    await rename(`${file}.new`, file);
  };
  return {
    checkpoint: (sandbox) =>
      betweenCrashPoints('checkpoint.make', async () => {
        const last = await readLast();
        const tree = await takeCheckpoint(place, sandbox, last);
        await crashPoint('checkpoint.make.before-note');
        if (tree !== last) await writeLast(tree);
        return tree;
      }),
    async restore(sandbox, tree) {
      await restoreTree(place, sandbox, { tree: checkedObjectId(tree), last: await readLast() });
      await writeLast(tree);
    },
  };
}

async function materialise(
  context: WorkspaceContext,
  place: Place,
  wanted: { readonly name: string; readonly tree: TreeId },
): Promise<WorkspaceDirectories> {
  if (!/^[a-z0-9-]{1,40}$/.test(wanted.name)) throw new AppError('internal', 'not a name for a tree on disk');
  await requireTree(place.cleanClone, checkedObjectId(wanted.tree));
  const trees = join(place.root, 'trees');
  await mkdir(trees, { recursive: true, mode: 0o711 });
  const root = join(trees, `${wanted.name}-${wanted.tree}`);
  await context.remove(root);
  await mkdir(root, { mode: 0o711 });
  await fillDirectories(context, root, {
    cleanClone: place.cleanClone,
    start: place.start,
    tree: wanted.tree,
  });
  return directoriesAt(root);
}

/** Removes a run's directories and what a crash left of making them. */
export async function discardRun(
  context: WorkspaceContext,
  runId: RunId,
  names: readonly string[],
): Promise<void> {
  const root = context.paths.run(runId);
  const drafts = names.filter((name) => name.startsWith(`.new-${runId}-`));
  for (const draft of drafts) await context.remove(join(context.paths.runs, draft));
  await context.remove(root);
  await rm(root, { recursive: true, force: true });
}
