import { isAppError } from '../../domain/app-error.ts';
import type { EffectResult } from '../../domain/effect.ts';
import { effectMarker } from '../../text/effect-marker.ts';
import { markdown } from '../../text/markdown.ts';
import { wholeReview } from '../../text/whole-review.ts';
import type { EffectFamily, EffectOf, EffectScope } from './effect-family.ts';

type Review = EffectOf<'review.create'>;

/**
 * A review that comments, found again by a hidden marker in its text. The key names what asked for it, so that a review
 * whose run was lost with the database is not written a second time. GitHub takes all comments on lines or none: where
 * it refuses one (the head has moved, or it counts the diff otherwise), they stand in the text instead.
 */
export const review: EffectFamily<'review.create'> = {
  idempotent: false,
  dispensable: true,
  async send(effect, scope) {
    const earlier = await findReview(effect, scope);
    if (earlier) return earlier;
    try {
      return await create(effect, scope);
    } catch (error) {
      if (effect.lines.length === 0 || !isAppError(error, 'github-rejected')) throw error;
      return await create({ ...effect, body: wholeReview(effect), lines: [] }, scope);
    }
  },
  find: findReview,
};

async function findReview(effect: Review, scope: EffectScope): Promise<EffectResult | undefined> {
  const { at, reader, run, key } = scope;
  // Whatever the run was.
  const mark = effectMarker(run.id, key).slice(effectMarker(run.id, '').indexOf(' effect='));
  const found = (await reader.reviews(at, effect.number)).find(
    ({ author, body }) => scope.isOurs(author) && body.includes(mark),
  );
  return found ? { outcome: 'adopted', id: found.id, url: found.htmlUrl } : undefined;
}

async function create(effect: Review, { writer, at, run, key }: EffectScope): Promise<EffectResult> {
  const { commit, lines } = effect;
  const body = markdown`${effect.body}\n\n${effectMarker(run.id, key)}`;
  const { id, url } = await writer.createReview(at, effect.number, { commit, body, lines });
  return { outcome: 'sent', id, url, sha: commit };
}
