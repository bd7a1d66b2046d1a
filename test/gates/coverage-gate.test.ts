import { describe, expect, it } from 'vitest';
import type { GateInput } from '../../src/domain/gate.ts';
import { defaultGateSettings } from '../../src/domain/gate-settings.ts';
import type { CoverageFormat } from '../../src/domain/toolchain.ts';
import { createCoverageGate } from '../../src/gates/coverage-gate.ts';
import { commandRun, gateInput, scriptedTree, treeTexts } from './gate-input.ts';

const shell = 'npm run cover';

interface Scene {
  readonly head?: string;
  readonly base?: string;
  readonly lines?: GateInput['addedLines'];
  readonly ended?: string;
  readonly minPercent?: number;
  readonly regression?: number;
  readonly format?: CoverageFormat;
  readonly setUpFails?: boolean;
  readonly commands?: number;
}

/** An LCOV report of one file: hits by line, from 1. */
function lcov(hits: readonly number[], path = 'cart.js'): string {
  return `SF:/workspace/${path}\n${hits.map((count, index) => `DA:${index + 1},${count}\n`).join('')}end_of_record\n`;
}

function added(count: number, path = 'cart.js'): GateInput['addedLines'] {
  return Array.from({ length: count }, (_, index) => ({ path, line: index + 1, text: `run(${index});` }));
}

async function judge(scene: Scene) {
  const tree = (name: string, text: string) =>
    scriptedTree(name, {
      report: { run: commandRun(shell, 0, '', scene.ended ?? 'exit'), text },
      setUpFails: scene.setUpFails === true,
    });
  const files = { 'cart.js': '', 'other.js': '', 'src/a/Cart.java': '' };
  return await createCoverageGate().judge(
    gateInput({
      ...treeTexts(files, files),
      head: tree('4ead', scene.head ?? ''),
      base: tree('ba5e', scene.base ?? scene.head ?? ''),
      addedLines: scene.lines ?? added(1),
      commands: {
        coverage: Array.from({ length: scene.commands ?? 1 }, () => {
          return { shell, cwd: '', why: '', format: scene.format ?? 'lcov', reportPath: '/out/c' };
        }),
      },
      settings: {
        coverage: { mode: 'block', minPercent: scene.minPercent ?? 85 },
        regression: { maxPercent: scene.regression ?? defaultGateSettings.regression.maxPercent },
      },
    }),
  );
}

const hits = (covered: number, uncovered: number) => [
  ...Array.from({ length: covered }, () => 1),
  ...Array.from({ length: uncovered }, () => 0),
];

