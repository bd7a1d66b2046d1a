import type { Span } from './mirrored-secrets.ts';
import { isDense, squeezedKey, squeezedTokens } from './secret-shapes.ts';

/** What stands between the pieces of a string that was cut up: blanks, quotes, operators, emphasis. */
const between = /[\s"'`+,;|<>()[\]{}*\\]/;

/** Where a secret stands that was cut into pieces (`"ghp_ab" + "cd…"`, one piece a line, a blank after each letter). */
export function splitSecrets(text: string): readonly Span[] {
  const { squeezed, places } = squeeze(text);
  const found: Span[] = [];
  for (const shape of [...squeezedTokens, squeezedKey]) {
    for (const match of squeezed.matchAll(shape)) {
      const start = places[match.index] ?? 0;
      const end = (places[match.index + match[0].length - 1] ?? start) + 1;
      const isWhole = end - start === match[0].length;
      const starts = /^$|\W$|\\[nrt]$/.test(text.slice(Math.max(0, start - 2), start));
      if (!isWhole && starts && (isDense(match[0]) || match[0].startsWith('-----')))
        found.push({ start, end: endOf(text, start, end) });
    }
  }
  return found;
}

function squeeze(text: string): { readonly squeezed: string; readonly places: readonly number[] } {
  const kept: string[] = [];
  const places: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (between.test(character)) continue;
    kept.push(character);
    places.push(index);
  }
  return { squeezed: kept.join(''), places };
}

/** A match runs on into the words that follow; it ends before the second plain word in a row. */
function endOf(text: string, start: number, end: number): number {
  let plain = 0;
  let last = start;
  for (const piece of text.slice(start, end).matchAll(/[^\s"'`+,;|<>()[\]{}*\\]+/g)) {
    plain = /^[A-Za-z]?[a-z]{2,}[.:]?$/.test(piece[0]) ? plain + 1 : 0;
    if (plain >= 2) return last;
    if (plain === 0) last = start + piece.index + piece[0].length;
  }
  return plain > 0 && last > start ? end : last;
}
