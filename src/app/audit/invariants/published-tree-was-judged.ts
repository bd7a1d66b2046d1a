import type { JournalEntry } from '../../../domain/journal.ts';
import type { Invariant } from '../invariant.ts';
import { eventsOf } from './events-of.ts';

export const publishedTreeWasJudged: Invariant = {
  id: 'I19',
  title: 'the published tree is the one that the gates judged, or that taking back came to',
  kind: 'run',
  check({ entries }) {
    const made = entries.flatMap(({ event }, index) => (event.kind === 'commit.made' ? [index] : []));
    return made.flatMap((index, nth) => problemsOf(entries, index, made[nth + 1] ?? entries.length));
  },
};

/** A commit was judged by the newest round before it; what was sent of it stands between it and the next one. */
function problemsOf(entries: readonly JournalEntry[], index: number, next: number): readonly string[] {
  const [commit] = eventsOf(entries.slice(index, index + 1), 'commit.made');
  if (!commit) return [];
  const between = eventsOf(entries.slice(index, next), 'effect.sent');
  const sent = between.find(({ effect }) => effect === 'commit.publish');
  if (sent?.result.tree !== undefined && sent.result.tree !== commit.treeId)
    return [`the commit on GitHub has tree ${sent.result.tree}, and ${commit.treeId} was to be published`];
  const undo = eventsOf(entries.slice(0, index), 'undo.planned').at(-1);
  if (undo) return undo.treeId === commit.treeId ? [] : [`taking back came to ${undo.treeId ?? 'nothing'}`];
  const judged = eventsOf(entries.slice(0, index), 'gate.judged');
  const last = judged.filter(({ round }) => round === judged.at(-1)?.round);
  if (last.length === 0) return [`commit ${commit.commit} was made and no gate judged it`];
  return last
    .filter(({ verdict }) => verdict.treeId !== commit.treeId)
    .map(({ verdict }) => `gate ${verdict.gate} judged ${verdict.treeId}, published was ${commit.treeId}`);
}
