import type { LineRange } from '../../domain/discussion.ts';

/** A suggestion with its lines in the file as it is, and as the reviewer saw them. */
export interface PlaceableSuggestion {
  readonly name: string;
  readonly lines: LineRange;
  readonly replacement: readonly string[];
  readonly reviewed: { readonly text: string; readonly lines: LineRange };
}

export interface PlacedSuggestions {
  readonly text: string;
  readonly applied: readonly string[];
  readonly refused: readonly { readonly name: string; readonly why: string }[];
}

/**
 * Puts suggestions into one file, exactly on the lines that they name. One whose lines do not read any more as the
 * reviewer saw them is refused, as are those that overlap: which of the two would be meant nobody said.
 */
export function placeSuggestions(text: string, wanted: readonly PlaceableSuggestion[]): PlacedSuggestions {
  const lines = linesOf(text);
  const refused: { name: string; why: string }[] = [];
  const fitting: PlaceableSuggestion[] = [];
  for (const one of wanted) {
    const why = whyNot(lines, one, wanted);
    if (why === undefined) fitting.push(one);
    else refused.push({ name: one.name, why });
  }
  // From the end, so that the numbers of those before stay true.
  const fromEnd = [...fitting].sort((one, other) => other.lines.first - one.lines.first);
  const changed = [...lines];
  for (const { lines: at, replacement } of fromEnd) {
    const end = lines[at.first - 1]?.endsWith('\r') === true ? '\r' : '';
    changed.splice(at.first - 1, at.last - at.first + 1, ...replacement.map((line) => `${line}${end}`));
  }
  const ending = text.endsWith('\n') && changed.length > 0 ? '\n' : '';
  return { text: changed.join('\n') + ending, applied: fitting.map(({ name }) => name), refused };
}

function whyNot(
  lines: readonly string[],
  one: PlaceableSuggestion,
  all: readonly PlaceableSuggestion[],
): string | undefined {
  const { first, last } = one.lines;
  if (first < 1 || last < first || last > lines.length) return 'the file does not have these lines';
  const other = all.find(({ name, lines: at }) => name !== one.name && at.first <= last && first <= at.last);
  if (other) return `it overlaps the suggestion of ${other.name}`;
  const { text, lines: seen } = one.reviewed;
  const before = linesOf(text).slice(seen.first - 1, seen.last);
  const now = lines.slice(first - 1, last);
  const same = before.length === now.length && before.every((line, index) => line === now[index]);
  return same ? undefined : 'the lines do not read any more as in the review';
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
