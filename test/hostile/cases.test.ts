import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const suite = join(root, 'test', 'hostile');
const names = readdirSync(suite)
  .filter((file) => file.endsWith('.hostile.ts'))
  .flatMap((file) => testNames(readFileSync(join(suite, file), 'utf8')));

/** The strings that tests and groups are named by; a number in a comment or in data does not count. */
function testNames(source: string): readonly string[] {
  const calls = source.matchAll(
    /\b(?:it|describe)(?:\.each\([\s\S]*?\))?\(\s*(['`])((?:(?!\1)[^\\]|\\.)*)\1/g,
  );
  return [...calls].map(([, , name = '']) => name);
}

interface Case {
  readonly number: string;
  readonly file: string;
  readonly name: string;
}

const cases: readonly Case[] = readFileSync(join(root, 'test', 'fixtures', 'hostile-cases.txt'), 'utf8')
  .split('\n')
  .filter((line) => /^\d/.test(line))
  .map((line) => {
    const [number = '', , place = ''] = line.split(' | ');
    const [file = '', name = ''] = place.split(' :: ');
    return { number, file, name };
  });

describe('the numbered cases of the threat model', () => {
  it('are 33 in parts E, F and G, each listed once', () => {
    expect(cases.length).toBe(33);
    expect(new Set(cases.map(({ number }) => number)).size).toBe(33);
  });

  it.each(cases)(
    '$number has a test that carries its number, or one elsewhere that exists',
    ({ number, file, name }) => {
      const here = names.some((one) => new RegExp(`(?<!\\d)${number}(?!\\d)`).test(one));
      const path = join(root, file === '' ? 'none' : file);
      const elsewhere =
        existsSync(path) && testNames(readFileSync(path, 'utf8')).some((one) => one.includes(name));
      expect(here || elsewhere).toBe(true);
      // A place that is named has to be there, also when the suite has a test of its own by now.
      expect(file === '' || elsewhere).toBe(true);
    },
  );
});
