import { afterAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/domain/gate.ts';
import { createComplexityGate } from '../../src/gates/complexity-gate.ts';
import { createDocsGate } from '../../src/gates/docs-gate.ts';
import { createFactsReader } from '../../src/gates/facts/facts-reader.ts';
import { createParseGate } from '../../src/gates/parse-gate.ts';
import { changeInput, type Texts } from './change-input.ts';

const facts = createFactsReader();
afterAll(() => facts.close());

describe('the parse gate', () => {
  const judge = (base: Texts, head: Texts): Promise<Verdict> =>
    createParseGate({ facts }).judge(changeInput(base, head));

  it.each([
    ['a.ts', 'const a: number = 1;\n', 'const a: number = ;\n'],
    ['a.tsx', 'const a = <b>x</b>;\n', 'const a = <b>x;\n'],
    ['a.py', 'def f():\n    return 1\n', 'def f(:\n    return 1\n'],
    ['a.go', 'package a\n\nfunc F() {}\n', 'package a\n\nfunc F( {}\n'],
    ['A.java', 'class A { int a = 1; }\n', 'class A { int a = ; }\n'],
    ['a.rs', 'fn f() {}\n', 'fn f( {}\n'],
    ['a.rb', 'def f\n  1\nend\n', 'def f(\n  1\nend\n'],
    ['a.php', '<?php function f() {}\n', '<?php function f( {}\n'],
    ['a.cs', 'class A { int a = 1; }\n', 'class A { int a = ; }\n'],
    ['a.sh', 'if true; then ls; fi\n', 'if true; then ls;\n'],
    ['package.json', '{"a": 1}', '{"a": 1,}'],
    ['a.yml', 'a: 1\n', 'a: [1\n'],
    ['a.toml', 'a = 1\n', 'a = \n'],
  ])('blocks %s that no longer parses, and names the line', async (path, base, head) => {
    expect(await judge({ [path]: base }, { [path]: base })).toMatchObject({ status: 'not-run' });
    const verdict = await judge({ [path]: base }, { [path]: head });
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.findings[0]?.line).toBeGreaterThan(0);
  });

  it('blocks the marks of a merge that was not settled, whatever language the file is in', async () => {
    const marks = 'one\n<<<<<<< pull-request\nours\n=======\ntheirs\n>>>>>>> base-branch\n';
    const verdict = await judge({ 'NOTES.txt': 'one\n' }, { 'NOTES.txt': marks });
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.findings).toMatchObject([{ rule: 'conflict', path: 'NOTES.txt', line: 2 }]);
    expect(verdict.summary).toContain('1 conflict not settled');
    expect((await judge({ 'NOTES.txt': marks }, { 'NOTES.txt': `${marks}more\n` })).findings).toEqual([]);
    const quoted = 'git writes\n<<<<<<< HEAD\nthere\n';
    expect((await judge({ 'NOTES.txt': '' }, { 'NOTES.txt': quoted })).findings).toEqual([]);
  });

  it('blocks a new file that does not parse, and only warns where samples may be broken', async () => {
    expect(await judge({}, { 'src/a.py': 'def f(:\n' })).toMatchObject({ status: 'fail', blocking: true });
    const sample = await judge({}, { 'test/fixtures/bad.py': 'def f(:\n' });
    expect(sample).toMatchObject({ status: 'fail', blocking: false });
  });

  it('only warns about C and C++, whose macros no grammar reads', async () => {
    const verdict = await judge({ 'a.c': 'int f() { return 1; }\n' }, { 'a.c': 'int f() { return ; ) }\n' });
    expect(verdict).toMatchObject({ status: 'fail', blocking: false });
  });

  it('allows comments in JSON where tools do, and templates in YAML', async () => {
    const verdict = await judge(
      {},
      { 'tsconfig.json': '{ // why\n "a": [1,], }', 'chart/a.yaml': 'a: {{ .Values.b }}\n- c\n' },
    );
    expect(verdict.status).toBe('pass');
  });

  it('leaves out what is generated or larger than 1 MiB', async () => {
    expect((await judge({}, { 'dist/a.js': 'let a = ;\n' })).status).toBe('not-run');
    const verdict = await judge({}, { 'a.js': `let a = ;\n${'// x\n'.repeat(250_000)}`, 'b.js': 'let b;\n' });
    expect(verdict.status).toBe('pass');
    expect(verdict.summary).toContain('1 over 1 MiB left out');
  });
});

