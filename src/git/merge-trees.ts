import { AppError } from '../domain/app-error.ts';
import type { TreeId } from '../domain/ids.ts';
import type { SandboxRun } from '../domain/sandbox.ts';
import type { MergedTree } from '../domain/workspace.ts';
import { checkedObjectId, isObjectId } from './branch-name.ts';
import { exchangeName, giveToSandbox, takeFromSandbox } from './exchange-file.ts';
import { importPack, requireTree } from './import-pack.ts';
import { mergeScript } from './sandbox-scripts.ts';
import { packTrees } from './seed-repository.ts';

const packBytesMax = 256 * 1024 * 1024;
const conflictsMax = 500;
const listBytesMax = 4 * 1024 * 1024;

/** Where both sides' objects are, and the directory that is shared with the sandbox. */
export interface MergePlace {
  readonly cleanClone: string;
  readonly out: string;
}

/**
 * Merges two trees over a third, inside the sandbox and without a work tree. A tree with conflicts holds their marks.
 * Throws `tree-refused` for more conflicts than a person or a model could settle, `sandbox-failed`.
 */
export async function mergeTrees(
  { cleanClone, out }: MergePlace,
  sandbox: SandboxRun,
  sides: { readonly base: TreeId; readonly ours: TreeId; readonly theirs: TreeId },
): Promise<MergedTree> {
  const trees = [sides.base, sides.ours, sides.theirs].map(checkedObjectId);
  for (const tree of trees) await requireTree(cleanClone, tree);
  const seed = exchangeName('seed');
  const [pack, list] = [exchangeName('checkpoint'), exchangeName('checkpoint')];
  await giveToSandbox(out, seed, await packTrees(cleanClone, trees));
  await exec(sandbox, [seed, ...trees, pack, list]);
  const { tree, conflicts } = readList(await takeFromSandbox(out, list, listBytesMax));
  await importPack(cleanClone, await takeFromSandbox(out, pack, packBytesMax), tree);
  return { tree, conflicts };
}

async function exec(sandbox: SandboxRun, parameters: readonly string[]): Promise<void> {
  const command = ['/bin/sh', '-c', mergeScript, 'merge', ...parameters];
  const { ended, exitCode, stderr } = await sandbox.exec({ command, timeoutMs: 300_000, keepBytes: 8_192 });
  if (ended === 'aborted') throw new AppError('run-cancelled', 'the merge was aborted');
  if (ended === 'exit' && exitCode === 0) return;
  const said = stderr.text.trim().slice(0, 400);
  throw new AppError('sandbox-failed', `the merge could not be made (${exitCode ?? ended}): ${said}`);
}

function readList(bytes: Buffer): MergedTree {
  const [tree = '', ...names] = bytes.toString('utf8').split('\0');
  if (!isObjectId(tree)) throw new AppError('sandbox-failed', 'the merge named no tree');
  const conflicts = [...new Set(names.filter((name) => name !== ''))];
  if (conflicts.length > conflictsMax)
    throw new AppError('tree-refused', `more than ${conflictsMax} files are in conflict`);
  return { tree: tree as TreeId, conflicts };
}
