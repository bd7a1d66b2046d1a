import type { CommitId } from '../domain/ids.ts';
import type { BranchCommit } from '../domain/workspace.ts';
import { checkedObjectId } from './branch-name.ts';
import { runLocalGit } from './host-git.ts';

const commitsMax = 10_000;

/** Commits of `head` that `base` lacks, newest first; with paths, those that touch one of them. */
export async function branchCommits(
  gitDir: string,
  { base, head }: { readonly base: CommitId; readonly head: CommitId },
  paths: readonly string[] = [],
): Promise<readonly BranchCommit[]> {
  const range = [`^${checkedObjectId(base)}`, checkedObjectId(head)];
  const touching = paths.length === 0 ? [] : ['--full-history', ...range, '--', ...paths];
  const { stdout } = await runLocalGit({
    gitDir,
    args: [
      'log',
      '--topo-order',
      '--no-mailmap',
      '--no-ext-diff',
      '--no-textconv',
      `--max-count=${commitsMax}`,
      // A name holds no line break; it stands last, so that a tab in it does no harm.
      '--format=tformat:%H%x09%P%x09%an',
      ...(paths.length === 0 ? [...range, '--'] : touching),
    ],
  });
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine);
}

function parseLine(line: string): BranchCommit {
  const [sha = '', parents = '', ...author] = line.split('\t');
  return {
    sha: sha as CommitId,
    parents: parents.split(' ').filter((parent) => parent !== '') as CommitId[],
    author: author.join(' '),
  };
}
