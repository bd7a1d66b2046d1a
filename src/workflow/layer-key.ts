import { createHash } from 'node:crypto';
import type { TreeId } from '../domain/ids.ts';
import type { SandboxEngine } from '../domain/sandbox.ts';
import type { RepositoryCommand } from '../domain/toolchain.ts';
import type { TreeEntry, Workspace } from '../domain/workspace.ts';
import { matchesInput } from '../toolchains/matches-input.ts';

/** Another number when what a layer holds, or how it is made, changes. */
const format = 1;

const linkOrSubmodule = /^(?:12|16)/;

/**
 * The name of what a set-up phase fetches: equal keys, equal inputs. A command that does not say what it reads (those of
 * `.github/agent.yml`) may read anything, so that only the very same tree has its key. Links and submodules always
 * count: by them one name stands for another file.
 */
export async function layerKey(
  workspace: Pick<Workspace, 'treeEntries'>,
  of: {
    readonly treeId: TreeId;
    readonly fetch: readonly RepositoryCommand[];
    readonly engine: SandboxEngine;
    /** What the sandbox says about its tools. */
    readonly toolchain: string;
    readonly registries: readonly string[];
  },
): Promise<string> {
  const { treeId, fetch, engine, toolchain, registries } = of;
  const reads = fetch.some((command) => command.reads === undefined)
    ? null
    : fetch.flatMap((command) => command.reads ?? []);
  const inputs = reads === null ? treeId : inputsOf(await workspace.treeEntries(treeId), reads);
  const commands = fetch.map(({ shell, cwd }) => [shell, cwd]);
  const facts = [format, engine, toolchain, [...registries].sort(), commands, inputs];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

function inputsOf(entries: readonly TreeEntry[], reads: readonly string[]): readonly string[] {
  return entries
    .filter(({ path, mode }) => linkOrSubmodule.test(mode) || matchesInput(path, reads))
    .map(({ path, mode, id }) => `${mode} ${id} ${path}`);
}
