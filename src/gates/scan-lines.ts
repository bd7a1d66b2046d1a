import { AskedThread } from './asked-thread.ts';
import type { AddedBlock, ScanHit } from './scan-message.ts';

/** One line of a text, with the number that a finding names. */
export interface ScannedLine {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Longer lines are scanned in part: they are generated, and what backtracks does so on length. */
export const lineCharsMax = 4_000;

const scanner = new AskedThread<readonly AddedBlock[], readonly ScanHit[]>(
  new URL('./secrets-worker.ts', import.meta.url),
);

/** Looks for credentials in lines, in a thread that is killed after `timeoutMs`: a run scans after every step. */
export async function scanLines(
  lines: readonly ScannedLine[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<readonly ScanHit[] | 'timeout'> {
  return await scanner.ask(blocksOf(lines), { timeoutMs, signal });
}

/** Neighbouring lines together, so that a key over several lines is seen as one. */
function blocksOf(lines: readonly ScannedLine[]): readonly AddedBlock[] {
  const blocks: { path: string; firstLine: number; lines: string[] }[] = [];
  for (const { path, line, text } of lines) {
    const last = blocks.at(-1);
    const short = text.slice(0, lineCharsMax);
    if (last?.path === path && last.firstLine + last.lines.length === line) last.lines.push(short);
    else blocks.push({ path, firstLine: line, lines: [short] });
  }
  return blocks;
}
