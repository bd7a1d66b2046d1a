import { isAppError } from '../../domain/app-error.ts';
import type { EffectResult } from '../../domain/effect.ts';
import type { PublishableText } from '../../domain/ids.ts';
import { effectMarker } from '../../text/effect-marker.ts';
import { inlineCode } from '../../text/inline-code.ts';
import { limitText, markdown } from '../../text/markdown.ts';
import { publishedCharsMax } from '../../text/publishable.ts';
import type { EffectFamily, EffectOf, EffectScope } from './effect-family.ts';

type Review = EffectOf<'review.create'>;

/**
 * A review that comments, found again by a hidden marker in its text. GitHub takes all comments on lines or none: where
 * it refuses one (the head has moved, or it counts the diff otherwise), they stand in the text instead.
 */
export const review: EffectFamily<'review.create'> = {
  idempotent: false,
  dispensable: true,
  async send(effect, scope) {
    try {
      return await create(effect, scope);
    } catch (error) {
      if (effect.lines.length === 0 || !isAppError(error, 'github-rejected')) throw error;
      return await create({ ...effect, body: withLines(effect), lines: [] }, scope);
    }
  },
  async find(effect, scope) {
    const marker = effectMarker(scope.run.id, scope.key);
    const reviews = await scope.reader.reviews(scope.at, effect.number);
    const found = reviews.find(({ author, body }) => scope.isOurs(author) && body.includes(marker));
    return found ? { outcome: 'adopted', id: found.id, url: found.htmlUrl } : undefined;
  },
};

async function create(effect: Review, { writer, at, run, key }: EffectScope): Promise<EffectResult> {
  const { commit, lines } = effect;
  const body = markdown`${effect.body}\n\n${effectMarker(run.id, key)}`;
  const { id, url } = await writer.createReview(at, effect.number, { commit, body, lines });
  return { outcome: 'sent', id, url, sha: commit };
}

/** The whole review as text: also what is told where GitHub takes no review at all. */
function withLines({ body, lines }: Pick<Review, 'body' | 'lines'>): PublishableText {
  const shown = lines.map((one) => markdown`${inlineCode(`${one.path}:${one.line}`)}\n\n${one.body}\n`);
  return limitText(markdown`${body}\n\n### On lines\n\n${shown}`, publishedCharsMax, markdown`*(cut)*`);
}
