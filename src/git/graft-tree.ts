import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeId } from '../domain/ids.ts';
import { checkedObjectId } from './branch-name.ts';
import { runLocalGit } from './host-git.ts';
import { listTree } from './read-tree.ts';

const zero = '0'.repeat(40);

/**
 * Writes the tree that is `base` with `paths` as `head` has them; a path that head lacks is gone. By an index of its
 * own: the clone is bare and has none.
 */
export async function graftTree(
  gitDir: string,
  trees: { readonly base: TreeId; readonly head: TreeId },
  paths: readonly string[],
): Promise<TreeId> {
  const index = join(gitDir, `graft-${crypto.randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await runLocalGit({ gitDir, env, args: ['read-tree', checkedObjectId(trees.base)] });
    const stdin = await indexLines(gitDir, trees.head, paths);
    await runLocalGit({ gitDir, env, args: ['update-index', '-z', '--index-info'], stdin });
    const { stdout } = await runLocalGit({ gitDir, env, args: ['write-tree'] });
    return stdout.toString('latin1').trim() as TreeId;
  } finally {
    await rm(index, { force: true });
  }
}

async function indexLines(gitDir: string, head: TreeId, paths: readonly string[]): Promise<Buffer> {
  const wanted = new Set(paths);
  const lines: Buffer[] = [];
  for (const { mode, id, path } of await listTree(gitDir, head)) {
    const name = path.toString('utf8');
    if (!wanted.delete(name)) continue;
    lines.push(Buffer.from(`${mode} ${id} 0\t`), path, Buffer.from([0]));
  }
  for (const name of wanted) lines.push(Buffer.from(`0 ${zero} 0\t${name}\0`));
  return Buffer.concat(lines);
}
