import { existsSync } from 'node:fs';
import { AppError, isAppError } from '../domain/app-error.ts';
import type { BranchPusher } from '../domain/effect.ts';
import type { TokenSource } from '../domain/forge.ts';
import type { CommitId } from '../domain/ids.ts';
import type { Logger } from '../domain/logger.ts';
import { writeRepository } from './bare-repository.ts';
import { checkedBranch, checkedObjectId, isObjectId } from './branch-name.ts';
import { isAncestor } from './fetch-mirror.ts';
import { runRemoteGit } from './host-git.ts';
import { rejectionOf } from './push-rejection.ts';
import { withRemoteAccess } from './remote-access.ts';
import { type StatePaths, statePaths } from './state-paths.ts';

export interface BranchPusherOptions {
  /** The same as the workspaces': commits are pushed from the run's clean clone. */
  readonly stateDir: string;
  readonly tokens: TokenSource | null;
  readonly localMode: boolean;
  readonly log: Logger;
}

type PushRequest = Parameters<BranchPusher['push']>[0];

/** Pushes by compare-and-swap, only fast-forwards, and only to branches that belong to the run. */
export function createBranchPusher(options: BranchPusherOptions): BranchPusher {
  const paths = statePaths(options.stateDir);
  return {
    async push(request) {
      const gitDir = await checkedClone(paths, request);
      const ref = `refs/heads/${request.branch}`;
      const lease = `--force-with-lease=${ref}:${request.expected ?? ''}`;
      const wanted = { repository: request.repository, permissions: { contents: 'write' } } as const;
      try {
        await withRemoteAccess(options, request.run, wanted, (access) => {
          const to = [lease, '--', access.url, `${request.commit}:${ref}`];
          return runRemoteGit({ gitDir, access, args: ['push', '--porcelain', '--no-verify', ...to] });
        });
      } catch (error) {
        if (!isAppError(error)) throw error;
        throw rejectionOf(error, request.branch);
      }
      options.log.info('branch.pushed', { branch: request.branch, commit: request.commit });
    },
    async remoteTip(run, branch) {
      const ref = `refs/heads/${checkedBranch(branch)}`;
      const gitDir = await emptyRepository(paths);
      const wanted = { repository: run.repository, permissions: { contents: 'read' } } as const;
      const output = await withRemoteAccess(options, run, wanted, (access) =>
        runRemoteGit({ gitDir, access, args: ['ls-remote', '--', access.url, ref] }),
      );
      const [id = ''] = output
        .split('\n')
        .filter((line) => line.endsWith(`\t${ref}`))
        .map((line) => line.split('\t')[0] ?? '');
      return isObjectId(id) ? (id as CommitId) : null;
    },
  };
}

/** `ls-remote` needs no repository, but git looks for one, and what it finds decides its configuration. */
async function emptyRepository(paths: StatePaths): Promise<string> {
  const directory = `${paths.mirrors}/empty.git`;
  if (!existsSync(`${directory}/HEAD`)) {
    await paths.prepare();
    await writeRepository(directory, { bare: true });
  }
  return directory;
}

/**
 * The clean clone, when the push is one we make at all. A lease alone would also let a rewritten history through;
 * that `expected` is an ancestor makes every update a fast-forward.
 */
async function checkedClone(paths: StatePaths, request: PushRequest): Promise<string> {
  const { run, repository, branch, commit, expected } = request;
  checkedBranch(branch);
  const ours = branch.startsWith('agent/') || branch === run.branches.head;
  if (!ours || branch === repository.defaultBranch || branch === run.branches.base) {
    throw new AppError('github-rejected', `the branch ${branch} is none that this run may push to`);
  }
  const gitDir = paths.cleanClone(run.id);
  if (!existsSync(gitDir)) throw new AppError('git-failed', 'the run has no clean clone on this machine');
  checkedObjectId(commit);
  if (expected !== null && !(await isAncestor(gitDir, expected, commit))) {
    throw new AppError(
      'git-moved',
      `${expected} is not an ancestor of ${commit}: the push would lose commits`,
    );
  }
  return gitDir;
}
