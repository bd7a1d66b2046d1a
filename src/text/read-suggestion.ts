import { readFence } from './fences.ts';
import { sanitise } from './sanitise.ts';

/** The lines that a comment suggests, or why it is not certain which; null where it suggests nothing. */
export type ReadSuggestion = { readonly lines: readonly string[] } | { readonly unclear: string } | null;

/**
 * The block marked `suggestion` of a comment on lines. It is applied as it was written, but only when a reader sees
 * exactly it: what hides in a comment, in characters that nobody sees, or in a fence that ends in doubt is unclear.
 */
export function readSuggestion(comment: string): ReadSuggestion {
  const written = suggestionsOf(comment.replace(/\r\n?/g, '\n'));
  const [seen, ...others] = suggestionsOf(sanitise(comment, 'comments').text);
  const [first, ...more] = written;
  if (first === undefined && seen === undefined) return null;
  if (more.length > 0 || others.length > 0) return { unclear: 'the comment holds several suggestions' };
  if (first === undefined || seen === undefined || visible(first) !== visible(seen))
    return { unclear: 'a reader does not see exactly what it would put in' };
  return { lines: first };
}

function suggestionsOf(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  const found: (readonly string[])[] = [];
  for (let index = 0; index < lines.length; ) {
    const fence = readFence(lines, index);
    if (typeof fence === 'string') {
      index += 1;
      continue;
    }
    if (fence.language === 'suggestion') found.push(fence.content);
    index = fence.end;
  }
  return found;
}

/** What sanitising changes in a block that stays: white space at the end of lines, and many empty lines. */
function visible(lines: readonly string[]): string {
  return lines
    .map((line) => line.replace(/[ \t]+$/, ''))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\s+$/g, '');
}
