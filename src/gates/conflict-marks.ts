import type { Finding, GateInput } from '../domain/gate.ts';
import { findingOf } from './finding-of.ts';

const opens = /^<{7} \S/;
const closes = /^>{7} \S/;

/**
 * Added lines that git leaves where two sides contradict each other. One alone may be a quotation; a file with both
 * ends was not settled.
 */
export function conflictMarks({ addedLines }: Pick<GateInput, 'addedLines'>): readonly Finding[] {
  const closed = new Set(addedLines.filter(({ text }) => closes.test(text)).map(({ path }) => path));
  return addedLines
    .filter(({ path, text }) => opens.test(text) && closed.has(path))
    .map(({ path, line, text }) =>
      findingOf({ rule: 'conflict', path, line, message: 'conflict: the marks of a merge are left', text }),
    );
}
