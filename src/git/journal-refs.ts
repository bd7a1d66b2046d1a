import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isAppError } from '../domain/app-error.ts';
import type { TokenSource } from '../domain/forge.ts';
import type { CommitId, RunId } from '../domain/ids.ts';
import type { JournalCommit, JournalCommits, JournalPusher } from '../domain/journal-ref.ts';
import type { Logger } from '../domain/logger.ts';
import type { Run } from '../domain/run.ts';
import { parseAddedLines } from './added-lines.ts';
import { writeRepository } from './bare-repository.ts';
import { checkedObjectId, isObjectId } from './branch-name.ts';
import { treeOf } from './compare-commits.ts';
import { isAncestor } from './fetch-mirror.ts';
import { runLocalGit, runRemoteGit } from './host-git.ts';
import { journalStream } from './journal-stream.ts';
import { keptIn } from './kept-runs.ts';
import { rejectionOf } from './push-rejection.ts';
import { withRemoteAccess } from './remote-access.ts';
import { type StatePaths, statePaths } from './state-paths.ts';
import { unifiedDiff } from './tree-changes.ts';

export interface JournalRefsOptions {
  readonly stateDir: string;
  readonly tokens: TokenSource | null;
  readonly localMode: boolean;
  readonly log: Logger;
  readonly committer: { readonly name: string; readonly email: string };
}

const diffBytesMax = 16 * 1024 * 1024;

/** The only ref outside of branches that is ever written; it follows from the run's id alone. */
function journalRef(runId: RunId): string {
  if (!/^[a-z0-9]{1,40}$/.test(runId)) throw new AppError('internal', 'not a run id');
  return `refs/agent/journal/${runId}`;
}

/**
 * Journal commits, made with plumbing in a bare repository of their own that no sandbox ever sees and that borrows
 * objects from the mirror and the run's clean clone, and pushed by compare-and-swap.
 */
export function createJournalRefs(options: JournalRefsOptions): JournalPusher & JournalCommits {
  const paths = statePaths(options.stateDir);
  return {
    push: (run, at) => push(options, paths, run, at),
    tip: (run) => readTip(options, paths, run),
    async write(run, content) {
      const gitDir = await openRepository(paths, run);
      const expected = await readTip(options, paths, run);
      if (expected !== null) await haveCommit(options, run, gitDir, expected);
      const commit = await writeCommit(options, gitDir, { ...content, run, expected });
      if (expected !== null && (await treeOf(gitDir, commit)) === (await treeOf(gitDir, expected)))
        return null;
      return { commit, expected };
    },
    async addedLines(runId, from, to) {
      const gitDir = paths.cleanClone(runId);
      if (!existsSync(gitDir)) return null;
      const { bytes, truncated } = await unifiedDiff(
        gitDir,
        { from, to },
        { bytesMax: diffBytesMax, contextLines: 0 },
      );
      return truncated ? null : parseAddedLines(bytes.toString('utf8'));
    },
    async discard(runId) {
      await rm(repositoryOf(paths, runId), { recursive: true, force: true });
    },
    kept: async () => await keptIn(paths.mirrors, /^journal-(?<run>.+)\.git$/),
  };
}

function repositoryOf(paths: StatePaths, runId: RunId): string {
  journalRef(runId);
  return join(paths.mirrors, `journal-${runId}.git`);
}

async function openRepository(paths: StatePaths, run: Run): Promise<string> {
  await paths.prepare();
  const gitDir = repositoryOf(paths, run.id);
  if (!existsSync(join(gitDir, 'HEAD'))) await writeRepository(gitDir, { bare: true });
  const lenders = [paths.mirror(run.repository.id), paths.cleanClone(run.id)]
    .map((repository) => join(repository, 'objects'))
    .filter((directory) => existsSync(directory));
  await writeFile(join(gitDir, 'objects', 'info', 'alternates'), lenders.map((line) => `${line}\n`).join(''));
  return gitDir;
}

async function readTip(options: JournalRefsOptions, paths: StatePaths, run: Run): Promise<CommitId | null> {
  const ref = journalRef(run.id);
  const gitDir = await openRepository(paths, run);
  const output = await withRemoteAccess(options, run, reading(run), (access) =>
    runRemoteGit({ gitDir, access, args: ['ls-remote', '--', access.url, ref] }),
  );
  const line = output.split('\n').find((candidate) => candidate.endsWith(`\t${ref}`)) ?? '';
  const id = line.split('\t')[0] ?? '';
  return isObjectId(id) ? (id as CommitId) : null;
}

/** Another machine made the newest commit: it is fetched, so that ours can stand on it. */
async function haveCommit(
  options: JournalRefsOptions,
  run: Run,
  gitDir: string,
  commit: CommitId,
): Promise<void> {
  const { code } = await runLocalGit({ gitDir, args: ['cat-file', '-e', commit], accept: [1, 128] });
  if (code === 0) return;
  const ref = journalRef(run.id);
  const args = ['fetch', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'];
  await withRemoteAccess(options, run, reading(run), (access) =>
    runRemoteGit({ gitDir, access, args: [...args, '--', access.url, `+${ref}:refs/fetched/journal`] }),
  );
}

function reading({ repository }: Run) {
  return { repository, permissions: { contents: 'read' } } as const;
}

type Content = Parameters<JournalCommits['write']>[1] & {
  readonly run: Run;
  readonly expected: CommitId | null;
};

async function writeCommit(options: JournalRefsOptions, gitDir: string, content: Content): Promise<CommitId> {
  const ref = `refs/made/${crypto.randomUUID()}`;
  const stream = journalStream({ ...content, ref, committer: options.committer });
  await runLocalGit({ gitDir, args: ['fast-import', '--quiet'], stdin: stream });
  const { stdout } = await runLocalGit({ gitDir, args: ['rev-parse', '--verify', `${ref}^{commit}`] });
  return stdout.toString('latin1').trim() as CommitId;
}

/** A lease alone would let a rewritten history through; that `expected` is an ancestor makes it a fast-forward. */
async function push(
  options: JournalRefsOptions,
  paths: StatePaths,
  run: Run,
  { commit, expected }: JournalCommit,
): Promise<void> {
  const ref = journalRef(run.id);
  const gitDir = await openRepository(paths, run);
  checkedObjectId(commit);
  if (expected !== null && !(await isAncestor(gitDir, expected, commit)))
    throw new AppError('git-moved', `the journal ref of ${run.id} is elsewhere`);
  const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
  const args = ['push', '--porcelain', '--no-verify', lease, '--'];
  const writing = { repository: run.repository, permissions: { contents: 'write' } } as const;
  try {
    await withRemoteAccess(options, run, writing, (access) =>
      runRemoteGit({ gitDir, access, args: [...args, access.url, `${commit}:${ref}`] }),
    );
  } catch (error) {
    if (!isAppError(error)) throw error;
    throw rejectionOf(error, ref);
  }
  options.log.info('journal.pushed', { runId: run.id, commit });
}
