import type { Invariant } from '../invariant.ts';
import { eventsOf } from './events-of.ts';

export const publishedTreeWasJudged: Invariant = {
  id: 'I19',
  title: 'the published tree is the one that the gates judged, or that taking back came to',
  kind: 'run',
  check({ entries }) {
    const commit = eventsOf(entries, 'commit.made').at(-1);
    if (!commit) return [];
    const sent = eventsOf(entries, 'effect.sent').find(({ effect }) => effect === 'commit.publish');
    if (sent?.result.tree !== undefined && sent.result.tree !== commit.treeId) {
      return [`the commit on GitHub has tree ${sent.result.tree}, and ${commit.treeId} was to be published`];
    }
    const undo = eventsOf(entries, 'undo.planned').at(-1);
    if (undo) return undo.treeId === commit.treeId ? [] : [`taking back came to ${undo.treeId ?? 'nothing'}`];
    const judged = eventsOf(entries, 'gate.judged');
    const last = judged.filter(({ round }) => round === judged.at(-1)?.round);
    if (last.length === 0) return [`commit ${commit.commit} was made and no gate judged it`];
    return last
      .filter(({ verdict }) => verdict.treeId !== commit.treeId)
      .map(({ verdict }) => `gate ${verdict.gate} judged ${verdict.treeId}, published was ${commit.treeId}`);
  },
};
