import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isAppError } from '../domain/app-error.ts';
import type { CommitId } from '../domain/ids.ts';
import { writeRepository } from './bare-repository.ts';
import { checkedBranch, checkedObjectId } from './branch-name.ts';
import { runLocalGit, runRemoteGit } from './host-git.ts';
import type { RemoteAccess } from './remote-access.ts';
import { withFileLock } from './with-file-lock.ts';

export interface MirrorRequest {
  readonly mirror: string;
  readonly access: RemoteAccess;
  readonly branch: string;
  readonly sha: CommitId | null;
  /** Where GitHub keeps a commit that its branch has since lost; null for a run that starts on an issue. */
  readonly pullNumber: number | null;
}

/**
 * Brings the branch, and the commit when one is wanted, into the mirror: these refs and no tags. One fetch at a time
 * per mirror over all processes. Throws `repository-empty`, `github-not-found` for a missing branch, `git-moved` when
 * the commit is not on it any more.
 */
export async function fetchMirror(request: MirrorRequest): Promise<CommitId> {
  const { mirror } = request;
  const branch = checkedBranch(request.branch);
  if (request.sha !== null) checkedObjectId(request.sha);
  return await withFileLock(`${mirror}.lock`, async () => {
    await writeRepository(mirror, { bare: true });
    const tip = await fetchBranch(request, branch);
    if (request.sha === null || request.sha === tip) return tip;
    return await reachable(request, tip, request.sha);
  });
}

/** A branch's name in the mirror is its hash: `a` and a later `a/b` would stand in each other's way as files. */
function mirrorRef(branch: string): string {
  return `refs/fetched/${createHash('sha256').update(branch).digest('hex')}`;
}

async function fetchBranch(request: MirrorRequest, branch: string): Promise<CommitId> {
  const ref = mirrorRef(branch);
  try {
    await fetchRef(request, `refs/heads/${branch}`, ref);
  } catch (error) {
    if (!isAppError(error) || !/couldn't find remote ref/i.test(error.message)) throw error;
    throw await whyMissing(request, branch);
  }
  return await resolve(request.mirror, ref);
}

async function fetchRef({ mirror, access }: MirrorRequest, from: string, to: string): Promise<void> {
  // We hold the mirror's lock: a lock file in it was left by a process that was killed.
  await rm(join(mirror, `${to}.lock`), { force: true });
  await rm(join(mirror, 'packed-refs.lock'), { force: true });
  await runRemoteGit({
    gitDir: mirror,
    access,
    args: [
      'fetch',
      '--no-tags',
      '--no-write-fetch-head',
      '--no-auto-maintenance',
      '--',
      access.url,
      `+${from}:${to}`,
    ],
  });
}

async function whyMissing({ mirror, access }: MirrorRequest, branch: string): Promise<AppError> {
  const heads = await runRemoteGit({
    gitDir: mirror,
    access,
    args: ['ls-remote', '--heads', '--', access.url],
  });
  return heads.trim() === ''
    ? new AppError('repository-empty', 'the repository has no branch', {
        hint: 'Push a first commit with some code, then start again.',
      })
    : new AppError('github-not-found', `the repository has no branch ${branch}`);
}

async function reachable(request: MirrorRequest, tip: CommitId, sha: CommitId): Promise<CommitId> {
  if (await isAncestor(request.mirror, sha, tip)) return sha;
  if (request.pullNumber !== null) {
    const ref = `refs/pulls/${request.pullNumber}`;
    await fetchRef(request, `refs/pull/${request.pullNumber}/head`, ref).catch((error: unknown) => {
      if (!isAppError(error) || !/couldn't find remote ref/i.test(error.message)) throw error;
    });
    const pullTip = await resolve(request.mirror, ref).catch(() => null);
    if (pullTip !== null && (await isAncestor(request.mirror, sha, pullTip))) return sha;
  }
  throw new AppError('git-moved', `commit ${sha} is not on the branch ${request.branch} any more`);
}

async function resolve(gitDir: string, ref: string): Promise<CommitId> {
  const { stdout } = await runLocalGit({
    gitDir,
    args: ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`],
  });
  return stdout.toString('utf8').trim() as CommitId;
}

/** The newest commit that both come from; null for histories that have nothing in common. */
export async function mergeBase(gitDir: string, one: CommitId, other: CommitId): Promise<CommitId | null> {
  const { code, stdout } = await runLocalGit({
    gitDir,
    args: ['merge-base', checkedObjectId(one), checkedObjectId(other)],
    accept: [1],
  });
  return code === 0 ? (stdout.toString('utf8').trim() as CommitId) : null;
}

/** False also when the repository does not have one of the two commits. */
export async function isAncestor(gitDir: string, ancestor: CommitId, commit: CommitId): Promise<boolean> {
  const { code } = await runLocalGit({
    gitDir,
    args: ['merge-base', '--is-ancestor', checkedObjectId(ancestor), checkedObjectId(commit)],
    accept: [1, 128],
  });
  return code === 0;
}
