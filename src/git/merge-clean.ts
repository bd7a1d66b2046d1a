import type { CommitId, TreeId } from '../domain/ids.ts';
import type { CleanMerge } from '../domain/workspace.ts';
import { checkedObjectId } from './branch-name.ts';
import { runLocalGit } from './host-git.ts';

/** Of commits that only tell git where the two sides parted; no branch ever names them. */
const nobody = { name: 'merge', email: 'merge@localhost', date: '@0 +0000' };

/**
 * Merges two trees over their common one, in the object store alone; what does not merge cleanly is not merged. Git 2.39 takes commits for this and finds the
 * common one by their parents, so each tree gets a commit. Attributes of the trees are not read in a bare repository,
 * and a driver would need a configuration that the clean clone does not have.
 */
export async function mergeClean(
  gitDir: string,
  trees: { readonly base: TreeId; readonly ours: TreeId; readonly theirs: TreeId },
): Promise<CleanMerge> {
  const base = await commitOf(gitDir, trees.base, null);
  const ours = await commitOf(gitDir, trees.ours, base);
  const theirs = await commitOf(gitDir, trees.theirs, base);
  const options = ['--write-tree', '-z', '--name-only', '--no-messages'];
  const { code, stdout } = await runLocalGit({
    gitDir,
    // A person may have moved a file on purpose: what follows a moved directory is for them to say.
    args: ['-c', 'merge.directoryRenames=false', 'merge-tree', ...options, ours, theirs],
    accept: [1],
  });
  const [tree = '', ...names] = stdout.toString('utf8').split('\0');
  if (code === 0) return { ok: true, tree: checkedObjectId(tree) as TreeId };
  return { ok: false, paths: [...new Set(names.filter((name) => name !== ''))] };
}

async function commitOf(gitDir: string, tree: TreeId, parent: CommitId | null): Promise<CommitId> {
  const { stdout } = await runLocalGit({
    gitDir,
    args: ['commit-tree', checkedObjectId(tree), ...(parent === null ? [] : ['-p', parent])],
    stdin: 'merge\n',
    env: {
      GIT_AUTHOR_NAME: nobody.name,
      GIT_AUTHOR_EMAIL: nobody.email,
      GIT_AUTHOR_DATE: nobody.date,
      GIT_COMMITTER_NAME: nobody.name,
      GIT_COMMITTER_EMAIL: nobody.email,
      GIT_COMMITTER_DATE: nobody.date,
    },
  });
  return stdout.toString('latin1').trim() as CommitId;
}
