import type { GateInput } from '../../src/domain/gate.ts';
import type { GateSettings } from '../../src/domain/gate-settings.ts';
import type { FactsReader } from '../../src/gates/facts/facts-reader.ts';
import { gateInput, treeTexts } from './gate-input.ts';

export type Texts = Readonly<Record<string, string>>;

/** The input of static gates for a change from one set of texts to another. */
export function changeInput(
  base: Texts,
  head: Texts,
  options: { readonly settings?: Partial<GateSettings> } = {},
): GateInput {
  const paths = [...new Set([...Object.keys(base), ...Object.keys(head)])];
  const changed = paths.filter((path) => base[path] !== head[path]);
  const added = changed.map((path) => ({ path, lines: addedLines(base[path] ?? '', head[path] ?? '') }));
  return gateInput({
    ...options,
    ...treeTexts(base, head),
    changes: changed.map((path) => ({
      path,
      status: base[path] === undefined ? 'added' : head[path] === undefined ? 'deleted' : 'modified',
      additions: added.find((one) => one.path === path)?.lines.length ?? 0,
      deletions: 0,
      binary: false,
    })),
    addedLines: added.flatMap(({ path, lines }) => lines.map((line) => ({ path, ...line }))),
  });
}

/** Lines of head that base has not, each as often as it is new: enough of a diff for texts of tests. */
function addedLines(base: string, head: string): readonly { readonly line: number; readonly text: string }[] {
  const left = new Map<string, number>();
  for (const text of base.split('\n')) left.set(text, (left.get(text) ?? 0) + 1);
  return head
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((text, index) => {
      const count = left.get(text) ?? 0;
      left.set(text, count - 1);
      return count > 0 || head === '' ? [] : [{ line: index + 1, text }];
    });
}

/** A reader of which every text broke: the gate must not pass what it has not seen. */
export const brokenFacts: FactsReader = {
  syntax: async (_input, _side, paths) => broken(paths),
  tokens: async (_input, _side, paths) => broken(paths),
  workflows: async (_input, _side, paths) => broken(paths),
  close: async () => undefined,
};

function broken(paths: Iterable<string>) {
  return new Map([...paths].map((path) => [path, { state: 'broken', why: 'the reader fell over' } as const]));
}
