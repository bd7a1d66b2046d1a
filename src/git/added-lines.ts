import type { DiffLine } from '../domain/workspace.ts';

/** A line that a change adds, with its number in the new file. */
export type AddedLine = Pick<DiffLine, 'path' | 'line' | 'text'>;

const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Reads the added lines from a unified diff without context. */
export function parseAddedLines(diff: string): readonly AddedLine[] {
  return parseDiffLines(diff)
    .filter(({ kind }) => kind === 'added')
    .map(({ path, line, text }) => ({ path, line, text }));
}

/**
 * Reads the lines of a unified diff. Hunks are read by their counts, so that a file's own text that looks like a diff
 * header cannot pretend to be one.
 */
export function parseDiffLines(diff: string): readonly DiffLine[] {
  const lines = diff.split('\n');
  const found: DiffLine[] = [];
  let [before, after] = ['', ''];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    at += 1;
    if (line.startsWith('--- ')) before = pathOf(line.slice(4));
    if (line.startsWith('+++ ')) after = pathOf(line.slice(4));
    const match = hunk.exec(line);
    if (!match) continue;
    const [, left = '0', removed = '1', right = '0', added = '1'] = match;
    const start = { left: Number(left), right: Number(right) };
    const body = readHunk(lines, at, { start, removed: Number(removed), added: Number(added) });
    const path = after === '' ? before : after;
    for (const one of body.lines) found.push({ path, ...one });
    at = body.end;
  }
  return found;
}

function readHunk(
  lines: readonly string[],
  from: number,
  head: {
    readonly start: { readonly left: number; readonly right: number };
    readonly removed: number;
    readonly added: number;
  },
): { readonly lines: readonly Omit<DiffLine, 'path'>[]; readonly end: number } {
  const found: Omit<DiffLine, 'path'>[] = [];
  let { removed, added } = head;
  let { left, right } = head.start;
  let at = from;
  for (; (removed > 0 || added > 0) && at < lines.length; at++) {
    const line = lines[at] ?? '';
    const kind = kinds[line[0] ?? ''];
    // `\\ No newline at end of file` counts on neither side.
    if (kind === undefined) continue;
    found.push({ kind, line: kind === 'removed' ? left : right, text: line.slice(1) });
    if (kind !== 'added') [left, removed] = [left + 1, removed - 1];
    if (kind !== 'removed') [right, added] = [right + 1, added - 1];
  }
  return { lines: found, end: at };
}

const kinds: Readonly<Record<string, DiffLine['kind']>> = { '+': 'added', '-': 'removed', ' ': 'context' };

/** `a/<path>` or `b/<path>`, quoted like a C string when it holds a quote, a backslash or a control character; a tab may follow. */
function pathOf(field: string): string {
  const trimmed = field.endsWith('\t') ? field.slice(0, -1) : field;
  if (trimmed === '/dev/null') return '';
  return (trimmed.startsWith('"') ? unquote(trimmed) : trimmed).slice(2);
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
};

function unquote(quoted: string): string {
  const bytes = Buffer.from(quoted.slice(1, -1), 'utf8').toString('latin1');
  const raw = bytes.replace(/\\([0-7]{3}|.)/g, (_match, escape: string) =>
    escape.length === 3 ? String.fromCharCode(Number.parseInt(escape, 8)) : (escapes[escape] ?? escape),
  );
  return Buffer.from(raw, 'latin1').toString('utf8');
}
