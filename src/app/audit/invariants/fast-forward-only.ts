import type { EffectResult } from '../../../domain/effect.ts';
import type { JournalEvent } from '../../../domain/journal-event.ts';
import { isPublished } from '../../../record/is-published.ts';
import type { Invariant } from '../invariant.ts';
import { eventsOf } from './events-of.ts';

type Chosen = Extract<JournalEvent, { kind: 'base.chosen' }>;

/** Every move of a ref has where it stood before; a commit on top of anything else went over somebody's work. */
export const fastForwardOnly: Invariant = {
  id: 'I10',
  title: 'a ref is only moved forward, from where it was seen at the start',
  kind: 'run',
  partly: 'as recorded when it was sent; what others did to the ref is GitHub’s to know',
  check({ entries }) {
    const base = eventsOf(entries, 'base.chosen').at(-1);
    if (!base) return [];
    const { headTip, startSha, head } = base;
    const problems = [...besideTip(base)];
    for (const { parent } of eventsOf(entries, 'commit.made'))
      if (parent !== undefined && parent !== startSha)
        problems.push(`its commit is on top of ${parent}, not of ${startSha}`);
    const sent = eventsOf(entries, 'effect.sent');
    for (const { result } of sent.filter(isPublished))
      if (result.from !== undefined && result.from !== headTip)
        problems.push(`${head} was moved from ${shown(result)}, it was seen at ${headTip ?? 'no commit'}`);
    return [...problems, ...journalJumps(sent.filter(({ effect }) => effect === 'journal.push'))];
  },
};

/** A review starts where the branch left its base, and looks at the tip; I11 says that it writes nothing. */
function besideTip({ headTip, startSha, head, reviewed }: Chosen): readonly string[] {
  const seen = reviewed?.sha ?? startSha;
  return headTip !== null && seen !== headTip ? [`it started beside the tip of ${head}`] : [];
}

/** Each write of the journal ref starts where the one before ended. */
function journalJumps(pushes: readonly { readonly result: EffectResult }[]): readonly string[] {
  const moves = pushes.filter(({ result }) => result.outcome !== 'rejected');
  return moves.flatMap(({ result }, index) => {
    const before = moves[index - 1]?.result.sha;
    const jumps = before !== undefined && result.from !== undefined && result.from !== before;
    return jumps ? [`its journal ref was moved from ${shown(result)}, it stood at ${before}`] : [];
  });
}

function shown({ from }: EffectResult): string {
  return from ?? 'no commit';
}
