import { AppError } from '../domain/app-error.ts';
import { checkedObjectId } from './branch-name.ts';
import { runLocalGit } from './host-git.ts';

/** One file of a tree. `path` in bytes: git's names need not be UTF-8. */
export interface TreeEntry {
  readonly mode: string;
  readonly id: string;
  readonly path: Buffer;
  /** Null for a submodule. */
  readonly sizeBytes: number | null;
}

const listBytesMax = 400 * 1024 * 1024;
const fileBytesMaxDefault = 1024 * 1024;

/** All files of a tree or commit, in git's order. Throws `repository-too-large` over `filesMax`. */
export async function listTree(
  gitDir: string,
  tree: string,
  filesMax = 1_000_000,
): Promise<readonly TreeEntry[]> {
  const args = ['ls-tree', '-r', '-l', '-z', '--full-tree', checkedObjectId(tree)];
  const { stdout, truncated } = await runLocalGit({ gitDir, args, outputBytesMax: listBytesMax });
  const entries: TreeEntry[] = [];
  for (let start = 0; start < stdout.length; ) {
    const end = stdout.indexOf(0, start);
    if (entries.length >= filesMax || truncated) throw tooLarge(filesMax);
    entries.push(parseEntry(stdout.subarray(start, end)));
    start = end + 1;
  }
  return entries;
}

/** The regular files of a tree; links and submodules are left out. */
export async function regularFiles(
  gitDir: string,
  tree: string,
): Promise<readonly { readonly path: string; readonly blob: string; readonly sizeBytes: number }[]> {
  return (await listTree(gitDir, tree)).flatMap(({ mode, id, path, sizeBytes }) =>
    mode.startsWith('100') && sizeBytes !== null
      ? [{ path: path.toString('utf8'), blob: id, sizeBytes }]
      : [],
  );
}

function tooLarge(filesMax: number): AppError {
  return new AppError('repository-too-large', `the repository has more than ${filesMax} files`, {
    hint: 'The operator can raise `REPOSITORY_FILES_MAX`.',
  });
}

function parseEntry(record: Buffer): TreeEntry {
  const tab = record.indexOf(9);
  const [mode = '', , id = '', size = '-'] = record.subarray(0, tab).toString('latin1').split(/ +/);
  return {
    mode,
    id,
    path: Buffer.from(record.subarray(tab + 1)),
    sizeBytes: size === '-' ? null : Number(size),
  };
}

/** A regular file of a tree or commit; undefined when absent, too big, or not a regular file (never a link's target). */
export async function readTreeFile(
  gitDir: string,
  tree: string,
  path: string,
  bytesMax = fileBytesMaxDefault,
): Promise<Buffer | undefined> {
  // Git refuses names that leave the repository with an error; for a reader such a file is merely not there.
  if (path.includes('\0') || path.split('/').some((name) => name === '' || name === '.' || name === '..')) {
    return undefined;
  }
  const args = ['ls-tree', '-l', '-z', '--full-tree', checkedObjectId(tree), '--', path];
  const { stdout } = await runLocalGit({ gitDir, args });
  const end = stdout.indexOf(0);
  if (end < 0) return undefined;
  const entry = parseEntry(stdout.subarray(0, end));
  // `dir/` and `./x` are answered too, with another path than was asked for.
  if (!entry.path.equals(Buffer.from(path)) || !entry.mode.startsWith('100')) return undefined;
  if (entry.sizeBytes === null || entry.sizeBytes > bytesMax) return undefined;
  return await readBlob(gitDir, entry.id, bytesMax);
}

async function readBlob(gitDir: string, id: string, bytesMax: number): Promise<Buffer> {
  const args = ['cat-file', 'blob', checkedObjectId(id)];
  return (await runLocalGit({ gitDir, args, outputBytesMax: bytesMax + 1 })).stdout;
}

/** The contents of several blobs, in the order asked for. */
export async function readBlobs(gitDir: string, ids: readonly string[]): Promise<readonly Buffer[]> {
  if (ids.length === 0) return [];
  const { stdout } = await runLocalGit({
    gitDir,
    args: ['cat-file', '--batch', '--buffer'],
    stdin: `${ids.map(checkedObjectId).join('\n')}\n`,
    outputBytesMax: 256 * 1024 * 1024,
  });
  const blobs: Buffer[] = [];
  for (let at = 0; at < stdout.length; ) {
    const lineEnd = stdout.indexOf(10, at);
    const sizeBytes = Number(stdout.subarray(at, lineEnd).toString('latin1').split(' ')[2]);
    blobs.push(stdout.subarray(lineEnd + 1, lineEnd + 1 + sizeBytes));
    at = lineEnd + 1 + sizeBytes + 1;
  }
  return blobs;
}
