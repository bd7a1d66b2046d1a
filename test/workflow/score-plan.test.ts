import { describe, expect, it } from 'vitest';
import { namedFiles, type PlanFacts, scorePlan } from '../../src/workflow/score-plan.ts';

const facts: PlanFacts = {
  text: 'Change src/range.js and its test.',
  steps: 3,
  baseFiles: ['src/range.js', 'README.md', 'package.json'],
  configured: [],
  failuresHere: 0,
  failuresNear: 0,
};
const score = (changes: Partial<PlanFacts>) => scorePlan({ ...facts, ...changes });

describe('the risk of a plan', () => {
  it('is none for a small change of plain code', () => {
    expect(score({})).toEqual({ score: 0, high: false, reasons: [] });
  });

  it.each([
    ['a workflow', { text: 'Edit .github/workflows/ci.yml' }, /runs in CI/],
    [
      'what the repository protects',
      { text: 'Edit infra/a.tf', configured: ['infra/**'] },
      /protected by infra/,
    ],
    ['many steps', { steps: 13 }, /13 steps/],
    ['many files', { text: Array.from({ length: 16 }, (_, n) => `src/f${n}.js`).join(' ') }, /16 files/],
    ['two earlier failures on the thread', { failuresHere: 2 }, /2 earlier runs on the same thread/],
    ['a delicate place and a manifest', { text: 'src/auth/login.js and package.json' }, /delicate/],
  ] as const)('is high for %s, and says why', (_, changes, why) => {
    const risk = score(changes);
    expect(risk.high).toBe(true);
    expect(risk.reasons.join('; ')).toMatch(why);
  });

  it('is the sum of its parts, each with its points', () => {
    const risk = score({ steps: 8, failuresHere: 1, failuresNear: 5 });
    expect(risk.score).toBe(6);
    expect(risk.reasons.map((reason) => /\(\+(\d)\)$/.exec(reason)?.[1])).toEqual(['2', '2', '2']);
  });
});

describe('the files that a plan names', () => {
  it('are those that exist and those with a directory, without what stands around them', () => {
    const text = 'In `src/range.js`, (README.md): see ./src/new/file.ts. And v1.2, e.g. nothing.';
    expect(namedFiles(text, facts.baseFiles)).toEqual(['src/range.js', 'README.md', 'src/new/file.ts']);
  });

  it('are at most a hundred, in time that does not explode', () => {
    const startMs = performance.now();
    expect(namedFiles('a/'.repeat(50_000), [])).toEqual([]);
    expect(namedFiles(Array.from({ length: 500 }, (_, n) => `d/f${n}.js`).join('\n'), [])).toHaveLength(100);
    expect(namedFiles(`${'-'.repeat(50_000)}.`, [])).toEqual([]);
    expect(performance.now() - startMs).toBeLessThan(3_000);
  });
});
