import type { PublicationReopened } from '../domain/checks.ts';
import type { CommitId, TreeId } from '../domain/ids.ts';
import type { JournalEvent } from '../domain/journal-event.ts';
import { isPublished } from '../record/is-published.ts';
import type { RunContext } from './run-context.ts';

type Kind = JournalEvent['kind'];
type EventOf<K extends Kind> = Extract<JournalEvent, { kind: K }>;

/** One commit of the run, made, pushed and shown. A run that is taken up again afterwards has several. */
export interface Publication {
  /** From 1. */
  readonly number: number;
  /** What the next commit goes on top of. */
  readonly parent: CommitId;
  /** The second parent of a merge. */
  readonly merged?: CommitId;
  readonly parentTree: TreeId;
  /** Where the branch stands; null: it does not exist yet. */
  readonly expected: CommitId | null;
}

/** The publication that the run is in: the first one, or the one after the last reopening. */
export function publicationOf(context: RunContext): Publication {
  const reopenings = context.entries.filter(({ event }) => event.kind === 'publication.reopened').length;
  const last = context.last('publication.reopened');
  if (last) {
    const parent = last.commit as CommitId;
    return { number: 1 + reopenings, parent, parentTree: last.treeId, expected: parent };
  }
  const { startSha, startTree, headTip } = context.fact('base.chosen');
  const start = startSha as CommitId;
  const first = { number: 1, parentTree: startTree, expected: headTip as CommitId | null };
  // A merge goes on top of the pull request's own branch, as git does it, whatever the work started from.
  const isMerge = headTip !== null && context.last('base.merged') !== undefined;
  return isMerge ? { ...first, parent: headTip as CommitId, merged: start } : { ...first, parent: start };
}

/** Key of something that each publication does once. */
export function publicationKey(context: RunContext, key: string): string {
  const { number } = publicationOf(context);
  return number === 1 ? key : `${key}:${number}`;
}

/** The newest event of this publication that matches; what the ones before did is past. */
export function lastOfPublication<K extends Kind>(
  context: RunContext,
  kind: K,
  matches: (event: EventOf<K>) => boolean = () => true,
): EventOf<K> | undefined {
  const begun = context.entries.findLastIndex(({ event }) => event.kind === 'publication.reopened');
  const found = context.entries
    .slice(begun + 1)
    .findLast(({ event }) => event.kind === kind && matches(event as EventOf<K>));
  return found?.event as EventOf<K> | undefined;
}

/** Whether the commit of this publication is on its branch. */
export function hasPublished(context: RunContext): boolean {
  return lastOfPublication(context, 'effect.sent', isPublished) !== undefined;
}

/** Takes the work up again: what was published stays, and the next commit goes on top of it. */
export async function reopen(
  context: RunContext,
  {
    round,
    why,
    commit,
  }: { readonly round: number; readonly why: PublicationReopened['why']; readonly commit: CommitId },
): Promise<void> {
  const { treeId } = context.fact('solver.finished');
  await context.append(
    { kind: 'publication.reopened', round, why, commit, treeId },
    `publication.reopened:${round}`,
  );
}
