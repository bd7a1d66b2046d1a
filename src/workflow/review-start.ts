import type { CommitId } from '../domain/ids.ts';
import type { JournalEvent } from '../domain/journal-event.ts';
import type { TreeFacts } from '../domain/workspace.ts';
import type { RunContext } from './run-context.ts';

type Chosen = Extract<JournalEvent, { kind: 'base.chosen' }>;

/**
 * A review compares with where the branch left its base, as GitHub's own diff does: what was done on base since is not
 * this branch's doing. Histories with nothing in common (base was rewritten) are compared tip with tip.
 */
export async function reviewStart(
  context: RunContext,
  at: { readonly baseSha: CommitId; readonly facts: TreeFacts },
): Promise<Pick<Chosen, 'startSha' | 'startTree' | 'reviewed'>> {
  const { workspaces, limits } = context.ports;
  const { repository } = context.run;
  const { commit: sha, tree: treeId } = at.facts;
  const startSha = (await workspaces.mergeBase(repository, at.baseSha, sha)) ?? at.baseSha;
  const { tree } = await workspaces.facts(repository, startSha, { filesMax: limits.repositoryFilesMax });
  return { startSha, startTree: tree, reviewed: { sha, treeId } };
}

/** What a run that reviews looks at; undefined for every other run. */
export function reviewedCommit(context: RunContext): Chosen['reviewed'] {
  return context.last('base.chosen')?.reviewed;
}
