import { describe, expect, it } from 'vitest';
import type { Finding, Verdict } from '../../src/domain/gate.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { holdHash } from '../../src/record/hold-hash.ts';
import { projectRun } from '../../src/record/project-run.ts';
import { renderChecks, renderReleasedChecks, renderRunCheck } from '../../src/record/render-check.ts';
import { renderPullRequestBody } from '../../src/record/render-pull-request.ts';
import { journalOf, modelEvents, run, verdicts } from './run-fixture.ts';

const record = (...more: readonly JournalEvent[]) => projectRun(run, journalOf([...modelEvents, ...more]));

describe('renderChecks', () => {
  it('gives each gate its check, and calls nothing a success that did not pass', () => {
    const conclusions = renderChecks(record()).map(({ name, conclusion }) => [name, conclusion]);
    expect(conclusions).toEqual([
      ['agent / tests', 'success'],
      ['agent / security', 'success'],
      ['agent / quality', 'neutral'],
    ]);
    const notRun = { ...verdicts.tests, status: 'not-run' } as const;
    const [check] = renderChecks(record({ kind: 'gate.judged', round: 2, verdict: notRun }));
    expect(check?.conclusion).toBe('failure');
  });

  it('annotates findings and shows the feedback', () => {
    const finding = {
      rule: 'r',
      path: 'a.js',
      line: 0,
      message: 'm @bob',
      level: 'error',
      identity: 'i',
    } as const;
    const verdict = {
      ...verdicts.secrets,
      status: 'fail',
      findings: [finding],
      feedback: 'look ``` here',
    } as const;
    const [check] = renderChecks(record({ kind: 'gate.judged', round: 2, verdict }));
    expect(check?.annotations).toEqual([
      { path: 'a.js', startLine: 1, endLine: 1, level: 'failure', message: 'm bob' },
    ]);
    expect(check?.summary).toContain('````\nlook ``` here\n````');
  });

  const judged = (verdict: Verdict): JournalEvent => ({ kind: 'gate.judged', round: 2, verdict });
  const finding = (line: number, level: 'error' | 'warning'): Finding => {
    return { rule: 'r', path: 'a.js', line, message: 'm', level, identity: `i${line}` };
  };

  it('publishes one check for all gates of a group, with the findings of each', () => {
    const checks = renderChecks(
      record(
        judged({ ...verdicts.lint, gate: 'parse', status: 'pass', summary: '3 files parse' }),
        judged({
          ...verdicts.lint,
          gate: 'complexity',
          status: 'fail',
          blocking: true,
          summary: 'one function is too complex',
          findings: [finding(1, 'warning'), finding(2, 'error')],
          feedback: 'simplify f',
        }),
      ),
    );
    expect(checks.map(({ name }) => name)).toEqual(['agent / quality']);
    const [check] = checks;
    expect(check?.conclusion).toBe('failure');
    expect(check?.title).toBe('complexity: one function is too complex (1 of 2 gates pass)');
    expect(check?.annotations.map(({ startLine }) => startLine)).toEqual([2, 1]);
    expect(check?.summary).toContain('3 files parse');
    expect(check?.summary).toContain('simplify f');
  });

  it('annotates 200 findings and says how many are left', () => {
    const findings = Array.from({ length: 250 }, (_, index) => finding(index + 1, 'error'));
    const [check] = renderChecks(record(judged({ ...verdicts.secrets, status: 'fail', findings })));
    expect(check?.annotations).toHaveLength(200);
    expect(check?.summary).toContain('50 more findings are not annotated.');
  });

  describe('of what is held', () => {
    const held = judged({
      ...verdicts.tests,
      gate: 'integrity',
      status: 'fail',
      mode: 'hold',
      blocking: false,
      held: true,
      summary: 'one test was deleted',
    });
    const events = [judged(verdicts.tests), held];
    const hash = holdHash(record(...events).verdicts) ?? '';
    const wait = { id: `held:${hash}:1`, kind: 'held', hash, pull: 8 } as const;
    const begun: JournalEvent = { kind: 'wait.begun', wait };
    const ended = (outcome: 'approved' | 'void', text = ''): JournalEvent => {
      const by = outcome === 'void' ? null : { id: 5, login: 'wim', role: 'write' as const, commentId: null };
      return { kind: 'wait.ended', waitId: wait.id, outcome, by, text };
    };

    it('asks for action, and for an approval only while a run waits for it', () => {
      const waiting = record(...events, begun);
      expect(renderChecks(waiting)[0]?.conclusion).toBe('action_required');
      const body = renderPullRequestBody(waiting);
      expect(body).toMatch(/\*\*Held until a person approves it\*\* \(`\/agent approve [0-9a-f]{12}`\)/);
      expect(body).toContain('✋ held');
      const others = [
        [record(...events), 'for a person to judge'],
        [record(...events, judged({ ...verdicts.secrets, status: 'fail' })), 'something else blocks'],
        [record(...events, begun, ended('void', 'The branch was changed.')), 'The branch was changed'],
      ] as const;
      for (const [other, why] of others) {
        expect(renderPullRequestBody(other)).toContain(why);
        expect(renderPullRequestBody(other)).not.toContain('/agent approve');
      }
    });

    it('is a success that names the person once it was released, and not by an approval of another hash', () => {
      const released = record(...events, begun, ended('approved'));
      const [check] = renderReleasedChecks(released);
      expect(check?.conclusion).toBe('success');
      expect(check?.summary).toContain(
        `**Released** by wim (\`write\`), who approved \`${hash}\`: integrity`,
      );
      expect(renderPullRequestBody(released)).toContain('**Held, and released** by wim');
      const more = judged({ ...verdicts.tests, gate: 'policy', status: 'fail', blocking: false, held: true });
      const grown = record(...events, more, begun, ended('approved'));
      expect(renderChecks(grown)[0]?.conclusion).toBe('action_required');
      const lost = record(...events, begun, ended('approved'), ended('void', 'has no longer the role'));
      expect(renderChecks(lost)[0]?.conclusion).toBe('action_required');
    });
  });

  it('calls a group no success when a source did not answer', () => {
    const notChecked = judged({
      ...verdicts.secrets,
      gate: 'dependencies',
      status: 'not-checked',
      blocking: false,
    });
    const [check] = renderChecks(record(judged(verdicts.secrets), notChecked));
    expect(check?.conclusion).toBe('neutral');
    expect(check?.summary).toContain('❔ not checked');
  });
});

describe('the buttons', () => {
  it('fit what GitHub takes, and stop is offered while the run goes on, retry when it is over', () => {
    const going = renderRunCheck(record());
    const over = renderRunCheck(
      record({ kind: 'run.ended', state: 'cancelled', end: { state: 'cancelled', summary: 'stopped' } }),
    );
    expect([going.conclusion, over.conclusion]).toEqual([null, 'cancelled']);
    const checks = [going, over, ...renderChecks(record())];
    expect(checks.map(({ actions }) => actions.map(({ identifier }) => identifier))).toEqual([
      ['stop'],
      ['retry'],
      ['retry'],
      ['retry'],
      ['retry'],
    ]);
    // https://docs.github.com/en/rest/checks/runs#create-a-check-run
    for (const { label, description, identifier } of checks.flatMap(({ actions }) => actions)) {
      expect(label.length).toBeLessThanOrEqual(20);
      expect(description.length).toBeLessThanOrEqual(40);
      expect(identifier.length).toBeLessThanOrEqual(20);
    }
  });
});
