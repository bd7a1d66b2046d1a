import { runGit } from './run-git.ts';

/** False also for a commit that is not there. */
export async function isAncestor(gitDir: string, ancestor: string, descendant: string): Promise<boolean> {
  const { code } = await runGit(
    [`--git-dir=${gitDir}`, 'merge-base', '--is-ancestor', ancestor, descendant],
    {
      accept: [1, 128],
    },
  );
  return code === 0;
}

/** The merge base of two commits; undefined for unrelated histories. */
export async function mergeBase(gitDir: string, one: string, other: string): Promise<string | undefined> {
  const { code, stdout } = await runGit([`--git-dir=${gitDir}`, 'merge-base', one, other], { accept: [1] });
  return code === 0 ? stdout.toString().trim() : undefined;
}

/** How many commits `head` has that `base` has not, and the other way round. */
export async function aheadBehind(
  gitDir: string,
  base: string,
  head: string,
): Promise<{ readonly ahead: number; readonly behind: number }> {
  const { stdout } = await runGit([
    `--git-dir=${gitDir}`,
    'rev-list',
    '--left-right',
    '--count',
    `${base}...${head}`,
  ]);
  const [behind = 0, ahead = 0] = stdout.toString().trim().split(/\s+/).map(Number);
  return { ahead, behind };
}

/** The tree of a three-way merge; undefined when it conflicts. */
export async function mergeTrees(gitDir: string, base: string, head: string): Promise<string | undefined> {
  const { code, stdout } = await runGit(
    [`--git-dir=${gitDir}`, 'merge-tree', '--write-tree', '--allow-unrelated-histories', base, head],
    { accept: [1] },
  );
  return code === 0 ? stdout.toString().split('\n')[0]?.trim() : undefined;
}

/** The first workflow file in which two commits differ. */
export async function changedWorkflow(gitDir: string, from: string, to: string): Promise<string | undefined> {
  const { stdout } = await runGit([
    `--git-dir=${gitDir}`,
    'diff',
    '--name-only',
    '--no-renames',
    '-z',
    from,
    to,
    '--',
    '.github/workflows',
  ]);
  return stdout.toString().split('\0')[0] || undefined;
}