describe('the coverage gate', () => {
  it('passes at exactly the least share and fails just below it', async () => {
    expect(await judge({ head: lcov(hits(17, 3)), lines: added(20) })).toMatchObject({
      status: 'pass',
      summary: '17 of 20 changed lines covered (85.0 %)',
    });
    const below = await judge({ head: lcov(hits(16, 3)), lines: added(19) });
    expect(below).toMatchObject({ status: 'fail', blocking: true });
    expect(below.summary).toContain('84.2 % of the changed lines are covered, less than 85 %');
    expect(below.findings.map(({ line }) => line)).toEqual([17, 18, 19]);
    expect(below.feedback).toContain('cart.js:17: run(16);');
  });

  it('takes the least share from the settings', async () => {
    const scene = { head: lcov(hits(1, 1)), lines: added(2) };
    expect((await judge({ ...scene, minPercent: 50 })).status).toBe('pass');
    expect((await judge({ ...scene, minPercent: 51 })).status).toBe('fail');
  });

  it('judges the lines of the change and not those that were uncovered before', async () => {
    expect(await judge({ head: lcov([1, 0, 0, 0, 0]), lines: added(1) })).toMatchObject({ status: 'pass' });
  });

  it('fails when the whole repository falls by more than the share, and not at exactly that', async () => {
    const scene = { base: lcov(hits(100, 0)), lines: added(1) };
    expect((await judge({ ...scene, head: lcov(hits(95, 5)) })).status).toBe('pass');
    const fallen = await judge({ ...scene, head: lcov(hits(94, 6)) });
    expect(fallen.summary).toContain('coverage of the repository falls from 100.0 % to 94.0 %');
    expect((await judge({ ...scene, head: lcov(hits(94, 6)), regression: 6 })).status).toBe('pass');
  });

  it('shows lines of files that are in no report apart, and never counts them as covered', async () => {
    const lines = [...added(1), ...added(3, 'other.js')];
    const verdict = await judge({ head: lcov([1]), lines });
    expect(verdict).toMatchObject({
      status: 'pass',
      summary: '1 of 1 changed lines covered (100.0 %); 3 unmeasured',
      details: { unmeasured: 3, unmeasuredFiles: ['other.js'] },
    });
    expect(await judge({ head: lcov([1]), lines: added(3, 'other.js') })).toMatchObject({
      status: 'not-run',
      summary: 'not measured: none of the 3 added lines is in a report',
    });
  });

  it('leaves out tests, blank lines, comments and brackets', async () => {
    const lines = ['', '  // why', '}', '  });', '# why', ' * why'].map((text, index) => {
      return { path: 'cart.js', line: index + 1, text };
    });
    const verdict = await judge({ head: lcov(hits(0, 9)), lines: [...lines, ...added(2, 'cart.test.js')] });
    expect(verdict).toMatchObject({ status: 'not-run', summary: 'no line of code was added' });
  });

  it.each([
    [{ commands: 0 }, 'not measured: no coverage tool of this repository is known'],
    [{ head: '' }, 'not measured: no report was written (exit 0)'],
    [{ ended: 'timeout' }, 'not measured: `npm run cover` ended by timeout'],
    [{ setUpFails: true }, 'not measured: the set-up fails on head'],
  ])('is not run, and does not block, where nothing can be measured: %j', async (scene, summary) => {
    expect(await judge(scene)).toMatchObject({ status: 'not-run', blocking: false, summary });
  });

  it('is an error when the report cannot be read', async () => {
    expect(await judge({ head: '<coverage', format: 'coverage-xml' })).toMatchObject({ status: 'error' });
    const bomb = '<!DOCTYPE x [<!ENTITY a "aa">]><coverage/>';
    expect((await judge({ head: bomb, format: 'coverage-xml' })).summary).toContain('declares entities');
  });

  it.each([
    [
      'istanbul',
      JSON.stringify({
        a: { path: '/workspace/cart.js', statementMap: { 0: { start: { line: 1 } } }, s: { 0: 2 } },
      }),
    ],
    ['coverage-py', JSON.stringify({ files: { 'cart.js': { executed_lines: [1], missing_lines: [2] } } })],
    ['go-profile', 'mode: set\ncart.js:1.2,2.10 1 1\n'],
    [
      'coverage-xml',
      '<?xml version="1.0"?><!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd"><coverage><sources><source>/workspace</source></sources><packages><package><classes><class filename="cart.js"><lines><line number="1" hits="3"/></lines></class></classes></package></packages></coverage>',
    ],
    [
      'coverage-xml',
      '<coverage generated="1"><project><package name="a"><file name="cart.js" path="/workspace/cart.js"><line num="1" count="1" type="stmt"/></file></package></project></coverage>',
    ],
  ] as const)('reads %s', async (format, text) => {
    expect(await judge({ head: text, format })).toMatchObject({ status: 'pass', details: { covered: 1 } });
  });

  it('finds the file of a JaCoCo package by its end', async () => {
    const text =
      '<report name="x"><package name="a"><sourcefile name="Cart.java"><line nr="1" mi="0" ci="4"/><line nr="2" mi="3" ci="0"/></sourcefile></package></report>';
    const verdict = await judge({ head: text, format: 'coverage-xml', lines: added(2, 'src/a/Cart.java') });
    expect(verdict.details).toMatchObject({ covered: 1, uncovered: 1 });
  });
});
