import type { Side, TreeFile, TreeTexts } from '../domain/gate.ts';
import type { TreeId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';

/** The texts of base and head for the gates; each tree is listed once. */
export function createTreeTexts(
  workspace: Pick<Workspace, 'readFile' | 'readBlobs' | 'treeFiles'>,
  trees: Readonly<Record<Side, TreeId>>,
): TreeTexts {
  const listed = new Map<TreeId, Promise<readonly TreeFile[]>>();
  const files = async (side: Side): Promise<readonly TreeFile[]> => {
    const tree = trees[side];
    const known = listed.get(tree) ?? workspace.treeFiles(tree);
    listed.set(tree, known);
    return await known;
  };
  return {
    files,
    list: async (side) => (await files(side)).map(({ path }) => path),
    read: async (side, path, bytesMax) => await workspace.readFile(trees[side], path, bytesMax),
    blobs: async (ids) => await workspace.readBlobs(ids),
  };
}
