import { describe, expect, it } from 'vitest';
import type { Finding, GateName, Verdict } from '../../src/domain/gate.ts';
import type { ReviewFinding } from '../../src/domain/review.ts';
import { arrangeReview, changedLines, whyDropped } from '../../src/workflow/arrange-review.ts';
import { verdicts } from '../record/run-fixture.ts';

const lines = changedLines([
  { path: 'a.ts', line: 3, text: '  return left  - right;' },
  { path: 'a.ts', line: 4, text: '}' },
  { path: 'b.ts', line: 3, text: 'export const b = 1;' },
]);

const opinion = (changes: Partial<ReviewFinding> = {}): ReviewFinding => ({
  path: 'a.ts',
  line: 3,
  severity: 'warning',
  claim: 'It subtracts.',
  quote: 'return left - right;',
  ...changes,
});

const found = (path: string, line: number, level: Finding['level'] = 'error', rule = 'r'): Finding => ({
  rule,
  path,
  line,
  message: `${rule} at ${line}`,
  level,
  identity: `${rule}:${path}:${line}`,
});

const verdict = (gate: GateName, findings: readonly Finding[]): Verdict => ({
  ...verdicts.lint,
  gate,
  status: 'fail',
  findings,
});

describe('a finding of a model', () => {
  it.each([
    ['on a changed line that reads so, whatever the white space', {}, null],
    ['on a line that the change does not touch', { line: 9 }, 'not-changed'],
    ['in a file that the change does not touch', { path: 'c.ts' }, 'not-changed'],
    ['with a quotation of another line', { quote: 'export const b = 1;' }, 'quote-differs'],
    ['with a part of the line', { quote: 'return left' }, 'quote-differs'],
    ['with characters that nobody sees in its quotation', { quote: 'return left - \u200bright;' }, null],
  ] as const)('%s', (_, changes, reason) => {
    expect(whyDropped(opinion(changes), lines)).toBe(reason);
  });

  it('on a line that was shown cut may quote its beginning', () => {
    const text = `const table = '${'x'.repeat(900)}';`;
    const long = changedLines([{ path: 'a.ts', line: 1, text }]);
    const quoting = (quote: string) => whyDropped(opinion({ line: 1, quote }), long);
    expect(quoting(`${text.slice(0, 400)}…`)).toBeNull();
    expect(quoting(text.slice(0, 40))).toBe('quote-differs');
    expect(quoting(`${'y'.repeat(200)}…`)).toBe('quote-differs');
  });
});

describe('what is shown of a review', () => {
  it('joins a gate’s finding and an opinion on one line, and leaves out what is not on the change', () => {
    const arranged = arrangeReview({
      verdicts: [
        verdict('sast', [found('a.ts', 3), found('a.ts', 99)]),
        verdict('parse', [found('c.ts', 1)]),
      ],
      proposals: [opinion()],
      lines,
    });
    expect(arranged).toEqual({
      lines: [
        {
          path: 'a.ts',
          line: 3,
          found: [{ gate: 'sast', finding: found('a.ts', 3) }],
          opinions: [opinion()],
        },
      ],
      linesLeft: 0,
      dropped: [],
    });
  });

  it('counts what it drops: unread lines, repetitions, and a third opinion on one line', () => {
    const { lines: shown, dropped } = arrangeReview({
      verdicts: [],
      proposals: [
        opinion({ line: 77 }),
        opinion({ quote: 'not there' }),
        opinion(),
        opinion({ claim: 'It  subtracts.' }),
        opinion({ claim: 'And again.' }),
        opinion({ claim: 'And a third.' }),
      ],
      lines,
    });
    expect(shown.map(({ opinions }) => opinions.length)).toEqual([2]);
    expect(Object.fromEntries(dropped.map(({ reason, count }) => [reason, count]))).toEqual({
      'not-changed': 1,
      'quote-differs': 1,
      repeated: 1,
      'too-many': 1,
    });
  });

  it('keeps the twenty most severe lines, gates before opinions, in the order of the files', () => {
    const many = changedLines(
      Array.from({ length: 60 }, (_, index) => ({
        path: 'm.ts',
        line: index + 1,
        text: `line ${index + 1}`,
      })),
    );
    const errors = [55, 50, 45].map((line) => found('m.ts', line));
    const warnings = Array.from({ length: 15 }, (_, index) => found('m.ts', index + 1, 'warning'));
    const thought = [20, 21, 22, 23, 24].map((line) =>
      opinion({ path: 'm.ts', line, quote: `line ${line}`, severity: line < 22 ? 'error' : 'note' }),
    );
    const arranged = arrangeReview({
      verdicts: [verdict('sast', [...warnings, ...errors])],
      proposals: thought,
      lines: many,
    });
    expect(arranged.lines).toHaveLength(20);
    expect(arranged.linesLeft).toBe(3);
    expect(arranged.lines.map(({ line }) => line)).toEqual([
      ...Array.from({ length: 15 }, (_, index) => index + 1),
      20,
      21,
      45,
      50,
      55,
    ]);
  });
});
