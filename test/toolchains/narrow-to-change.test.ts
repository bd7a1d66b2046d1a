import { describe, expect, it } from 'vitest';
import type { DetectedCommands, TestRun } from '../../src/domain/toolchain.ts';
import { narrowRun, narrowToChange } from '../../src/toolchains/narrow-to-change.ts';

const test = (cwd: string) => ({ shell: 'npm test', cwd, why: '', format: 'tap' as const, reportPath: null });
const commands: DetectedCommands = {
  ecosystems: ['node'],
  fetch: [],
  build: [],
  lint: [{ shell: 'npm run lint', cwd: 'c', why: '' }],
  typecheck: [],
  test: [test('a'), test('b'), test('c')],
  notes: [],
  packages: [
    { directory: 'a', dependsOn: [] },
    { directory: 'b', dependsOn: ['a'] },
    { directory: 'c', dependsOn: [] },
  ],
};

describe('narrowing to the packages of a change', () => {
  it.each([
    [['a/x.js'], ['a', 'b']],
    [['b/x.js'], ['b']],
    [['b/x.js', 'README.md'], ['b']],
    [
      ['b/x.js', 'package-lock.json'],
      ['a', 'b', 'c'],
    ],
    [['README.md'], ['a', 'b', 'c']],
    [[], ['a', 'b', 'c']],
  ])('a change of %j is judged by %j', (changed, kept) => {
    expect(narrowToChange(commands, changed).test.map(({ cwd }) => cwd)).toEqual(kept);
  });

  it('leaves out the lint of other packages and says what was left out', () => {
    const narrowed = narrowToChange(commands, ['b/x.js']);
    expect(narrowed.lint).toEqual([]);
    expect(narrowed.notes).toEqual([
      'Monorepo: judged by the commands of b; 2 test commands of other packages left out.',
    ]);
  });

  it('takes from a baseline what the kept commands gave, so that nothing seems to have disappeared', () => {
    const result = (file: string) => ({
      file,
      title: 't',
      outcome: 'passed' as const,
      durationMs: 1,
      message: '',
    });
    const ran = { shell: 'npm test', exitCode: 0, ended: 'exit', durationMs: 1 };
    const run: TestRun = {
      commands: [ran, { ...ran, durationMs: 2 }, ran],
      results: [result('a/t.js'), result('b/t.js'), result('c/t.js')],
      infra: null,
    };
    const narrowed = narrowRun(run, commands, narrowToChange(commands, ['b/x.js']));
    expect(narrowed.results.map(({ file }) => file)).toEqual(['b/t.js']);
    expect(narrowed.commands).toEqual([{ ...ran, durationMs: 2 }]);
  });
});
