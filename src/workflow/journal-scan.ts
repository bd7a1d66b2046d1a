import type { JournalEntry } from '../domain/journal.ts';
import type { JournalMode } from '../domain/journal-ref.ts';
import { lineCharsMax, type ScannedLine, scanLines } from '../gates/scan-lines.ts';
import type { ScanHit } from '../gates/scan-message.ts';
import { publishedEvent } from '../record/journal-ref/event-line.ts';
import { textsOf } from '../record/journal-ref/redact-deep.ts';

const scanMs = 30_000;
const overlapChars = 200;

/** Numbers of the entries in which the scanner sees a secret after redaction. All of them when it does not end. */
export async function entriesWithSecrets(
  entries: readonly JournalEntry[],
  mode: Exclude<JournalMode, 'off'>,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  const lines = entries.flatMap((entry) =>
    textsOf(publishedEvent(entry.event, mode).event).flatMap((text) => linesOf(String(entry.seq), text)),
  );
  const hits = await scanLines(lines, scanMs, signal);
  if (hits === 'timeout') return new Set(entries.map(({ seq }) => seq));
  return new Set(shapesOf(hits).map(({ path }) => Number(path)));
}

/** True also when the scanner does not end. */
export async function textHasSecret(texts: readonly string[], signal: AbortSignal): Promise<boolean> {
  const hits = await scanLines(
    texts.flatMap((text, index) => linesOf(String(index), text)),
    scanMs,
    signal,
  );
  return hits === 'timeout' || shapesOf(hits).length > 0;
}

/** Tests are full of values named like passwords: without a shape they keep nothing out of a journal. */
function shapesOf(hits: readonly ScanHit[]): readonly ScanHit[] {
  return hits.filter(({ byName }) => byName !== true);
}

/** The scanner reads the beginning of a line only: longer ones are cut into pieces that overlap. */
function linesOf(path: string, text: string): readonly ScannedLine[] {
  const stepChars = lineCharsMax - overlapChars;
  return text.split('\n').flatMap((line, index) => {
    const pieces = Math.max(1, Math.ceil(line.length / stepChars));
    return Array.from({ length: pieces }, (_, piece) => ({
      path,
      // Pieces of one line must not be joined as neighbours.
      line: pieces === 1 ? index + 1 : 1_000_000 + 2 * (index * pieces + piece),
      text: line.slice(piece * stepChars, piece * stepChars + lineCharsMax),
    }));
  });
}
