import type { EffectResult } from '../../../domain/effect.ts';
import type { JournalEntry } from '../../../domain/journal.ts';
import type { JournalEvent } from '../../../domain/journal-event.ts';
import { isPublished } from '../../../record/is-published.ts';
import type { Invariant } from '../invariant.ts';
import { eventsOf } from './events-of.ts';

type BaseChosen = Extract<JournalEvent, { kind: 'base.chosen' }>;
type EffectSent = Extract<JournalEvent, { kind: 'effect.sent' }>;

/** Every move of a ref has where it stood before; a commit on top of anything else went over somebody's work. */
export const fastForwardOnly: Invariant = {
  id: 'I10',
  title: 'a ref is only moved forward, from where it was seen at the start',
  kind: 'run',
  partly: 'as recorded when it was sent; what others did to the ref is GitHub’s to know',
  check({ entries }) {
    const base = eventsOf(entries, 'base.chosen').at(-1);
    if (!base) return [];
    const { headTip, startSha } = base;
    // A merge starts from the base that it brings in, and goes on top of the branch.
    const isMerge = headTip !== null && eventsOf(entries, 'base.merged').length > 0;
    const beside = isMerge ? [] : besideTip(base);
    const ground = { ...base, startSha: isMerge ? headTip : startSha };
    return [...beside, ...jumps(entries, ground), ...journalJumps(eventsOf(entries, 'effect.sent'))];
  },
};

/** A review starts where the branch left its base, and looks at the tip; I11 says that it writes nothing. */
function besideTip({ headTip, startSha, head, reviewed }: BaseChosen): readonly string[] {
  const seen = reviewed?.sha ?? startSha;
  return headTip !== null && seen !== headTip ? [`it started beside the tip of ${head}`] : [];
}

/** Each commit is on top of the one before, and moves the branch from there. */
function jumps(
  entries: readonly JournalEntry[],
  { headTip, startSha, head }: Pick<BaseChosen, 'headTip' | 'startSha' | 'head'>,
): readonly string[] {
  const problems: string[] = [];
  let tip = headTip;
  let top = startSha;
  for (const { event } of entries) {
    if (event.kind === 'commit.made' && event.parent !== undefined && event.parent !== top)
      problems.push(`its commit is on top of ${event.parent}, not of ${top}`);
    if (event.kind !== 'effect.sent' || !isPublished(event)) continue;
    const { result } = event;
    if (result.from !== undefined && result.from !== tip)
      problems.push(`${head} was moved from ${shown(result)}, it was seen at ${tip ?? 'no commit'}`);
    tip = result.sha ?? tip;
    top = result.sha ?? top;
  }
  return problems;
}

/** Each write of the journal ref starts where the one before ended. */
function journalJumps(sent: readonly EffectSent[]): readonly string[] {
  const moves = sent.filter(
    ({ effect, result }) => effect === 'journal.push' && result.outcome !== 'rejected',
  );
  return moves.flatMap(({ result }, index) => {
    const before = moves[index - 1]?.result.sha;
    const jumps = before !== undefined && result.from !== undefined && result.from !== before;
    return jumps ? [`its journal ref was moved from ${shown(result)}, it stood at ${before}`] : [];
  });
}

function shown({ from }: EffectResult): string {
  return from ?? 'no commit';
}
