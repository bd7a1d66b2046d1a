import type { GateInput, GateName, TreeRunner } from '../../src/domain/gate.ts';
import { defaultGateSettings } from '../../src/domain/gate-settings.ts';
import type { TreeId } from '../../src/domain/ids.ts';
import { parseAddedLines } from '../../src/git/added-lines.ts';
import { readBlobs, readTreeFile, regularFiles } from '../../src/git/read-tree.ts';
import { changedFiles, unifiedDiff } from '../../src/git/tree-changes.ts';
import { createTreeTexts } from '../../src/workflow/tree-texts.ts';

/** These need a sandbox, or the summary of a model. */
export const notStatic: ReadonlySet<GateName> = new Set(['tests', 'integrity', 'coverage', 'lint', 'claims']);

/** What static gates see of a change from one tree of a local repository to another; nothing can be run. */
export async function treesInput(gitDir: string, base: string, head: string): Promise<GateInput> {
  const [from, to] = [base as TreeId, head as TreeId];
  const texts = createTreeTexts(
    {
      treeFiles: async (tree) => await regularFiles(gitDir, tree),
      readFile: async (tree, path, bytesMax) => await readTreeFile(gitDir, tree, path, bytesMax),
      readBlobs: async (ids) => {
        const contents = await readBlobs(gitDir, ids);
        return new Map(ids.map((id, index) => [id, contents[index] ?? Buffer.alloc(0)]));
      },
    },
    { base: from, head: to },
  );
  const { bytes } = await unifiedDiff(gitDir, { from, to }, { bytesMax: 1 << 26, contextLines: 0 });
  return {
    ...texts,
    settings: defaultGateSettings,
    commands: { ecosystems: [], fetch: [], build: [], lint: [], typecheck: [], test: [], notes: [] },
    base: withoutSandbox(from),
    head: withoutSandbox(to),
    baseline: null,
    changes: await changedFiles(gitDir, from, to),
    addedLines: parseAddedLines(bytes.toString('utf8')),
    signal: new AbortController().signal,
  };
}

function withoutSandbox(treeId: TreeId): TreeRunner {
  const refuse = async (): Promise<never> => {
    throw new Error('a static gate ran a command');
  };
  return {
    treeId,
    setUp: async () => ({ ok: false, runs: [], deniedHosts: [] }),
    test: refuse,
    run: refuse,
    report: refuse,
  };
}
