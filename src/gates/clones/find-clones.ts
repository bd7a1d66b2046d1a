import type { Clone, CloneAnswer, CloneRequest, TokenFile } from './clones-message.ts';
import { Windows } from './windows.ts';

const base = 0x01000193;
/** A clone of fewer lines is an idiom. */
const linesMin = 5;

/**
 * Copies among files, by a rolling hash over `minTokens` tokens (Rabin-Karp): what was seen first is the original,
 * each later run of equal tokens a copy of it. Linear in the number of tokens but for the copies themselves.
 */
export function findClones(request: CloneRequest): CloneAnswer {
  const before = clonesOf(request.base, request);
  const after = clonesOf(request.head, request);
  const known = tokensByPair(before);
  const made = after.filter(
    (clone) => clone.addedTokens >= request.minTokens && clone.tokens > (known.get(pairOf(clone)) ?? 0),
  );
  return { baseLines: linesOf(before), headLines: linesOf(after), made };
}

function pairOf({ path, otherPath }: Pick<Clone, 'path' | 'otherPath'>): string {
  return [path, otherPath].sort().join('\n');
}

/** The most tokens that two files had in common: a copy that was rewritten together with its original is not new. */
function tokensByPair(clones: readonly Clone[]): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  for (const clone of clones) most.set(pairOf(clone), Math.max(clone.tokens, most.get(pairOf(clone)) ?? 0));
  return most;
}

function linesOf(clones: readonly Clone[]): number {
  const lines = new Map<string, Set<number>>();
  for (const { path, line, endLine } of clones) {
    const seen = lines.get(path) ?? new Set<number>();
    for (let at = line; at <= endLine; at++) seen.add(at);
    lines.set(path, seen);
  }
  return [...lines.values()].reduce((sum, { size }) => sum + size, 0);
}

interface Place {
  readonly file: TokenFile;
  /** Position of its first token among all. */
  readonly start: number;
}

interface Search {
  readonly places: readonly Place[];
  readonly windows: Windows;
  readonly minTokens: number;
  readonly added: CloneRequest['added'];
}

function clonesOf(files: readonly TokenFile[], { minTokens, added }: CloneRequest): readonly Clone[] {
  const total = files.reduce((sum, { hashes }) => sum + hashes.length, 0);
  const windows = new Windows(total);
  const places: Place[] = [];
  const clones: Clone[] = [];
  let start = 0;
  for (const file of files) {
    places.push({ file, start });
    clones.push(...clonesIn({ file, start }, { places, windows, minTokens, added }));
    start += file.hashes.length;
  }
  return clones;
}

function clonesIn(place: Place, search: Search): readonly Clone[] {
  const { hashes } = place.file;
  const { minTokens, windows } = search;
  const clones: Clone[] = [];
  const top = power(minTokens);
  let hash = 0;
  let skipTo = 0;
  for (let end = 0; end < hashes.length; end++) {
    const leaving = end >= minTokens ? Math.imul(hashes[end - minTokens] ?? 0, top) : 0;
    hash = (Math.imul(hash, base) + (hashes[end] ?? 0) - leaving) | 0;
    const at = end - minTokens + 1;
    if (at < skipTo) continue;
    const earlier = windows.seen(hash, place.start + at);
    const clone = earlier < 0 ? null : match(place, at, { earlier, search });
    if (clone === null) continue;
    skipTo = at + clone.tokens;
    if (clone.endLine - clone.line + 1 >= linesMin) clones.push(clone);
  }
  return clones;
}

function power(exponent: number): number {
  let result = 1;
  for (let count = 0; count < exponent; count++) result = Math.imul(result, base);
  return result;
}

/** Compares the tokens themselves, as far as they are equal: hashes may agree by chance. */
function match(
  place: Place,
  at: number,
  { earlier, search }: { readonly earlier: number; readonly search: Search },
): Clone | null {
  const other = placeOf(search.places, earlier);
  const otherAt = earlier - other.start;
  const tokens = equalTokens(place, at, { other, otherAt });
  if (tokens < search.minTokens) return null;
  const { lines, path } = place.file;
  const added = search.added.get(path);
  const covered = lines.subarray(at, at + tokens);
  return {
    path,
    line: lines[at] ?? 1,
    endLine: lines[at + tokens - 1] ?? 1,
    otherPath: other.file.path,
    otherLine: other.file.lines[otherAt] ?? 1,
    tokens,
    addedTokens: added ? covered.filter((line) => added.has(line)).length : 0,
  };
}

/** Within one file the original ends where the copy begins: a long row of equal things is no copy of itself. */
function equalTokens(
  place: Place,
  at: number,
  { other, otherAt }: { readonly other: Place; readonly otherAt: number },
): number {
  const [here, there] = [place.file.hashes, other.file.hashes];
  const end = other.file === place.file ? at : there.length;
  let tokens = 0;
  while (
    at + tokens < here.length &&
    otherAt + tokens < end &&
    here[at + tokens] === there[otherAt + tokens]
  ) {
    tokens += 1;
  }
  return tokens;
}

/** By bisection: the last place that starts at or before the position. */
function placeOf(places: readonly Place[], position: number): Place {
  let [low, high] = [0, places.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((places[middle]?.start ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return places[low] as Place;
}
