import { describe, expect, it } from 'vitest';
import type { GateInput, Verdict } from '../../src/domain/gate.ts';
import type { CheckedClaim } from '../../src/gates/claims/claim.ts';
import { createClaimsGate } from '../../src/gates/claims-gate.ts';
import { runGates } from '../../src/gates/run-gates.ts';
import { gateInput } from './gate-input.ts';

function verdict(gate: Verdict['gate'], more: Partial<Verdict> = {}): Verdict {
  return {
    gate,
    status: 'pass',
    blocking: true,
    summary: `${gate} says so`,
    treeId: 't' as Verdict['treeId'],
    evidence: [],
    findings: [],
    feedback: '',
    details: {},
    ...more,
  };
}

const passed = verdict('tests', { details: { passed: 12, added: 1, proving: ['a › b'], stillFailing: [] } });
const changes: GateInput['changes'] = ['src/cart.js', 'test/cart.test.js'].map((path) => {
  return { path, status: 'modified', additions: 2, deletions: 0, binary: false };
});

async function claimsOf(summary: string, verdicts: readonly Verdict[] = [passed], changed = changes) {
  const judged = await createClaimsGate().judge(gateInput({ summary, verdicts, changes: changed }));
  return { judged, claims: (judged.details['claims'] ?? []) as readonly CheckedClaim[] };
}

async function statesOf(...input: Parameters<typeof claimsOf>): Promise<readonly string[]> {
  return (await claimsOf(...input)).claims.map(({ kind, state }) => `${kind} ${state}`);
}

describe('the claims gate', () => {
  it('passes when the evidence supports everything', async () => {
    const text =
      'Fixed the sum in `src/cart.js`. Added a regression test in test/cart.test.js. I reproduced the bug first. All tests pass now. 12 tests passed.';
    const { judged } = await claimsOf(text);
    expect(judged).toMatchObject({ status: 'pass', feedback: '' });
    expect(judged.summary).toBe('6 of 6 claims of the summary are supported; 0 unsupported, 0 contradicted');
  });

  it.each([
    ['All tests pass.', [verdict('tests', { status: 'fail' })], 'tests-pass contradicted'],
    ['All tests pass.', [verdict('tests', { status: 'not-run' })], 'tests-pass unsupported'],
    ['All tests pass.', [], 'tests-pass unsupported'],
    [
      'The test suite is green.',
      [verdict('tests', { details: { stillFailing: ['a'] } })],
      'tests-pass contradicted',
    ],
    ['All 13 tests pass.', [passed], 'test-count contradicted'],
    ['All 12 tests pass.', [passed], 'test-count supported'],
    ['The 3 tests pass.', [passed], 'test-count supported'],
    ['The bug was reproduced.', [verdict('tests', { details: { proving: [] } })], 'reproduced unsupported'],
    ['ESLint passes.', [verdict('lint', { status: 'fail' })], 'checks-clean contradicted'],
    ['ESLint passes.', [], 'checks-clean unsupported'],
    ['Type checks are clean.', [verdict('lint')], 'checks-clean supported'],
    ['Coverage is 91%.', [verdict('coverage', { details: { percent: 90.2 } })], 'coverage supported'],
    ['Coverage is 91%.', [verdict('coverage', { details: { percent: 89.9 } })], 'coverage contradicted'],
    ['Coverage is 91%.', [], 'coverage unsupported'],
    ['It is 3 times faster.', [passed], 'measured unsupported'],
    ['Changed `src/shop.js`.', [passed], 'file-changed contradicted'],
    ['Updated cart.js accordingly.', [passed], 'file-changed supported'],
  ] as const)('%s', async (text, verdicts, state) => {
    expect(await statesOf(text, verdicts)).toEqual([state]);
  });

  it('contradicts an added test where no test file was added to', async () => {
    expect(await statesOf('Added a unit test.', [passed], changes.slice(0, 1))).toEqual([
      'test-added contradicted',
    ]);
    const none = verdict('tests', { details: { added: 0 } });
    expect(await statesOf('Added a unit test.', [none])).toEqual(['test-added unsupported']);
  });

  it.each([
    'The tests should pass.',
    'I did not change `src/shop.js`.',
    'If the tests pass, merge it.',
    'The cart adds up prices.',
    '',
  ])('takes for no claim: %j', async (text) => {
    expect((await claimsOf(text)).judged).toMatchObject({ status: 'not-run', blocking: false });
  });

  it('fails, counts under the mode and says what to correct', async () => {
    const { judged } = await claimsOf('All tests pass.', [verdict('tests', { status: 'fail' })]);
    expect(judged).toMatchObject({ status: 'fail', blocking: true });
    expect(judged.feedback).toContain('contradicted: “All tests pass.”');
  });

  it('judges last and sees what the others found', async () => {
    const tests = { name: 'tests' as const, judge: async () => passed };
    const verdicts = await runGates(
      [createClaimsGate(), tests],
      gateInput({ summary: '12 tests passed.', changes }),
    );
    expect(verdicts.map(({ gate, status }) => `${gate} ${status}`)).toEqual(['claims pass', 'tests pass']);
  });
});
