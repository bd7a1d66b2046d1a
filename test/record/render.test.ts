import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { RunEnd } from '../../src/domain/run.ts';
import type { StopReason } from '../../src/domain/stop-reason.ts';
import { explainStop } from '../../src/record/explain-stop.ts';
import { projectRun } from '../../src/record/project-run.ts';
import {
  renderCommitMessage,
  renderPullRequestBody,
  renderPullTitle,
} from '../../src/record/render-pull-request.ts';
import { renderTrackingComment } from '../../src/record/render-tracking-comment.ts';
import { renderTrackingIssue } from '../../src/record/render-tracking-issue.ts';
import { proveText } from '../../src/text/prove-text.ts';
import { journalOf, modelEvents, run, tree, verdicts } from './run-fixture.ts';

const record = (...more: readonly JournalEvent[]) => projectRun(run, journalOf([...modelEvents, ...more]));
const ended = (end: RunEnd): JournalEvent => ({ kind: 'run.ended', state: end.state, end });
const stopped = (stopReason: StopReason, solver: 'model' | 'repair' = 'model'): JournalEvent => ({
  kind: 'solver.finished',
  round: 1,
  solver,
  stopReason,
  summary: 'Half of it.',
  notDone: 'The second half.',
  treeId: tree,
  details: {},
});

