import type { GateInput, Verdict } from '../domain/gate.ts';
import type { DropReason, ReviewedLine, ReviewFinding } from '../domain/review.ts';
import { stripInvisible } from '../text/invisible.ts';

/** More is not read: what comes after these stands in the checks' annotations, where gates found it. */
const linesMax = 20;
const opinionsPerLineMax = 2;
const longQuoteChars = 100;

/** The lines that the reviewed change added or changed, as they read on its side. */
export interface ChangedLines {
  textAt(path: string, line: number): string | undefined;
}

/** Looks lines up by place. */
export function changedLines(added: GateInput['addedLines']): ChangedLines {
  const texts = new Map(added.map(({ path, line, text }) => [placeOf({ path, line }), text]));
  return { textAt: (path, line) => texts.get(placeOf({ path, line })) };
}

/**
 * Whether a model's finding stands on the change at all: on a line that it changed, and that reads as quoted. A model
 * that was told what to find, or that counts badly, gets nothing onto a line that it did not read.
 */
export function whyDropped(
  finding: ReviewFinding,
  lines: ChangedLines,
): 'not-changed' | 'quote-differs' | null {
  const text = lines.textAt(finding.path, finding.line);
  if (text === undefined) return 'not-changed';
  return reads(squeezed(text), squeezed(finding.quote)) ? null : 'quote-differs';
}

/** A long line was shown cut, and is quoted so. */
function reads(text: string, quote: string): boolean {
  const beginning = quote.replace(/…$/, '');
  return text === quote || (beginning.length >= longQuoteChars && text.startsWith(beginning));
}

/** What is shown on lines, most severe first kept, in the order of the files; and what is not shown, counted. */
export function arrangeReview(given: {
  readonly verdicts: readonly Verdict[];
  readonly proposals: readonly ReviewFinding[];
  readonly lines: ChangedLines;
}): {
  readonly lines: readonly ReviewedLine[];
  readonly linesLeft: number;
  readonly dropped: readonly { readonly reason: DropReason; readonly count: number }[];
} {
  const places = new Map<string, Building>();
  addFound(places, given.verdicts, given.lines);
  const dropped = addOpinions(places, given.proposals, given.lines);
  const ranked = [...places.values()].sort((one, other) => rankOf(one) - rankOf(other));
  const kept = ranked.slice(0, linesMax).sort(byPlace);
  return { lines: kept, linesLeft: ranked.length - kept.length, dropped };
}

interface Building extends ReviewedLine {
  readonly found: ReviewedLine['found'][number][];
  readonly opinions: ReviewFinding[];
}

type Places = Map<string, Building>;

function addFound(places: Places, verdicts: readonly Verdict[], lines: ChangedLines): void {
  for (const { gate, findings } of verdicts) {
    for (const finding of findings) {
      if (lines.textAt(finding.path, finding.line) === undefined) continue;
      buildingAt(places, finding).found.push({ gate, finding });
    }
  }
}

function addOpinions(
  places: Places,
  proposals: readonly ReviewFinding[],
  lines: ChangedLines,
): readonly { readonly reason: DropReason; readonly count: number }[] {
  const counts = new Map<DropReason, number>();
  for (const proposal of proposals) {
    const reason = whyDropped(proposal, lines) ?? takeOpinion(buildingAt(places, proposal), proposal);
    if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => ({ reason, count }));
}

/** On a line where a gate found something too, both stand in one comment. */
function takeOpinion({ opinions }: Building, proposal: ReviewFinding): DropReason | null {
  if (opinions.some(({ claim }) => squeezed(claim) === squeezed(proposal.claim))) return 'repeated';
  if (opinions.length >= opinionsPerLineMax) return 'too-many';
  opinions.push(proposal);
  return null;
}

function buildingAt(
  places: Places,
  { path, line }: { readonly path: string; readonly line: number },
): Building {
  const key = placeOf({ path, line });
  const building = places.get(key) ?? { path, line, found: [], opinions: [] };
  places.set(key, building);
  return building;
}

function placeOf({ path, line }: { readonly path: string; readonly line: number }): string {
  return `${line}:${path}`;
}

const severities = { error: 1, warning: 3, note: 4 } as const;

/** What a gate found goes before what a model thinks, at the same severity. */
function rankOf({ found, opinions }: ReviewedLine): number {
  const ranks = [
    ...found.map(({ finding }) => (finding.level === 'error' ? 0 : 2)),
    ...opinions.map(({ severity }) => severities[severity]),
  ];
  return Math.min(...ranks);
}

function byPlace(one: ReviewedLine, other: ReviewedLine): number {
  return one.path === other.path ? one.line - other.line : one.path < other.path ? -1 : 1;
}

/** White space and what nobody sees differ between a line and its quotation. */
function squeezed(text: string): string {
  return stripInvisible(text).text.replace(/\s+/g, ' ').trim();
}
