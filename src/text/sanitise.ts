import type { DroppedText } from '../domain/run.ts';
import type { Count } from './count.ts';
import { cutCodePoints } from './cut-text.ts';
import { stripInvisible } from './invisible.ts';
import { showOnlyRendered } from './rendered-markdown.ts';

/** Longest untrusted text that is kept, in code points; GitHub's own limit for a body is 65,536. */
const untrustedCharsMax = 60_000;

/** Two rounds settle honest text; each further one peels one layer of a nested construction. */
const roundsMax = 12;

/**
 * Normalises untrusted Markdown to what GitHub shows a reader: hidden text (comments, attributes, alt texts and
 * titles, unused definitions, invisible code points) is removed and counted. Where renderers could disagree, text is
 * dropped rather than kept. Idempotent; linear in the text because length and rounds are capped.
 * Code in unambiguous fences stays as it is, but for invisible code points.
 */
export function sanitise(
  text: string,
  where: string,
): { readonly text: string; readonly dropped: readonly DroppedText[] } {
  const counts = new Map<string, number>();
  const count: Count = (what, times = 1) => {
    if (times > 0) counts.set(what, (counts.get(what) ?? 0) + times);
  };
  const settled = settle(text, count);
  const dropped = [...counts].map(([what, times]) => ({ where, what, count: times }));
  return { text: settled, dropped };
}

/** The same for a title, which is one line. */
export function sanitiseTitle(title: string): ReturnType<typeof sanitise> {
  return sanitise(title.replaceAll(/[ \t\r\n]+/g, ' '), 'title');
}

/** To a fixed point: removing one thing can make another (`<!-<!-- -->- hidden -->`). */
function settle(text: string, count: Count): string {
  let current = text;
  for (let round = 0; round < roundsMax; round += 1) {
    const next = oneRound(current, count);
    if (next === current) return current;
    current = next;
  }
  count('markup nested too deeply', 1);
  return tidy(stripInvisible(current.replace(/[<>[\]`~&]/g, '')).text);
}

function oneRound(text: string, count: Count): string {
  const cut = cutCodePoints(text, untrustedCharsMax);
  count('characters beyond the length limit', cut.cutChars);
  const visible = stripInvisible(cut.text);
  count('invisible or bidirectional characters', visible.removed);
  return tidy(showOnlyRendered(visible.text, count));
}

function tidy(text: string): string {
  return text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{4,}/g, '\n\n\n')
    .replace(/^\n+|\s+$/g, '');
}
