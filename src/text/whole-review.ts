import type { ReviewLine } from '../domain/effect.ts';
import type { PublishableText } from '../domain/ids.ts';
import { inlineCode } from './inline-code.ts';
import { limitText, markdown } from './markdown.ts';
import { publishedCharsMax } from './publishable.ts';

/** A review with its comments on lines as one text, for where GitHub does not take them on lines. */
export function wholeReview(review: {
  readonly body: PublishableText;
  readonly lines: readonly ReviewLine[];
}): PublishableText {
  if (review.lines.length === 0) return review.body;
  const shown = review.lines.map(
    ({ path, line, body }) => markdown`${inlineCode(`${path}:${line}`)}\n\n${body}\n`,
  );
  const whole = markdown`${review.body}\n\n### On lines\n\n${shown}`;
  return limitText(whole, publishedCharsMax, markdown`*(cut: the rest did not fit here)*`);
}
