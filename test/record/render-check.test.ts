import { describe, expect, it } from 'vitest';
import type { Finding, Verdict } from '../../src/domain/gate.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { projectRun } from '../../src/record/project-run.ts';
import { renderChecks } from '../../src/record/render-check.ts';
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

  it('asks for action when a gate is held, says how to release it, and leaves the draft', () => {
    const held = judged({
      ...verdicts.tests,
      gate: 'integrity',
      status: 'fail',
      mode: 'hold',
      blocking: false,
      held: true,
      summary: 'one test was deleted',
    });
    const [check] = renderChecks(record(judged(verdicts.tests), held));
    expect(check?.conclusion).toBe('action_required');
    const body = renderPullRequestBody(record(judged(verdicts.tests), held));
    expect(body).toMatch(/\*\*Held until a person approves it\*\* \(`\/agent approve [0-9a-f]{12}`\)/);
    expect(body).toContain('✋ held');
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
