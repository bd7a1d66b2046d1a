import type { TreeId } from '../domain/ids.ts';
import type { ChangedFile } from '../domain/journal-event.ts';
import { checkedObjectId } from './branch-name.ts';
import { runLocalGit } from './host-git.ts';

/** One difference between two trees, in git's own terms. */
export interface RawChange {
  readonly fromMode: string;
  readonly toMode: string;
  readonly toId: string;
  readonly status: string;
  readonly path: Buffer;
}

const listBytesMax = 64 * 1024 * 1024;
/** Submodules are hidden from every other diff; between two trees they run nothing, and a changed one must be seen. */
const diffTree = [
  'diff-tree',
  '-r',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules=none',
];

/** The differences between two trees, by object id. */
export async function rawChanges(gitDir: string, from: TreeId, to: TreeId): Promise<readonly RawChange[]> {
  const args = [...diffTree, '-z', '--raw', '--no-abbrev', checkedObjectId(from), checkedObjectId(to)];
  const { stdout } = await runLocalGit({ gitDir, args, outputBytesMax: listBytesMax });
  return parseRaw(splitAtNul(stdout));
}

function splitAtNul(bytes: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let start = 0, end = bytes.indexOf(0); end >= 0; start = end + 1, end = bytes.indexOf(0, start)) {
    parts.push(bytes.subarray(start, end));
  }
  return parts;
}

function parseRaw(parts: readonly Buffer[]): readonly RawChange[] {
  const changes: RawChange[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [fromMode = '', toMode = '', , toId = '', status = ''] = (parts[at]?.toString('latin1') ?? '')
      .slice(1)
      .split(' ');
    changes.push({ fromMode, toMode, toId, status, path: parts[at + 1] ?? Buffer.alloc(0) });
  }
  return changes;
}

/** The changed files with their line counts. */
export async function changedFiles(
  gitDir: string,
  from: TreeId,
  to: TreeId,
): Promise<readonly ChangedFile[]> {
  const args = [...diffTree, '-z', '--numstat', checkedObjectId(from), checkedObjectId(to)];
  const [changes, { stdout }] = await Promise.all([
    rawChanges(gitDir, from, to),
    runLocalGit({ gitDir, args, outputBytesMax: listBytesMax }),
  ]);
  const counts = new Map(splitAtNul(stdout).map(parseCount));
  return changes.map(({ status, path }) => {
    const { additions, deletions } = counts.get(path.toString('latin1')) ?? {
      additions: null,
      deletions: null,
    };
    return {
      path: path.toString('utf8'),
      status: statusOf(status),
      additions: additions ?? 0,
      deletions: deletions ?? 0,
      binary: additions === null,
    };
  });
}

interface LineCount {
  readonly additions: number | null;
  readonly deletions: number | null;
}

function parseCount(record: Buffer): readonly [string, LineCount] {
  const [additions = '-', deletions = '-', ...path] = record.toString('latin1').split('\t');
  const count = (text: string): number | null => (text === '-' ? null : Number(text));
  return [path.join('\t'), { additions: count(additions), deletions: count(deletions) }];
}

function statusOf(letter: string): ChangedFile['status'] {
  switch (letter) {
    case 'A':
      return 'added';
    case 'D':
      return 'deleted';
    case 'T':
      return 'type-changed';
    default:
      return 'modified';
  }
}

/** A unified diff, cut at the end of a line when it is longer than `bytesMax`. */
export async function unifiedDiff(
  gitDir: string,
  trees: { readonly from: TreeId; readonly to: TreeId },
  options: {
    readonly bytesMax: number;
    readonly contextLines: number;
    /** A file that was moved is shown by what changed in it. */
    readonly findRenames?: boolean;
  },
): Promise<{ readonly bytes: Buffer; readonly truncated: boolean }> {
  const { from, to } = trees;
  const format = ['-p', '--no-color', `-U${options.contextLines}`, '--src-prefix=a/', '--dst-prefix=b/'];
  // The last word of two that contradict each other counts.
  const renames = options.findRenames === true ? ['--find-renames'] : [];
  const args = [...diffTree, ...renames, ...format, checkedObjectId(from), checkedObjectId(to)];
  const { stdout, truncated } = await runLocalGit({ gitDir, args, outputBytesMax: options.bytesMax });
  return { bytes: truncated ? stdout.subarray(0, stdout.lastIndexOf(10) + 1) : stdout, truncated };
}
