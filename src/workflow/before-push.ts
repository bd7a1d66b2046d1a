import type { PublicationReopened } from '../domain/checks.ts';
import { approveProtected } from './approve-protected.ts';
import { openWorkspace } from './open-workspace.ts';
import { lastOfPublication } from './publication.ts';
import type { RunContext } from './run-context.ts';
import type { StepOutcome } from './step.ts';
import { wordsWait } from './words.ts';

/** Why work that was to be published is taken up again. */
export const reopenedFor: Readonly<Record<PublicationReopened['why'], string>> = {
  words: 'somebody said what to do otherwise',
  checks: 'checks of others failed because of this change',
  budget: 'the budget has room again',
};

/** Somebody or CI said something, or the run may spend more: that comes before anything else is pushed. */
export function againWith(round: number, summary: string): StepOutcome {
  return { next: 'implement', round: round + 1, summary };
}

/**
 * What comes before anything is pushed: words that nobody has heard, an approval of protected paths. `among`: the other
 * paths were accepted before.
 */
export async function mayNotPush(
  context: RunContext,
  round: number,
  among?: ReadonlySet<string>,
): Promise<StepOutcome | undefined> {
  const isMade = lastOfPublication(context, 'commit.made') !== undefined;
  if (!isMade && (await wordsWait(context))) return againWith(round, reopenedFor.words);
  const held = await approveProtected(context, await openWorkspace(context), among);
  return held === 'revised' ? againWith(round, reopenedFor.words) : held;
}