describe('the complexity gate', () => {
  const judge = (base: Texts, head: Texts, max = 10, maxPercent = 5): Promise<Verdict> =>
    createComplexityGate({ facts }).judge(
      changeInput(base, head, {
        settings: { complexity: { mode: 'block', max }, regression: { maxPercent } },
      }),
    );
  const branches = (count: number, name = 'f'): string =>
    `function ${name}(a) {\n${'  if (a > 0) a -= 1;\n'.repeat(count)}  return a;\n}\n`;

  it('allows exactly the limit and fails one more', async () => {
    expect((await judge({ 'a.js': branches(1) }, { 'a.js': branches(9) })).status).toBe('pass');
    const verdict = await judge({ 'a.js': branches(1) }, { 'a.js': branches(10) });
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.findings[0]?.message).toBe('`f` has a complexity of 11 (2 on base; at most 10)');
    expect((await judge({ 'a.js': branches(1) }, { 'a.js': branches(10) }, 11)).status).toBe('pass');
  });

  it('lets a function above the limit be touched and simplified', async () => {
    const touched = branches(14).replace('return a;', 'return a + 1;');
    expect((await judge({ 'a.js': branches(14) }, { 'a.js': touched })).status).toBe('pass');
    expect((await judge({ 'a.js': branches(14) }, { 'a.js': branches(12) })).status).not.toBe('fail');
  });

  it('points out two decisions more in a function above the limit, and fails three', async () => {
    const two = await judge({ 'a.js': branches(10) }, { 'a.js': branches(12) });
    expect(two).toMatchObject({ status: 'fail', blocking: false, findings: [{ level: 'warning' }] });
    expect(two.summary).toBe('`f` has a complexity of 13 (11 on base; at most 10)');
    const three = await judge({ 'a.js': branches(10) }, { 'a.js': branches(13) });
    expect(three).toMatchObject({ status: 'fail', blocking: true, findings: [{ level: 'error' }] });
    // At the limit it was not above it.
    const crossing = await judge({ 'a.js': branches(9) }, { 'a.js': branches(10) });
    expect(crossing).toMatchObject({ status: 'fail', blocking: true });
  });

  it('lets a function far above the limit grow by the regression limit, and no more', async () => {
    const from59 = (count: number, maxPercent: number) =>
      judge({ 'a.js': branches(59) }, { 'a.js': branches(count) }, 10, maxPercent);
    expect(await from59(62, 5)).toMatchObject({ status: 'fail', blocking: false });
    expect(await from59(63, 5)).toMatchObject({ status: 'fail', blocking: true });
    expect(await from59(62, 0)).toMatchObject({ status: 'fail', blocking: true });
  });

  it('knows a function again that moved to another file', async () => {
    const verdict = await judge({ 'a.js': branches(14) }, { 'b.js': branches(14) });
    expect(verdict.status).toBe('pass');
  });

  it('does not count what tests and generated files do', async () => {
    expect((await judge({}, { 'test/a.test.js': branches(14) })).status).toBe('not-run');
    expect((await judge({}, { 'dist/a.js': branches(14) })).status).toBe('not-run');
  });

  it('fails when the average of the changed files grows by more than the regression limit, near the limit', async () => {
    const many = (count: number) =>
      Array.from({ length: 20 }, (_, index) => branches(count, `f${index}`)).join('');
    const grown = many(6).replace(branches(6, 'f0'), branches(9, 'f0')) + branches(9, 'g') + branches(9, 'h');
    const within = await judge({ 'a.js': many(6) }, { 'a.js': grown }, 10, 7);
    expect(within.status).toBe('pass');
    const over = await judge({ 'a.js': many(6) }, { 'a.js': grown }, 10, 5);
    expect(over.findings.map(({ rule }) => rule)).toEqual(['complexity-regression']);
    const harmless = await judge({ 'a.js': many(0) }, { 'a.js': many(0) + branches(3, 'g') });
    expect(harmless.status).toBe('pass');
  });

  it.each([
    ['a.py', 'def f(a):\n    if a and a > 1:\n        return [x for x in a if x]\n    return 1\n', 5],
    ['a.go', 'package a\nfunc F(a int) int {\n if a > 1 && a < 3 { return 1 }\n for { }\n}\n', 4],
    ['A.java', 'class A { int f(int a) { switch (a) { case 1: return 1; default: return 2; } } }\n', 2],
    ['a.rs', 'fn f(a: i32) -> i32 { match a { 1 => 2, _ => { if a > 2 { 3 } else { 4 } } } }\n', 3],
    ['a.rb', 'def f(x)\n  return 1 if x && x > 1\n  2\nend\n', 3],
    ['a.php', '<?php function f($a) { return $a ?? ($a ? 1 : 2); }\n', 3],
    ['a.cs', 'class A { int F(int a) { foreach (var x in y) { } return a > 1 || a < 0 ? 1 : 2; } }\n', 4],
    ['a.cpp', 'int f(int&& a) { while (a > 1 && a < 3) { } return 1; }\n', 3],
    ['a.ts', 'const f = (a?: { b: number }, c = 1) => a?.b ?? c;\n', 3],
  ])('counts the paths through %s', async (path, text, complexity) => {
    const verdict = await judge({}, { [path]: text }, 1);
    expect(verdict.findings[0]?.message).toContain(`has a complexity of ${complexity} `);
  });
});

describe('the docs gate', () => {
  const judge = (base: Texts, head: Texts): Promise<Verdict> =>
    createDocsGate({ facts }).judge(changeInput(base, head));

  it.each([
    ['a.ts', '/** Adds. */\nexport const f = () => 1;\n', 'export const f = () => 1;\n'],
    ['a.ts', '/** A thing. */\nexport interface A {}\n', 'export interface A {}\n'],
    ['a.py', 'def f():\n    """Adds."""\n', 'def f():\n    return 1\n'],
    ['a.go', 'package a\n\n// F adds.\nfunc F() {}\n', 'package a\n\nfunc F() {}\n'],
    ['A.java', '/** A. */\npublic class A {}\n', 'public class A {}\n'],
    ['a.rs', '/// Adds.\n#[inline]\npub fn f() {}\n', 'pub fn f() {}\n'],
  ])('asks for a doc comment in %s', async (path, documented, bare) => {
    expect((await judge({}, { [path]: documented })).status).toBe('pass');
    const verdict = await judge({}, { [path]: bare });
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.findings).toHaveLength(1);
  });

  it.each([
    ['a.ts', 'function f() {}\nconst a = 1;\nexport const b = 2;\n'],
    ['a.py', 'def _f():\n    return 1\n'],
    ['a.go', 'package a\n\nfunc f() {}\n'],
    ['test/a.test.ts', 'export function f() {}\n'],
  ])('asks nothing of what is not public in %s', async (path, text) => {
    expect((await judge({}, { [path]: text })).status).toBe('not-run');
  });

  it('does not call a symbol new that moved', async () => {
    const text = 'export function f() {}\n';
    expect((await judge({ 'a.ts': text }, { 'b.ts': text })).status).toBe('not-run');
  });
});
