import type { PublishableText } from '../domain/ids.ts';
import { markdown } from './markdown.ts';

/** A box of a task list as we write it, wherever it stands on its line: its mark and its id. */
const boxLine = /^[ \t]*[-*+] \[([ xX])\] <!-- pullwright:box=([a-z0-9:-]{1,200}) -->/gm;

/** An unticked box with a hidden id. `id`: lower-case letters, digits, colons and hyphens. */
export function box(id: string, label: PublishableText): PublishableText {
  if (!/^[a-z0-9]+(?:[:-][a-z0-9]+)*$/.test(id)) throw new Error(`not the id of a box: ${id}`);
  return markdown`- [ ] ${`<!-- pullwright:box=${id} -->` as PublishableText}${label}`;
}

/** The ids of all boxes in a text, each once. */
export function boxesIn(text: string): ReadonlySet<string> {
  return new Set(Array.from(text.matchAll(boxLine), ([, , id = '']) => id));
}

/** The ids of boxes that are ticked; of an id that stands there twice one tick is enough. */
export function tickedBoxes(text: string): ReadonlySet<string> {
  const ticked = Array.from(text.matchAll(boxLine)).filter(([, mark]) => mark !== ' ');
  return new Set(ticked.map(([, , id = '']) => id));
}

/** What an edit ticked that was not ticked before, in the order of the text. */
export function newlyTicked(before: string, after: string): readonly string[] {
  const already = tickedBoxes(before);
  return [...tickedBoxes(after)].filter((id) => !already.has(id));
}
