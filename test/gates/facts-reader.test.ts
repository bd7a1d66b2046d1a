import { afterEach, describe, expect, it } from 'vitest';
import { createFactsReader, type FactsReader } from '../../src/gates/facts/facts-reader.ts';
import { changeInput } from './change-input.ts';

const open: FactsReader[] = [];
const reader = (fileTimeoutMs?: number): FactsReader => {
  const made = createFactsReader(fileTimeoutMs === undefined ? {} : { fileTimeoutMs });
  open.push(made);
  return made;
};
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const huge = 'let value = { a: [1, 2, 3], b: (x) => x * 2 };\n'.repeat(15_000);

describe('the facts reader', () => {
  it('reads each text once, also for both sides', async () => {
    const facts = reader();
    const texts = { 'a.js': 'let a;\n', 'b.js': 'let b;\n' };
    const input = changeInput(texts, texts);
    const asked: string[] = [];
    const watched = {
      ...input,
      blobs: async (ids: readonly string[]) => {
        asked.push(...ids);
        return await input.blobs(ids);
      },
    };
    await facts.syntax(watched, 'base', ['a.js', 'b.js']);
    await facts.syntax(watched, 'head', ['a.js', 'b.js', 'absent.js']);
    expect(asked).toHaveLength(2);
  });

  it('kills what takes too long and still reads the others', async () => {
    const facts = reader(150);
    const bomb = `let a = ${'['.repeat(400_000)};\n`;
    const input = changeInput({}, { 'bomb.js': bomb, 'a.txt': 'no code' });
    const states = await facts.syntax(input, 'head', ['bomb.js', 'a.txt']);
    expect(['timeout', 'broken']).toContain(states.get('bomb.js')?.state);
    expect(states.has('a.txt')).toBe(false);
  });

  it('answers for every text when its thread is closed', async () => {
    const facts = reader();
    const input = changeInput({}, { 'a.js': huge });
    const reading = facts.syntax(input, 'head', ['a.js']);
    await facts.close();
    expect(['broken', 'read']).toContain((await reading).get('a.js')?.state);
  });

  it('reads no text above a mebibyte', async () => {
    const input = changeInput({}, { 'a.js': '//'.repeat(600_000) });
    expect((await reader().syntax(input, 'head', ['a.js'])).get('a.js')).toEqual({ state: 'too-large' });
  });

  it('splits code into tokens without comments', async () => {
    const input = changeInput(
      {},
      { 'a.js': 'let a = 1; // x\n/* y\n*/ let a = 1;\n', 'a.py': 'a = 1 # x\n' },
    );
    const tokens = await reader().tokens(input, 'head', ['a.js', 'a.py']);
    const [script, python] = [tokens.get('a.js'), tokens.get('a.py')];
    if (script?.state !== 'read' || python?.state !== 'read') throw new Error('not read');
    expect([...script.facts.lines]).toEqual([1, 1, 1, 1, 1, 3, 3, 3, 3, 3]);
    expect(script.facts.hashes.slice(0, 5)).toEqual(script.facts.hashes.slice(5));
    expect(script.facts.codeLines).toBe(2);
    expect([...python.facts.lines]).toEqual([1, 1, 1]);
  });
});
