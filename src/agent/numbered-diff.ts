import type { DiffLine } from '../domain/workspace.ts';
import { stripInvisible } from '../text/invisible.ts';
import { redactSecrets } from '../text/secrets.ts';
import { wellFormed } from './clip-text.ts';

/** About 35,000 tokens: a large review that still leaves most of the window for reading around it. */
const charsMax = 120_000;
/** One generated file must not push the others out. */
const fileCharsMax = 24_000;
const lineCharsMax = 400;

/** A diff as the model is shown it, and the files of which it was not shown all. */
export interface NumberedDiff {
  readonly text: string;
  readonly unseen: readonly string[];
}

/**
 * The diff file by file, each line with its number in the new file. What nobody sees on GitHub is taken out of it, and
 * what looks like a credential is not sent to a provider.
 */
export function numberedDiff(lines: readonly DiffLine[]): NumberedDiff {
  const unseen: string[] = [];
  const shown: string[] = [];
  let left = charsMax;
  for (const [path, ofFile] of byPath(lines)) {
    const { text, isWhole } = fileText(path, ofFile, Math.min(left, fileCharsMax));
    if (!isWhole) unseen.push(path);
    left -= text.length;
    shown.push(text);
  }
  return { text: shown.filter((text) => text !== '').join('\n\n'), unseen };
}

function byPath(lines: readonly DiffLine[]): ReadonlyMap<string, readonly DiffLine[]> {
  const files = new Map<string, DiffLine[]>();
  for (const line of lines) {
    const known = files.get(line.path);
    if (known) known.push(line);
    else files.set(line.path, [line]);
  }
  return files;
}

function fileText(
  path: string,
  lines: readonly DiffLine[],
  room: number,
): { readonly text: string; readonly isWhole: boolean } {
  const shown = [`=== ${JSON.stringify(path)}`];
  let chars = shown.join('').length;
  let before: number | undefined;
  for (const [index, line] of lines.entries()) {
    const gap = before !== undefined && line.kind !== 'removed' && line.line > before + 1 ? ['     …'] : [];
    const texts = [...gap, lineText(line)];
    chars += texts.join('\n').length + 1;
    if (chars > room) {
      if (index === 0) return { text: '', isWhole: false };
      return {
        text: [...shown, `(${lines.length - index} more lines: read the file)`].join('\n'),
        isWhole: false,
      };
    }
    shown.push(...texts);
    if (line.kind !== 'removed') before = line.line;
  }
  return { text: shown.join('\n'), isWhole: true };
}

const marks: Readonly<Record<DiffLine['kind'], string>> = { added: '+', removed: '-', context: ' ' };

function lineText({ kind, line, text }: DiffLine): string {
  const number = kind === 'removed' ? '' : String(line);
  const visible = redactSecrets(stripInvisible(wellFormed(text)).text).text;
  const cut = visible.length > lineCharsMax ? `${visible.slice(0, lineCharsMax).toWellFormed()}…` : visible;
  return `${number.padStart(6)} ${marks[kind]}${cut}`;
}
