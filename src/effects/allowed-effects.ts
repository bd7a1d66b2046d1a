import { AppError } from '../domain/app-error.ts';
import type { EffectKind } from '../domain/effect.ts';
import type { Run } from '../domain/run.ts';

/** All that a review may write. None of it changes a branch, a journal ref or the pull request itself. */
const ofReviews: ReadonlySet<EffectKind> = new Set([
  'reaction.add',
  'comment.create',
  'tracking.update',
  'review.create',
  'check.publish',
]);

/**
 * Throws `internal` for an effect that a run of this kind never has: so no token with `contents: write` is ever minted
 * for a review, whatever its steps come to.
 */
export function requireAllowed({ trigger }: Pick<Run, 'trigger'>, kind: EffectKind): void {
  if (trigger === 'review' && !ofReviews.has(kind))
    throw new AppError('internal', `a review does not write ${kind}`);
}
