import type { DroppedText } from '../domain/run.ts';
import { cutCodePoints } from '../text/cut-text.ts';
import { sanitise } from '../text/sanitise.ts';

/** Words of a person as the run keeps them: what a reader sees of them, at most `charsMax` code points, and what was left out. */
export function frozenText(
  body: string,
  where: Parameters<typeof sanitise>[1],
  charsMax: number,
): { readonly text: string; readonly dropped: readonly DroppedText[] } {
  const shown = sanitise(body, where);
  const { text, cutChars } = cutCodePoints(shown.text, charsMax);
  if (cutChars === 0) return { text, dropped: shown.dropped };
  const tooLong = { where, what: 'characters beyond the length limit', count: cutChars };
  return { text, dropped: [...shown.dropped, tooLong] };
}
