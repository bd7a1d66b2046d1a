import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { projectRun } from '../../src/record/project-run.ts';
import { renderChecksQuestion } from '../../src/record/render-checks-question.ts';
import { renderPullRequestBody } from '../../src/record/render-pull-request.ts';
import { renderTrackingComment } from '../../src/record/render-tracking-comment.ts';
import { proveText } from '../../src/text/prove-text.ts';
import { journalOf, modelEvents, run, tree } from './run-fixture.ts';

const sha = 'a'.repeat(40);
const home = run.repository.htmlUrl;
type Judged = Extract<JournalEvent, { kind: 'checks.judged' }>;

const judged = (more: Partial<Judged> = {}): Judged => ({
  kind: 'checks.judged',
  round: 1,
  sha,
  outcome: 'ask',
  why: '“unit” is required and flaky: run it again.',
  checks: [
    {
      name: 'unit',
      required: true,
      state: 'red',
      conclusion: 'failure',
      url: `${home}/runs/1`,
      class: 'flaky',
      proof: 'it was green on this very commit before',
      proofUrl: `${home}/runs/0`,
    },
    {
      name: 'deploy',
      required: false,
      state: 'green',
      conclusion: 'success',
      url: 'https://evil.example/?q=1',
    },
    { name: 'e2e', required: true, state: 'missing', conclusion: 'not reported', url: '' },
  ],
  unread: ['actions'],
  feedback: 'FEEDBACK-OF-CI',
  ...more,
});
const reopened: JournalEvent = {
  kind: 'publication.reopened',
  round: 1,
  why: 'checks',
  commit: 'd'.repeat(40),
  treeId: tree,
};
const recordOf = (...events: readonly JournalEvent[]) =>
  projectRun(run, journalOf([...modelEvents.filter(({ kind }) => kind !== 'run.ended'), ...events]));

describe('the checks of others', () => {
  it('stand on the pull request with class, proof and what was not read', () => {
    const body = renderPullRequestBody(recordOf(judged()));
    expect(body).toContain(
      `| \`unit\` | yes | [❌ failure](${home}/runs/1) | flaky: [it was green on this very commit before](${home}/runs/0) |`,
    );
    expect(body).toContain('| `e2e` | yes | ❔ not reported |');
    expect(body).toContain('Not read, because the App lacks the permission: `actions: read`');
    expect(body).toMatch(/\*\*Not ready, for the checks of others:\*\* “unit” is required and flaky/);
  });

  it('link to pages of the repository only, and say nothing of what CI wrote', () => {
    const body = renderPullRequestBody(recordOf(judged()));
    expect(body).toContain(`| \`deploy\` | no | [✅ success](${home}/commit/${sha}) |`);
    expect(body).not.toMatch(/evil\.example|FEEDBACK-OF-CI/);
  });

  it('make names of others inert', () => {
    const bad = { name: '`@mona\n![x](http://evil.example)|', required: false, state: 'green' } as const;
    const body = renderChecksQuestion(
      recordOf(judged({ checks: [{ ...bad, conclusion: 'success', url: '' }], why: '“@mona” fails' })),
      '“@mona http://evil.example” fails',
    );
    expect(proveText(body).live).toEqual([]);
  });

  it('say in the question what was tried and what can be done', () => {
    const first = judged({
      sha: 'd'.repeat(40),
      outcome: 'fix',
      why: '“unit” fails because of this change.',
    });
    const text = renderChecksQuestion(recordOf(first, reopened, judged()), 'because of this');
    expect(text).toMatch(/I need a person.\*\* because of this/);
    expect(text).toMatch(
      /- Round 1, after `dddddddddddd`: “unit” fails because of this change\. The work went back/,
    );
    expect(text).toContain('/agent fix <what to change>');
  });

  it('that are waited for stand in the tracking comment, with the end of the wait', () => {
    const wait = {
      id: `checks:${sha}:1`,
      kind: 'checks',
      sha,
      pull: 8,
      names: ['unit'],
      until: '2026-11-01T12:00:00.000Z',
    } as const;
    const parked: JournalEvent = { kind: 'run.parked', reason: 'x', cause: 'checks', waitId: wait.id };
    const text = renderTrackingComment(recordOf({ kind: 'wait.begun', wait }, parked));
    expect(text).toMatch(/^## Waiting for the checks of others\n\n#8 is pushed as a draft/);
    expect(text).toContain('- `unit`');
    expect(text).toContain('`2026-11-01 12:00 UTC`');
  });

  it('are not mentioned where nobody checks', () => {
    expect(renderPullRequestBody(recordOf())).not.toContain('hecks of others');
  });
});
