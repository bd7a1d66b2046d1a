import { afterAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/domain/gate.ts';
import { createDuplicationGate } from '../../src/gates/duplication-gate.ts';
import { createFactsReader } from '../../src/gates/facts/facts-reader.ts';
import { changeInput, type Texts } from './change-input.ts';

const facts = createFactsReader();
afterAll(() => facts.close());

interface Limits {
  readonly maxPercent?: number;
  readonly minTokens?: number;
  readonly regression?: number;
}

function judge(base: Texts, head: Texts, limits: Limits = {}): Promise<Verdict> {
  const { maxPercent = 5, minTokens = 70, regression = 5 } = limits;
  const settings = {
    duplication: { mode: 'block', maxPercent, minTokens },
    regression: { maxPercent: regression },
  } as const;
  return createDuplicationGate({ facts }).judge(changeInput(base, head, { settings }));
}

/** Seven tokens a line, each line another. */
const lines = (count: number, word = 'price'): string =>
  Array.from({ length: count }, (_, index) => `total += ${word}${index} * amount;\n`).join('');

describe('the duplication gate', () => {
  it('counts a copy of exactly the shortest length, and none of a token less', async () => {
    const base = { 'a.js': lines(10) };
    const head = { ...base, 'b.js': `let x;\n${lines(10)}` };
    expect((await judge(base, head, { minTokens: 70, maxPercent: 100 })).status).toBe('fail');
    expect((await judge(base, head, { minTokens: 71, maxPercent: 100 })).status).toBe('pass');
  });

  it('names both places of a copy', async () => {
    const base = { 'a.js': `let y;\n${lines(12)}` };
    const verdict = await judge(base, { ...base, 'src/b.js': lines(12) });
    expect(verdict.findings[0]).toMatchObject({ rule: 'clone', path: 'src/b.js', line: 1 });
    expect(verdict.findings[0]?.message).toBe('12 lines (84 tokens) are a copy of a.js:2');
  });

  it('sees through white space, comments and line breaks', async () => {
    const base = { 'a.js': lines(12) };
    const copy = lines(12).replaceAll(' * ', ' /* by */ *\n  ');
    expect((await judge(base, { ...base, 'b.js': copy })).status).toBe('fail');
  });

  it('does not call a rewrite of both copies a new copy, nor a move, nor an import list', async () => {
    const both = { 'a.js': lines(14), 'b.js': lines(14) };
    const rewritten = { 'a.js': lines(14, 'cost'), 'b.js': lines(14, 'cost') };
    expect((await judge(both, rewritten)).status).toBe('pass');
    expect((await judge({ 'a.js': lines(14) }, { 'b.js': lines(14) })).status).toBe('pass');
    const imports = Array.from({ length: 20 }, (_, at) => `import { a${at} } from './m${at}.js';\n`).join('');
    const importing = { 'a.js': imports };
    expect((await judge(importing, { ...importing, 'b.js': imports })).status).toBe('pass');
  });

  it('does not call a long row of equal things a copy of itself', async () => {
    expect((await judge({}, { 'a.js': 'push(0);\n'.repeat(30) }, { minTokens: 150 })).status).toBe('pass');
  });

  it('fails when the share of duplicated lines rises above the limit, and not at it', async () => {
    // Two copies grow by what is too short to be a copy of its own: 10 to 14 of 100 lines.
    const filler = (count: number) => lines(count, 'other');
    const base = { 'a.js': lines(10), 'b.js': lines(10) + filler(80) };
    const head = { 'a.js': lines(14), 'b.js': lines(14) + filler(72) };
    const at = { minTokens: 70, regression: 1_000 };
    expect((await judge(base, head, { ...at, maxPercent: 14 })).status).toBe('pass');
    const verdict = await judge(base, head, { ...at, maxPercent: 13 });
    expect(verdict.findings.map(({ rule }) => rule)).toEqual(['duplication-share']);
    expect(verdict.findings[0]?.message).toContain('10.0 % to 14.0 %');
  });

  it('fails when duplicated lines grow by more than the regression limit, near the limit', async () => {
    const filler = (count: number) => lines(count, 'other');
    const base = { 'a.js': lines(10), 'b.js': lines(10) + filler(80) };
    const head = { 'a.js': lines(14), 'b.js': lines(14) + filler(72) };
    expect((await judge(base, head, { maxPercent: 20, regression: 40 })).status).toBe('pass');
    const verdict = await judge(base, head, { maxPercent: 20, regression: 39 });
    expect(verdict.findings.map(({ rule }) => rule)).toEqual(['duplication-regression']);
    expect((await judge(base, head, { maxPercent: 30, regression: 39 })).status).toBe('pass');
  });

  it('does not fail because sound code was deleted', async () => {
    const base = { 'a.js': lines(10), 'b.js': lines(10) + lines(180, 'other') };
    const head = { 'a.js': lines(10), 'b.js': `${lines(10)}let z;\n` };
    expect((await judge(base, head)).status).toBe('pass');
  });

  it('is an error when the comparison takes too long', async () => {
    const text = lines(20_000);
    const gate = createDuplicationGate({ facts, timeoutMs: 1 });
    const verdict = await gate.judge(changeInput({ 'a.js': text }, { 'a.js': `${text}let a;\n` }));
    expect(verdict).toMatchObject({ status: 'error', blocking: true });
    expect(verdict.summary).toContain('did not end within 1 ms');
  });
});
