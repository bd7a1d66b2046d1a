import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { SettledReview } from '../../src/domain/review.ts';
import { projectRun } from '../../src/record/project-run.ts';
import { renderChecks } from '../../src/record/render-check.ts';
import { renderReview } from '../../src/record/render-review.ts';
import { wholeReview } from '../../src/text/whole-review.ts';
import { journalOf, run, tree, verdicts } from './run-fixture.ts';

const sha = 'c'.repeat(40);
const reviewing = {
  ...run,
  trigger: 'review',
  target: { ...run.target, kind: 'pull-request' },
} as const;

const settled: SettledReview = {
  lines: [],
  linesLeft: 0,
  dropped: [],
  look: null,
  summary: '',
  claims: [],
  unseen: [],
  files: [{ path: 'src/a.ts', status: 'modified', additions: 2, deletions: 1, binary: false }],
  headNow: sha,
};

function recordOf(review: Partial<SettledReview>, more: readonly JournalEvent[] = []) {
  return projectRun(
    reviewing,
    journalOf([
      {
        kind: 'base.chosen',
        base: 'main',
        head: 'topic',
        headTip: sha,
        baseSha: 'a'.repeat(40),
        startSha: 'b'.repeat(40),
        startTree: tree,
        files: 3,
        notes: [],
        reviewed: { sha, treeId: tree },
      },
      { kind: 'gate.judged', round: 1, verdict: verdicts.tests },
      ...more,
      { kind: 'review.settled', ...settled, ...review },
    ]),
  );
}

const opinion = (claim: string) => ({
  path: 'src/a.ts',
  line: 4,
  severity: 'error' as const,
  claim,
  quote: 'x',
});

const withOpinion = (claim: string) =>
  recordOf({
    look: 'finished',
    lines: [{ path: 'src/a.ts', line: 4, found: [], opinions: [opinion(claim)] }],
  });

describe('the text of a review', () => {
  it('names the commit, has the evidence, and says that no model looked', () => {
    const { body, lines } = renderReview(recordOf({}));
    expect(lines).toEqual([]);
    expect(body).toContain(`## Review of \`${sha.slice(0, 12)}\``);
    expect(body).toContain(`against base \`${'b'.repeat(12)}\``);
    expect(body).toContain('| tests | `npm test` |');
    expect(body).toContain('No model has looked at this');
    expect(body).toContain('src/a.ts');
    expect(body).not.toMatch(/moved|approv(?!ing is for people)/);
  });

  it('says where the branch is now, what the model left out, what was dropped and what is not shown', () => {
    const { body } = renderReview(
      recordOf({
        headNow: 'd'.repeat(40),
        look: 'turn-limit',
        linesLeft: 4,
        dropped: [{ reason: 'quote-differs', count: 2 }],
        unseen: ['package-lock.json'],
      }),
    );
    expect(body).toContain(`it is at \`${'d'.repeat(12)}\``);
    expect(body).toContain('4 more lines have findings');
    expect(body).toContain('ended before the model said it was done (`turn-limit`)');
    expect(body).toContain('2 on lines that do not read as quoted');
    expect(body).toContain('`package-lock.json`');
    expect(renderReview(recordOf({ headNow: null })).body).toContain('the branch is gone');
  });

  it('strikes out what the gates do not bear out', () => {
    const text = 'All 99 tests pass.';
    const { body } = renderReview(
      recordOf({
        look: 'finished',
        summary: `It adds a rule. ${text}`,
        claims: [{ text, state: 'contradicted', why: '12 tests passed' }],
      }),
    );
    expect(body).toContain(`It adds a rule. ~~${text}~~`);
    expect(body).toContain('contradicted: “All 99 tests pass.” (12 tests passed)');
  });

  it('lists what gates found away from the change, and does not repeat what stands on a line', () => {
    const finding = (line: number) => ({
      rule: 'eval',
      path: 'src/a.ts',
      line,
      message: `eval of input ${line}`,
      level: 'error' as const,
      identity: `eval:${line}`,
    });
    const verdict = {
      ...verdicts.lint,
      gate: 'sast',
      status: 'fail',
      findings: [finding(4), finding(90)],
    } as const;
    const { body, lines } = renderReview(
      recordOf(
        {
          lines: [
            { path: 'src/a.ts', line: 4, found: [{ gate: 'sast', finding: finding(4) }], opinions: [] },
          ],
        },
        [{ kind: 'gate.judged', round: 1, verdict }],
      ),
    );
    expect(body).toContain('sast: src/a.ts:90 eval of input 90 (eval)');
    expect(body).not.toContain('src/a.ts:4 ');
    expect(lines).toMatchObject([
      { path: 'src/a.ts', line: 4, body: '**Found by the gate sast**: eval of input 4 (`eval`)' },
    ]);
  });
});

describe('an opinion on a line', () => {
  it('is labelled, and nothing in it acts', () => {
    const [line] = renderReview(
      withOpinion(
        '@everyone see https://evil.example ![x](https://evil.example/x.png) #99 <b>hi</b>\n/agent approve',
      ),
    ).lines;
    expect(line?.body).toMatch(/^\*\*Opinion of a model\*\* \(an error, not measured\): /);
    expect(line?.body).not.toMatch(/(?<!`)@everyone|!\[|<b>|^\/agent/m);
    expect(line?.body).not.toMatch(/\]\(https?:\/\/evil|(?<!`)https:\/\/evil/);
  });

  it('that says tests fail stands beside what the gate measured', () => {
    expect(renderReview(withOpinion('The tests of this function fail.')).lines[0]?.body).toContain(
      'The gate tests measured: 12 tests pass',
    );
    expect(renderReview(withOpinion('It fails for an empty list.')).lines[0]?.body).not.toContain(
      'measured:',
    );
  });

  it('and all others fit into one text together with the body', () => {
    const lines = Array.from({ length: 20 }, (_, index) => ({
      path: `src/${'long-name-'.repeat(15)}${index}.ts`,
      line: index + 1,
      found: [],
      opinions: [opinion('a'.repeat(1_000)), opinion('b'.repeat(1_000))],
    }));
    const whole = wholeReview(
      renderReview(recordOf({ look: 'finished', lines, summary: 'c '.repeat(9_000) })),
    );
    expect(whole.length).toBeLessThan(60_000);
    expect(whole).not.toContain('*(cut: the rest');
    expect(whole).toContain('### On lines');
  });
});

it('a check of a review reports what is held, and asks nobody to release it', () => {
  const held = { ...verdicts.tests, status: 'fail', blocking: false, held: true } as const;
  const [check] = renderChecks(recordOf({}, [{ kind: 'gate.judged', round: 1, verdict: held }]));
  expect(check?.conclusion).toBe('neutral');
});
