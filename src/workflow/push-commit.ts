import { AppError, isAppError } from '../domain/app-error.ts';
import type { EffectResult } from '../domain/effect.ts';
import type { CommitId, TreeId } from '../domain/ids.ts';
import type { ChangedFile } from '../domain/journal-event.ts';
import { projectRun } from '../record/project-run.ts';
import { renderCommitMessage } from '../record/render-pull-request.ts';
import { openWorkspace } from './open-workspace.ts';
import { lastOfPublication, publicationKey, publicationOf } from './publication.ts';
import type { RunContext } from './run-context.ts';
import { startTree } from './steps/snapshot.ts';

/** One request holds them all: far below what GitHub takes, far above what a person would review. */
const apiLimits = { filesMax: 300, bytesMax: 5 * 1024 * 1024 };

/** The commit as it stands on the branch, or why it does not. */
export type PushedCommit =
  | { readonly ok: true; readonly commit: CommitId }
  | { readonly ok: false; readonly message: string };

/**
 * Puts the judged tree on the branch: through the API, so that GitHub signs the commit, else with git, which the
 * record then says. Both are compare-and-swap: a branch that somebody moved is left alone.
 */
export async function pushCommit(context: RunContext): Promise<PushedCommit> {
  const { number, parent, parentTree } = publicationOf(context);
  // Taken up again and come to the same tree: what is published already is the result.
  if (number > 1 && context.fact('solver.finished').treeId === parentTree)
    return { ok: true, commit: parent };
  const gone = number > 1 ? await fetchParent(context, parent) : undefined;
  if (gone !== undefined) return { ok: false, message: gone };
  const made = await makeCommit(context);
  if (context.ports.commits === 'git') return await pushWithGit(context, made);
  const published = await publishByApi(context);
  if (typeof published !== 'string') return { ok: true, commit: published.commit };
  const pushed = await pushWithGit(context, made);
  if (pushed.ok) {
    const text = `The commit was pushed with git and is not signed by GitHub: ${published}.`;
    await context.append(
      { kind: 'note', level: 'info', text },
      publicationKey(context, 'note:pushed-with-git'),
    );
  }
  return pushed;
}

/** From our template; it depends on the journal alone. */
export function messageOf(context: RunContext, files: readonly ChangedFile[]): string {
  const { noreplyHost } = context.ports;
  return renderCommitMessage({ ...projectRun(context.run, context.entries), files }, { noreplyHost });
}

/** The one before was made by the forge: the clean clone does not know it. In words, why it is not there any more. */
async function fetchParent(context: RunContext, sha: CommitId): Promise<string | undefined> {
  const { run, ports } = context;
  if (lastOfPublication(context, 'commit.made')) return undefined;
  const { head: branch } = context.fact('base.chosen');
  try {
    await ports.workspaces.fetch(run, run.repository, { branch, sha });
    return undefined;
  } catch (error) {
    if (isAppError(error, 'git-moved') || isAppError(error, 'github-not-found')) return error.message;
    throw error;
  }
}

/** A commit in the clean clone; it depends on the journal alone, so another worker comes to the same. */
async function makeCommit(context: RunContext): Promise<CommitId> {
  const known = lastOfPublication(context, 'commit.made');
  if (known) return known.commit as CommitId;
  context.checkLease();
  const workspace = await openWorkspace(context);
  const { treeId, at } = workOf(context);
  const { parent, merged } = publicationOf(context);
  const files = await workspace.changes(startTree(context), treeId);
  const commit = await workspace.commit({
    tree: treeId,
    parent,
    ...(merged ? { merged } : {}),
    message: messageOf(context, files),
    author: context.ports.committer,
    at,
  });
  await context.append(
    { kind: 'commit.made', commit, parent, treeId, files },
    publicationKey(context, 'commit.made'),
  );
  return commit;
}

/** The tree to put on the branch, and when it was decided on. */
function workOf(context: RunContext): { readonly treeId: TreeId; readonly at: Date } {
  const kind = context.run.trigger === 'undo' ? 'undo.planned' : 'solver.finished';
  const { treeId } = context.fact(kind);
  if (treeId === null) throw new AppError('internal', 'there is no tree to publish');
  return { treeId, at: context.entryOf(kind)?.at ?? context.run.createdAt };
}

/** In words, why it could not be done this way. */
async function publishByApi(context: RunContext): Promise<{ readonly commit: CommitId } | string> {
  const { run, lease, ports } = context;
  const { treeId, files } = context.fact('commit.made');
  const { head } = context.fact('base.chosen');
  const { parent, merged, parentTree, expected } = publicationOf(context);
  const workspace = await openWorkspace(context);
  const changed = await workspace.contents(parentTree, treeId, apiLimits);
  if (!changed.ok) return changed.why;
  const result = await ports.effects.perform(run, lease, publicationKey(context, 'commit'), {
    kind: 'commit.publish',
    branch: head,
    expected,
    parent,
    ...(merged ? { merged } : {}),
    parentTree,
    tree: treeId,
    message: messageOf(context, files),
    files: changed.files,
  });
  await context.refresh();
  return commitOf(result) ?? result.message ?? 'GitHub gave no reason';
}

function commitOf({ outcome, sha }: EffectResult): { readonly commit: CommitId } | undefined {
  return outcome === 'rejected' || sha === undefined ? undefined : { commit: sha as CommitId };
}

async function pushWithGit(context: RunContext, commit: CommitId): Promise<PushedCommit> {
  const { run, lease, ports } = context;
  const { head } = context.fact('base.chosen');
  const result = await ports.effects.perform(run, lease, publicationKey(context, 'push'), {
    kind: 'branch.push',
    branch: head,
    commit,
    expected: publicationOf(context).expected,
  });
  await context.refresh();
  if (result.outcome !== 'rejected') return { ok: true, commit };
  return { ok: false, message: result.message ?? 'no reason given' };
}
