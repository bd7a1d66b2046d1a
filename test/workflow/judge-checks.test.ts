import { describe, expect, it } from 'vitest';
import type { CheckResult, CheckState } from '../../src/domain/checks.ts';
import { decide, type Mending } from '../../src/workflow/checks/decide.ts';
import { expectedNames, isChecked, judgeChecks, openNames } from '../../src/workflow/checks/judge-checks.ts';
import type { Reading } from '../../src/workflow/checks/reading.ts';

const base = 'b'.repeat(40);
let ids = 0;

function check(name: string, state: CheckState, more: Partial<CheckResult> = {}): CheckResult {
  ids += 1;
  const conclusion = { open: 'in_progress', green: 'success', red: 'failure', void: 'cancelled' }[state];
  const url = `https://git.example/o/shop/runs/${ids}`;
  const series = `run:1:${name}`;
  return {
    kind: 'run',
    id: ids,
    name,
    appId: 5,
    series,
    state,
    conclusion,
    url,
    note: '',
    isJob: true,
    ...more,
  };
}

const status = (name: string, state: CheckState): CheckResult =>
  check(name, state, { kind: 'status', appId: null, series: `status:${name}` });

function reading(head: readonly CheckResult[], more: Partial<Reading> = {}): Reading {
  return { head, required: [], before: [], runsOnPulls: false, ...more };
}

const onBase = (...results: readonly CheckResult[]): Pick<Reading, 'before'> => ({
  before: [{ sha: base, results }],
});

const classOf = (from: Reading) => judgeChecks(from).map((one) => [one.name, one.state, one.class]);

const mending: Mending = { tried: 0, triesMax: 3, canMend: true, waitedMinutes: 120 };
const decided = (from: Reading, more: Partial<Mending> = {}) =>
  decide(judgeChecks(from), { ...mending, ...more });

describe('what is waited for', () => {
  it('is what runs, and what is demanded and was not reported', () => {
    const head = [check('unit', 'open'), check('lint', 'green'), status('deploy', 'open')];
    expect(openNames({ head, required: ['lint', 'e2e'] })).toEqual(['unit', 'deploy', 'e2e']);
    expect(openNames({ head: [check('unit', 'red')], required: ['unit'] })).toEqual([]);
  });

  it('is the newest result of a series, and each series of one name', () => {
    const again = [check('unit', 'red'), check('unit', 'open')];
    expect(openNames({ head: again, required: [] })).toEqual(['unit']);
    const twice = [check('unit', 'green'), check('unit', 'open', { series: 'run:2:unit' })];
    expect(openNames({ head: twice, required: ['unit'] })).toEqual(['unit']);
  });

  it('is no workflow where a check of its name is demanded', () => {
    const workflow = check('unit', 'green', { kind: 'workflow', appId: null, series: 'workflow:1' });
    expect(openNames({ head: [workflow], required: ['unit'] })).toEqual(['unit']);
  });

  it('is for a time also what ran on the base, or what runs for pull requests', () => {
    const head = [check('unit', 'green')];
    expect(expectedNames(reading(head, onBase(check('unit', 'green'), status('deploy', 'green'))))).toEqual([
      'deploy',
    ]);
    expect(expectedNames(reading([], { runsOnPulls: true }))).toHaveLength(1);
    expect(expectedNames(reading(head, { runsOnPulls: true }))).toEqual([]);
  });

  it('is nothing where nobody checks', () => {
    expect(isChecked(reading([]))).toBe(false);
    expect(isChecked(reading([], { required: ['unit'] }))).toBe(true);
    expect(isChecked(reading([], onBase(check('unit', 'green'))))).toBe(true);
    expect(isChecked(reading([], { runsOnPulls: true }))).toBe(true);
  });
});

describe('a red check', () => {
  it('is ours unless results say otherwise', () => {
    expect(classOf(reading([check('unit', 'red')]))).toEqual([['unit', 'red', 'ours']]);
    const from = reading([check('unit', 'red')], onBase(check('unit', 'green')));
    expect(judgeChecks(from)).toMatchObject([{ class: 'ours', proof: 'it is green on bbbbbbbbbbbb' }]);
  });

  it('was red before when the newest result of the same reporter on a commit of before is red', () => {
    const red = check('unit', 'red');
    const proof = check('unit', 'red');
    expect(judgeChecks(reading([red], onBase(check('unit', 'green'), proof)))).toMatchObject([
      { class: 'red-on-base', proofUrl: proof.url },
    ]);
    expect(classOf(reading([red], onBase(proof, check('unit', 'green'))))).toEqual([['unit', 'red', 'ours']]);
    const foreign = onBase(check('unit', 'red', { appId: 6 }), status('unit', 'red'));
    expect(classOf(reading([red], foreign))).toEqual([['unit', 'red', 'ours']]);
  });

  it('is flaky when it was green at the same commit in the same series', () => {
    expect(classOf(reading([check('unit', 'green'), check('unit', 'red')]))).toEqual([
      ['unit', 'red', 'flaky'],
    ]);
    const other = [check('unit', 'green', { series: 'run:2:unit' }), check('unit', 'red')];
    expect(classOf(reading(other))).toContainEqual(['unit', 'red', 'ours']);
  });

  it('that is green by now counts as green, and as flaky', () => {
    const from = reading([check('unit', 'red'), check('unit', 'green')], { required: ['unit'] });
    expect(classOf(from)).toEqual([['unit', 'green', 'flaky']]);
    expect(decided(from).outcome).toBe('green');
  });
});

describe('what follows', () => {
  it('is to mend what this change broke, required or not, three times, and then to ask', () => {
    const from = reading([check('unit', 'red')]);
    expect(decided(from)).toEqual({ outcome: 'fix', why: '“unit” fails because of this change.' });
    expect(decided(from, { tried: 2 }).outcome).toBe('fix');
    const asked = decided(from, { tried: 3 });
    expect(asked).toEqual({
      outcome: 'ask',
      why: '“unit” fails because of this change, also after 3 rounds of mending.',
    });
  });

  it('is to ask at once where what made the change cannot read what CI says', () => {
    expect(decided(reading([check('unit', 'red')]), { canMend: false }).outcome).toBe('ask');
  });

  it.each([
    ['red on the base', reading([check('unit', 'red')], onBase(check('unit', 'red'))), /mended on the base/],
    ['flaky', reading([check('unit', 'green'), check('unit', 'red')]), /flaky: run it again/],
    ['cancelled', reading([check('unit', 'void')]), /without a result \(cancelled\)/],
    ['open', reading([check('unit', 'open')]), /has not ended within 120 minutes/],
    ['missing', reading([]), /nobody has reported it within 120 minutes/],
  ] as const)('of a required check that is %s is a question with the reason', (_, from, why) => {
    const { outcome, why: said } = decided({ ...from, required: ['unit'] });
    expect(outcome).toBe('ask');
    expect(said).toMatch(why);
  });

  it('of one that is not required and not ours is nothing', () => {
    const before = onBase(check('unit', 'red'));
    expect(decided(reading([check('unit', 'red')], before)).outcome).toBe('green');
    expect(decided(reading([check('unit', 'void')])).outcome).toBe('green');
  });

  it('of one that has not ended in time is a question, required or not', () => {
    expect(decided(reading([check('unit', 'open')])).outcome).toBe('ask');
  });
});
