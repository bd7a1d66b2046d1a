import { createHash } from 'node:crypto';
import type { TreeId } from '../domain/ids.ts';
import type { MessageAuthor, Wait } from '../domain/journal-event.ts';
import type { Workspace } from '../domain/workspace.ts';
import { findProtectedChanges, type ProtectedChange } from '../gates/find-protected.ts';
import { protectedPatch } from '../gates/protected-patch.ts';
import { awaitPerson } from './await-person.ts';
import { type ApprovalRule, judgeApproval, mayStillApprove, recordApproval } from './judge-approval.ts';
import { hasPublished, lastOfPublication } from './publication.ts';
import type { RunContext } from './run-context.ts';
import { refuse, type StepOutcome } from './step.ts';
import { repositoryConfig, startTree } from './steps/snapshot.ts';
import { wordsWait } from './words.ts';

type ProtectedWait = Extract<Wait, { kind: 'protected' }>;

const rule: ApprovalRule = {
  roles: new Set(['maintain', 'admin']),
  otherHash: 'not what waits',
  lacksRole: 'protected paths need the role maintain',
};
const patchBytesMax = 512 * 1024;
const shownCharsMax = 24_000;
const spent = 'wait-spent:';

/**
 * A change of protected paths waits here, before anything is pushed, until a maintainer approves exactly this tree.
 * Undefined: go on. The approver's role is asked of GitHub again each time the step is taken up; who has lost it
 * approves nothing. `revised`: somebody said what to do otherwise, so the work goes back. `among`: the other paths were
 * accepted before.
 */
export async function approveProtected(
  context: RunContext,
  workspace: Workspace,
  among?: ReadonlySet<string>,
): Promise<StepOutcome | 'revised' | undefined> {
  if (hasPublished(context)) return undefined;
  const { treeId } = context.fact('solver.finished');
  const all = await protectedChanges(context, workspace, treeId);
  const found = among ? all.filter(({ path }) => among.has(path)) : all;
  if (found.length === 0) return undefined;
  if (context.run.trigger === 'local') return await noteLocal(context, found);
  for (;;) {
    const wait = await waitFor(context, workspace, { treeId, found });
    if (!lastOfPublication(context, 'commit.made') && (await wordsWait(context)))
      return await withdraw(context, wait);
    const { by, text } = await awaitPerson(context, wait, (message) => judgeApproval(message, wait, rule));
    if (by === null) return refuse(`${text} Nothing was pushed.`);
    if (await mayStillApprove(context, by, rule)) {
      await recordPush(context, wait, by);
      return undefined;
    }
    const lost = `${by.login} approved and has no longer the role for it, so another approval is needed.`;
    await context.append({ kind: 'note', level: 'warn', text: lost }, `${spent}${wait.id}`);
  }
}

/** New words change the tree, or the person would not have said them: nobody is asked about this one any more. */
async function withdraw(context: RunContext, { id: waitId }: ProtectedWait): Promise<'revised'> {
  if (context.last('wait.begun', ({ wait }) => wait.id === waitId)) {
    const text = 'Somebody said what to do otherwise, so the work went on.';
    await context.append(
      { kind: 'wait.ended', waitId, outcome: 'void', by: null, text },
      `${spent}${waitId}`,
    );
  }
  return 'revised';
}

async function protectedChanges(
  context: RunContext,
  workspace: Workspace,
  treeId: TreeId,
): Promise<readonly ProtectedChange[]> {
  const base = startTree(context);
  const config = repositoryConfig(context);
  const read = async (tree: TreeId, path: string): Promise<string | undefined> =>
    (await workspace.readFile(tree, path))?.toString('utf8');
  return await findProtectedChanges({
    changed: (await workspace.changes(base, treeId)).map(({ path }) => path),
    configured: [...(config.protected ?? []), ...(config.gates?.policy.protectedPaths ?? [])],
    baseFiles: await workspace.listFiles(base),
    readBase: (path) => read(base, path),
    readHead: (path) => read(treeId, path),
  });
}

/** Local mode pushes nothing and has nobody to ask: the person at the keyboard is told. */
async function noteLocal(context: RunContext, found: readonly ProtectedChange[]): Promise<undefined> {
  const text = `Protected paths are changed: ${found.map(({ path }) => path).join(', ')}.`;
  await context.append({ kind: 'note', level: 'warn', text }, 'note:protected');
}

/** The hash covers both trees: what was there and what would be. */
function hashOf(base: TreeId, head: TreeId): string {
  return createHash('sha256').update(`${base}\n${head}\n`).digest('hex');
}

async function waitFor(
  context: RunContext,
  workspace: Workspace,
  change: { readonly treeId: TreeId; readonly found: readonly ProtectedChange[] },
): Promise<ProtectedWait> {
  const base = startTree(context);
  const { treeId, found: paths } = change;
  const hash = hashOf(base, treeId);
  const id = `protected:${hash}:${1 + spentWaits(context, hash)}`;
  const known = context.last('wait.begun', ({ wait }) => wait.id === id)?.wait;
  if (known?.kind === 'protected') return known;
  const whole = await workspace.patch(base, treeId, patchBytesMax);
  const names = paths.map(({ path }) => path);
  return { id, kind: 'protected', hash, treeId, paths, ...protectedPatch(whole, names, shownCharsMax) };
}

/** Waits for the same tree that count no more; the next one has a new id. */
function spentWaits(context: RunContext, hash: string): number {
  return context.entries.filter(({ key }) => key?.startsWith(`${spent}protected:${hash}:`)).length;
}

async function recordPush(context: RunContext, wait: ProtectedWait, by: MessageAuthor): Promise<void> {
  await recordApproval(context, wait, {
    by,
    question: 'May the change to protected paths be pushed?',
    yes: 'yes, exactly this tree',
    reason: wait.paths.map(({ path, why }) => `${path} ${why}`).join('; '),
    evidence: by.commentId === null ? '' : `comment ${by.commentId}, tree ${wait.treeId}`,
  });
}
