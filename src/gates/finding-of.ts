import { createHash } from 'node:crypto';
import type { Finding } from '../domain/gate.ts';
import { withoutEqual } from './without-equal.ts';

/** A finding's name across runs: rule, path and the hash of its line without white space, never the line's number. */
function identityOf(rule: string, path: string, line: string): string {
  const hash = createHash('sha256').update(line.replace(/\s+/g, ' ').trim()).digest('hex');
  return `${rule}:${path}:${hash.slice(0, 16)}`;
}

/** A finding with its identity; `text` is the line, or what stands for it where the line is not the point. */
export function findingOf(
  said: Omit<Finding, 'identity' | 'level'> & { readonly text: string; readonly level?: Finding['level'] },
): Finding {
  const { text, level = 'error', ...rest } = said;
  return { ...rest, level, identity: identityOf(said.rule, said.path, text) };
}
/** What is in `head` and not in `base`. Two equal findings are two: each of base takes away one. */
export function newFindings(head: readonly Finding[], base: readonly Finding[]): readonly Finding[] {
  return withoutEqual(head, base, ({ identity }) => identity);
}