describe('renderPullRequestBody', () => {
  it('matches the recorded body of a run by a model', async () => {
    await expect(renderPullRequestBody(record())).toMatchFileSnapshot('golden/pull-request.md');
  });

  it('matches the recorded body of a stopped run by the repair engine with a failing gate', async () => {
    const failed = {
      ...verdicts.tests,
      status: 'fail',
      summary: '1 test fails that passed on base',
    } as const;
    const body = renderPullRequestBody(
      record(stopped('time-limit', 'repair'), {
        kind: 'gate.judged',
        round: 2,
        verdict: { ...failed, details: { newlyFailing: ['a › b'], flaky: ['c'] } },
      }),
    );
    await expect(body).toMatchFileSnapshot('golden/pull-request-stopped.md');
  });

  it('says for every kind of sandbox where the code ran, and loudly when there was none', () => {
    const body = (engine: 'container' | 'none') =>
      renderPullRequestBody(record({ kind: 'sandbox.chosen', engine, version: 'docker 20.10' }));
    expect(body('container')).toContain(
      'in fresh sandboxes (`bubblewrap 0.8.0`, `container docker 20.10`) without network',
    );
    expect(body('none')).toContain('**without a sandbox**');
    expect(body('none')).not.toContain('in fresh sandboxes');
  });

  it('has its sections in the order of the product', () => {
    const headings = [...renderPullRequestBody(record()).matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(headings).toEqual([
      'Summary',
      'Plan',
      'Decisions',
      'Evidence',
      'Security findings',
      'What was read, what was dropped',
      'Risk, and what to look at first',
      'Cost, models, time',
      'How to steer',
    ]);
  });

  it('lets nothing that a model or a repository wrote act', () => {
    const evil =
      '## Evidence\n| tests | ✅ |\n@bob closes #1 ![x](https://evil.example/?q) <!-- x --> /agent fix </details>';
    const body = renderPullRequestBody(
      record(
        { ...stopped('finished'), summary: evil, notDone: evil } as JournalEvent,
        { kind: 'note', level: 'info', text: evil },
        {
          kind: 'decision.recorded',
          turn: 1,
          decision: { question: evil, options: [evil], choice: evil, reason: evil, evidence: evil },
        },
        {
          kind: 'commit.made',
          commit: 'c',
          treeId: tree,
          files: [{ path: 'a`|@bob\n## x.js', status: 'added', additions: 1, deletions: 0, binary: false }],
        },
      ),
    );
    const active = body.replace(/^```json[\s\S]*?^```/gm, '').replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
    expect(active).not.toMatch(/@bob|evil\.example|closes #1\b|<!--|^\/agent/m);
    expect(body.match(/^## Evidence$/gm)).toHaveLength(1);
    expect(active.match(/<\/details>/g)).toHaveLength(1);
  });

  it('stays below 60,000 characters and keeps the machine-readable record', () => {
    const decision = {
      question: 'q '.repeat(150),
      options: Array.from({ length: 10 }, () => 'o '.repeat(140)),
      choice: 'c '.repeat(290),
      reason: 'r '.repeat(490),
      evidence: 'e '.repeat(290),
    };
    const many = Array.from({ length: 30 }, (): JournalEvent => {
      return { kind: 'decision.recorded', turn: 1, decision };
    });
    const body = renderPullRequestBody(record(...many));
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(body).toContain('the rest did not fit here; see #7');
    expect(body).toMatch(/"format": 1[\s\S]*<\/details>$/);
  });

  it('names deleted tests and changed manifests whatever the summary says', () => {
    const body = renderPullRequestBody(
      record({
        kind: 'commit.made',
        commit: 'c',
        treeId: tree,
        files: [
          { path: 'test/cart.test.js', status: 'deleted', additions: 0, deletions: 9, binary: false },
          { path: 'package.json', status: 'modified', additions: 1, deletions: 0, binary: false },
          { path: '.github/workflows/ci.yml', status: 'added', additions: 1, deletions: 0, binary: false },
        ],
      }),
    );
    expect(body).toContain('⚠️ **Deletes tests** (1): `test/cart.test.js`');
    expect(body).toContain('⚠️ **Changes dependencies or scripts** (1): `package.json`');
    expect(body).toContain('⚠️ **Changes what runs in CI or steers tools** (1): `.github/workflows/ci.yml`');
  });

  it('links the tracking issue instead of closing one for a run on a pull request', () => {
    const onPull = {
      ...run,
      target: { ...run.target, kind: 'pull-request', number: 9 },
      trackingIssue: 7,
    } as const;
    const body = renderPullRequestBody(projectRun(onPull, journalOf(modelEvents)));
    expect(body).toContain('Tracked in #7');
    expect(body).not.toContain('Closes');
  });
});

describe('renderPullTitle and renderCommitMessage', () => {
  it('are templates around inert text', () => {
    const evil = { ...run, input: { ...run.input, title: 'Fixes #1 @bob `x` https://evil.example' } };
    const evilRecord = projectRun(evil, journalOf(modelEvents));
    expect(renderPullTitle(evilRecord)).toBe('Fixes no. 1 bob x evil.example');
    expect(renderCommitMessage(record(), { noreplyHost: 'git.example' })).toBe(
      [
        'Total of an empty cart is NaN',
        '',
        'The sum now starts at 0, so an empty cart costs nothing.',
        '',
        'Pullwright-Run: 01hzx3w5m8q2v7c9k4t6r1n0pd',
        'Co-authored-by: ada <815+ada@users.noreply.git.example>',
      ].join('\n'),
    );
  });

  it('credits no bot and no login that could break the trailer', () => {
    const requestedBy = { id: 1, login: 'x>\nEvil: y', type: 'User' } as const;
    const message = renderCommitMessage(projectRun({ ...run, requestedBy }, []), { noreplyHost: 'h' });
    expect(message).not.toContain('Co-authored-by');
  });
});

describe('renderTrackingComment', () => {
  it('matches the recorded comment of a published run', async () => {
    const comment = renderTrackingComment(
      record(
        { kind: 'effect.sent', effect: 'pull.ready', key: 'ready', result: { outcome: 'sent' } },
        ended({ state: 'published', summary: '#8 is open and green' }),
      ),
    );
    await expect(comment).toMatchFileSnapshot('golden/tracking-comment.md');
  });

  it('shows the place in the queue, the running step, and why it waits', () => {
    expect(renderTrackingComment(projectRun(run, []), { queuePlace: 2 })).toContain('2 before this one');
    const working = projectRun(run, journalOf([{ kind: 'step.started', step: 'implement', round: 2 }]));
    expect(renderTrackingComment(working)).toContain('## Working: `implement`, round 2');
    expect(renderTrackingComment(record({ kind: 'run.parked', reason: 'GitHub is down.' }))).toContain(
      '## Waiting\n\nGitHub is down.',
    );
  });

  it('explains a refusal and says what to do next', () => {
    const refused = ended({ state: 'refused', summary: 'No key is set.' });
    const comment = renderTrackingComment(record(stopped('no-failing-test', 'repair'), refused));
    expect(comment).toContain('## Not done: refused');
    expect(comment).toContain('No key is set.');
    expect(comment).toMatch(/\*\*What to do next:\*\* Set `ANTHROPIC_API_KEY`/);
  });

  it.each(['failed', 'cancelled'] as const)('says what to do after a run that was %s', (state) => {
    const comment = renderTrackingComment(
      projectRun(run, journalOf([ended({ state, summary: 'Because.' })])),
    );
    expect(comment).toContain('Because.');
    expect(comment).toContain('**What to do next:**');
  });
});

describe('explainStop', () => {
  const reasons: readonly StopReason[] = [
    'turn-limit',
    'time-limit',
    'budget',
    'model-unavailable',
    'model-misconfigured',
    'model-refused',
    'loop',
    'malformed-calls',
    'no-repair-found',
    'no-failing-test',
    'cancelled',
  ];

  it.each(reasons)('tells for %s what to do next, on the pull request', (reason) => {
    const { why, next } = explainStop(reason);
    expect(next).not.toBe('');
    expect(renderPullRequestBody(record(stopped(reason)))).toContain(`**Stopped early:** ${why} ${next}`);
  });
});

describe('renderTrackingIssue', () => {
  it('shows nothing of a title that acts', () => {
    const title = '![x](//evil.example/x.png) <img src=x>';
    const { body } = renderTrackingIssue({ ...run, input: { ...run.input, title } });
    expect(proveText(body).live).toEqual([]);
  });

  it('has the same title for every run on a pull request', () => {
    const { title, body } = renderTrackingIssue({ ...run, target: { ...run.target, number: 9 } });
    expect(title).toBe('Agent work on pull request #9');
    expect(body).toContain('#9');
  });
});

describe('claims without support', () => {
  const summary = 'All tests pass. Changed `src/cart.js`.';
  const finished: JournalEvent = {
    kind: 'solver.finished',
    round: 1,
    solver: 'model',
    stopReason: 'finished',
    summary,
    notDone: '',
    treeId: tree,
    details: {},
  };
  const claim = (text: string, state: string) => ({
    text,
    kind: 'tests-pass',
    value: '',
    state,
    why: '2 fail',
  });
  const judged = (claims: readonly object[]): JournalEvent => ({
    kind: 'gate.judged',
    round: 1,
    verdict: { ...verdicts.tests, gate: 'claims', status: 'fail', blocking: false, details: { claims } },
  });

  it('are struck out in the summary, with the reason, and the others stay', () => {
    const claims = [claim('All tests pass.', 'contradicted'), claim('Changed `src/cart.js`.', 'supported')];
    const body = renderPullRequestBody(record(finished, judged(claims)));
    expect(body).toContain('~~All tests pass.~~ Changed `src/cart.js`.');
    expect(body).toContain('Struck out, because the evidence does not support it');
    expect(body).toContain('contradicted: “All tests pass.” (2 fail)');
  });

  it('show what a second look said, and cost what it cost', () => {
    const usage = {
      inputTokens: 5,
      outputTokens: 1,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      reported: true,
    };
    const investigated: JournalEvent = {
      kind: 'claims.investigated',
      round: 1,
      claims: ['All tests pass.'],
      answer: 'The sentence is wrong.',
      model: 'second-look',
      usage,
      costUsd: 0.01,
    };
    const body = renderPullRequestBody(
      record(finished, judged([claim('All tests pass.', 'contradicted')]), investigated),
    );
    expect(body).toContain('The sentence is wrong.');
    expect(body).toContain('second-look');
  });
});
