import { isAppError } from '../../domain/app-error.ts';
import type { EffectResult } from '../../domain/effect.ts';
import type { NewTreeEntry } from '../../domain/forge.ts';
import type { CommitId, TreeId } from '../../domain/ids.ts';
import type { FileChange } from '../../domain/workspace.ts';
import type { EffectFamily, EffectOf, EffectScope } from './effect-family.ts';

type Publish = EffectOf<'commit.publish'>;

/**
 * One commit through the forge's API. Git Data and not `createCommitOnBranch`: it carries executable files and links,
 * and the tree's id is compared with the judged one before a branch names it. Objects that a crash left behind are
 * garbage that nobody sees; only moving the branch is visible, and its tip tells whether that happened.
 */
export const commit: EffectFamily<'commit.publish'> = {
  idempotent: false,
  dispensable: false,
  async send(effect, scope) {
    const tree = await makeTree(effect, scope);
    if (tree !== effect.tree) {
      return { outcome: 'rejected', message: `GitHub came to tree ${tree} and not to ${effect.tree}` };
    }
    const { at, writer } = scope;
    const { message, branch } = effect;
    const sha = await writer.createCommit(at, { tree, parents: parentsOf(effect), message });
    try {
      if (effect.expected === null) await writer.createBranch(at, branch, sha);
      else await writer.moveBranch(at, branch, sha);
      return { outcome: 'sent', sha, tree, from: effect.expected };
    } catch (error) {
      if (!isAppError(error, 'github-rejected')) throw error;
      const found = await readTip(effect, scope);
      if (found) return found;
      throw error;
    }
  },
  find: readTip,
};

async function makeTree({ parentTree, files }: Publish, { at, writer }: EffectScope): Promise<TreeId> {
  const entries: NewTreeEntry[] = [];
  for (const file of files) entries.push(await entryOf(file, (content) => writer.createBlob(at, content)));
  return await writer.createTree(at, parentTree, entries);
}

async function entryOf(
  { path, mode, content }: FileChange,
  makeBlob: (content: Buffer) => Promise<string>,
): Promise<NewTreeEntry> {
  if (content === null) return { path, mode, blob: null };
  const text = textOf(content);
  return text === null ? { path, mode, blob: await makeBlob(content) } : { path, mode, text };
}

/** JSON carries only what is valid UTF-8; NUL is refused there by some of the layers in between. */
function textOf(content: Buffer): string | null {
  const text = content.toString('utf8');
  return !text.includes('\0') && Buffer.from(text, 'utf8').equals(content) ? text : null;
}

/** At our commit it is done, where we expected it nothing happened; anywhere else a person moved it. */
async function readTip(effect: Publish, scope: EffectScope): Promise<EffectResult | undefined> {
  const tip = await scope.pusher.remoteTip(scope.run, effect.branch);
  if (tip === effect.expected) return undefined;
  if (tip !== null && (await isOurs(effect, scope, tip))) {
    return { outcome: 'adopted', sha: tip, tree: effect.tree };
  }
  const where = tip === null ? 'does not exist any more' : `is at ${tip.slice(0, 12)}`;
  return {
    outcome: 'rejected',
    message: `the branch ${where}: someone else changed it`,
    ...(tip === null ? {} : { sha: tip }),
  };
}

function parentsOf({ parent, merged }: Publish): readonly CommitId[] {
  return merged === undefined ? [parent] : [parent, merged];
}

/** The message names the run, so two runs that came to one tree are not mistaken for each other. */
async function isOurs(effect: Publish, scope: EffectScope, tip: CommitId): Promise<boolean> {
  const found = await scope.reader.commit(scope.at, tip);
  if (!found) return false;
  const { tree, parents, message } = found;
  const sameParents = parents.join() === parentsOf(effect).join();
  return tree === effect.tree && sameParents && message.trimEnd() === effect.message.trimEnd();
}
