import type { ChangedFile } from '../../src/domain/journal-event.ts';
import { createIntegrityGate } from '../../src/gates/integrity-gate.ts';
import { gateInput, treeTexts } from './gate-input.ts';

export type Tree = Readonly<Record<string, string>>;

/** Judges the change from one tree to another; added lines are those of head that base has not. */
export async function judgeIntegrity(base: Tree, head: Tree) {
  const paths = [...new Set([...Object.keys(base), ...Object.keys(head)])];
  const changed = paths.filter((path) => base[path] !== head[path]);
  const changes = changed.map((path): ChangedFile => {
    const status = base[path] === undefined ? 'added' : head[path] === undefined ? 'deleted' : 'modified';
    return { path, status, additions: 1, deletions: 1, binary: false };
  });
  const addedLines = changed.flatMap((path) => {
    const before = new Set(base[path]?.split('\n'));
    return (head[path] ?? '')
      .split('\n')
      .map((text, index) => ({ path, line: index + 1, text }))
      .filter(({ text }) => !before.has(text));
  });
  return await createIntegrityGate().judge(gateInput({ ...treeTexts(base, head), changes, addedLines }));
}
