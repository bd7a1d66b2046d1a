import { isUtf8 } from 'node:buffer';
import type { TreeId } from '../domain/ids.ts';
import type { FileChange, FileChanges } from '../domain/workspace.ts';
import { readBlobs } from './read-tree.ts';
import { type RawChange, rawChanges } from './tree-changes.ts';

type Mode = FileChange['mode'];
const modes: readonly string[] = ['100644', '100755', '120000'] satisfies readonly Mode[];
const deleted = '000000';

/** What changed between two trees, with contents; says in words where an API could not carry it. */
export async function fileContents(
  gitDir: string,
  trees: { readonly from: TreeId; readonly to: TreeId },
  limits: { readonly filesMax: number; readonly bytesMax: number },
): Promise<FileChanges> {
  const changes = await rawChanges(gitDir, trees.from, trees.to);
  const obstacle = obstacleIn(changes, limits.filesMax);
  if (obstacle !== null) return { ok: false, why: obstacle };
  const kept = changes.filter(({ toMode }) => toMode !== deleted);
  const contents = await readBlobs(
    gitDir,
    kept.map(({ toId }) => toId),
  );
  const bytes = contents.reduce((sum, { length }) => sum + length, 0);
  if (bytes > limits.bytesMax) return { ok: false, why: `the changed files have ${bytes} bytes together` };
  const byChange = new Map(kept.map((change, index) => [change, contents[index] ?? Buffer.alloc(0)]));
  return { ok: true, files: changes.map((change) => fileOf(change, byChange.get(change) ?? null)) };
}

function obstacleIn(changes: readonly RawChange[], filesMax: number): string | null {
  if (changes.length > filesMax) return `${changes.length} files were changed`;
  if (changes.some(({ path }) => !isUtf8(path))) return 'a file name is not valid UTF-8';
  const odd = changes.find(({ toMode }) => toMode !== deleted && !modes.includes(toMode));
  return odd ? `a file has the mode ${odd.toMode}` : null;
}

function fileOf({ path, fromMode, toMode }: RawChange, content: Buffer | null): FileChange {
  const mode = toMode === deleted ? fromMode : toMode;
  return { path: path.toString('utf8'), mode: modes.includes(mode) ? (mode as Mode) : '100644', content };
}
