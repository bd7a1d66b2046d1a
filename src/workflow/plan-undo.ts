import type { UndoPlanned } from '../domain/branch-event.ts';
import type { CommitId, RunId, TreeId } from '../domain/ids.ts';
import type { BranchCommit, Workspace } from '../domain/workspace.ts';
import { addressOf } from './address.ts';
import { inert, namedPaths } from './named-paths.ts';
import { openWorkspace } from './open-workspace.ts';
import type { RunContext } from './run-context.ts';
import { startTree } from './steps/snapshot.ts';

interface Own {
  readonly commit: BranchCommit;
  readonly run: RunId;
}

const shown = { paths: 10, commits: 10 };

/**
 * What taking back our commits comes to, by object ids in the clean clone alone. Ours is what the ledger says that a
 * run of ours put on a branch: anybody can write our name into a commit.
 */
export async function planUndo(context: RunContext): Promise<UndoPlanned> {
  return await context.once(
    'undo.planned',
    'undo.planned',
    () => true,
    async () => {
      const { run, ports } = context;
      const { head } = context.fact('base.chosen');
      const pull = await ports.reader.openPullByHead(addressOf(run), head);
      const workspace = await openWorkspace(context);
      return { kind: 'undo.planned', pull: pull?.number ?? null, ...(await plan(context, workspace)) };
    },
  );
}

type Plan = Pick<UndoPlanned, 'commits' | 'treeId' | 'problem'>;

async function plan(context: RunContext, workspace: Workspace): Promise<Plan> {
  const { baseSha, startSha, head } = context.fact('base.chosen');
  const branch = await workspace.commitsSince(baseSha as CommitId, startSha as CommitId);
  const { left, undone } = await ownCommits(context, branch);
  if (left.length === 0) return impossible(nothingLeft(head, undone));
  const taken = await takeBack(context, workspace, left);
  if (!taken.ok) return impossible(taken.why);
  const { tree } = taken;
  if (tree === startTree(context))
    return impossible(
      `What my commits on \`${head}\` changed is not there any more: nothing is left to undo.`,
    );
  await workspace.inspect(startTree(context), tree);
  return { commits: left.map(({ commit, run }) => ({ sha: commit.sha, run })), treeId: tree, problem: '' };
}

function impossible(problem: string): Plan {
  return { commits: [], treeId: null, problem };
}

function nothingLeft(head: string, undone: number): string {
  if (undone > 0)
    return `Nothing is left to undo on \`${head}\`: every commit of mine there was taken back before.`;
  return (
    `None of the commits on \`${head}\` is one that my own records prove to be mine. A commit that was rebased or ` +
    'squashed counts as the work of whoever did that: take it back by hand, with `git revert`.'
  );
}

/** Ours that no undo of ours has taken back, newest first. A merge of the base brings work of others: it stays. */
async function ownCommits(
  context: RunContext,
  branch: readonly BranchCommit[],
): Promise<{ readonly left: readonly Own[]; readonly undone: number }> {
  const { published, runs } = context.ports;
  const found = await published.published(
    context.run.repository.id,
    branch.map(({ sha }) => sha),
  );
  const runOf = new Map(found.map(({ sha, run }) => [sha, run]));
  const undos = new Set<RunId>();
  for (const id of new Set(runOf.values())) if ((await runs.get(id))?.trigger === 'undo') undos.add(id);
  const undone = new Set<string>();
  for (const id of undos) for (const sha of await takenBackBy(context, id)) undone.add(sha);
  const left = branch.flatMap((commit) => {
    const run = runOf.get(commit.sha);
    const isWork = run !== undefined && !undos.has(run) && commit.parents.length === 1;
    return isWork && !undone.has(commit.sha) ? [{ commit, run }] : [];
  });
  return { left, undone: undone.size };
}

async function takenBackBy({ ports }: RunContext, id: RunId): Promise<readonly string[]> {
  const entries = await ports.journal.read(id);
  const planned = entries.map(({ event }) => event).findLast((event) => event.kind === 'undo.planned');
  return planned?.commits.map(({ sha }) => sha) ?? [];
}

/** The tree without them, or in words whose work is in the way. */
async function takeBack(
  context: RunContext,
  workspace: Workspace,
  own: readonly Own[],
): Promise<{ readonly ok: true; readonly tree: TreeId } | { readonly ok: false; readonly why: string }> {
  let tree = startTree(context);
  for (const { commit } of own) {
    const [parent = commit.sha] = commit.parents;
    const merged = await workspace.mergeClean({
      base: await workspace.treeOf(commit.sha),
      ours: tree,
      theirs: await workspace.treeOf(parent),
    });
    if (!merged.ok)
      return { ok: false, why: await whyNot(context, workspace, { commit, paths: merged.paths, own }) };
    tree = merged.tree;
  }
  return { ok: true, tree };
}

async function whyNot(
  context: RunContext,
  workspace: Workspace,
  at: { readonly commit: BranchCommit; readonly paths: readonly string[]; readonly own: readonly Own[] },
): Promise<string> {
  const { startSha } = context.fact('base.chosen');
  const mine = new Set(at.own.map(({ commit }) => commit.sha));
  const since = await workspace.commitsSince(at.commit.sha, startSha as CommitId, at.paths);
  const others = since.filter(({ sha }) => !mine.has(sha)).slice(0, shown.commits);
  const lines = others.map(({ sha, author }) => `- \`${sha.slice(0, 12)}\` by \`${inert(author)}\``);
  return [
    `Commit \`${at.commit.sha.slice(0, 12)}\` cannot be taken back without touching the work of others, so nothing was ` +
      `changed. In the way: ${namedPaths(at.paths, shown.paths)}, changed since by`,
    '',
    ...(lines.length > 0 ? lines : ['- nobody on this branch: the base branch changed there']),
    '',
    'Take those changes back first and write `/agent undo` again, or revert by hand.',
  ].join('\n');
}
