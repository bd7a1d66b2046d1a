import { AppError } from '../domain/app-error.ts';
import type { CommitId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';
import { checkedObjectId } from './branch-name.ts';
import { runLocalGit } from './host-git.ts';

type CommitRequest = Parameters<Workspace['commit']>[0];

/** Writes a commit whose id depends on the request alone: one identity, one date, UTC, no signature, no hooks. */
export async function commitTree(gitDir: string, request: CommitRequest): Promise<CommitId> {
  const { author, message } = request;
  if (message.includes('\0'))
    throw new AppError('git-failed', 'a commit message cannot hold a NUL character');
  const parents = [request.parent, ...(request.merged ? [request.merged] : [])].map(checkedObjectId);
  const seconds = Math.floor(request.at.getTime() / 1000);
  const date = `@${seconds} +0000`;
  const { stdout } = await runLocalGit({
    gitDir,
    args: ['commit-tree', checkedObjectId(request.tree), ...parents.flatMap((id) => ['-p', id])],
    stdin: message.endsWith('\n') ? message : `${message}\n`,
    env: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
      GIT_COMMITTER_DATE: date,
    },
  });
  return stdout.toString('latin1').trim() as CommitId;
}
