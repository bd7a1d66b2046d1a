import type { GateName, Verdict } from '../../domain/gate.ts';
import type { ChangedFile } from '../../domain/journal-event.ts';
import { isTestPath } from '../integrity/test-paths.ts';
import type { CheckedClaim, Claim } from './claim.ts';

/** What was proved about the change. */
export interface ProvedFacts {
  readonly verdicts: readonly Verdict[];
  readonly changes: readonly ChangedFile[];
}

type Answer = Pick<CheckedClaim, 'state' | 'why'>;

/** Each claim against the evidence, and against nothing else. */
export function checkClaims(claims: readonly Claim[], facts: ProvedFacts): readonly CheckedClaim[] {
  return claims.map((claim) => ({ ...claim, ...checks[claim.kind](claim, facts) }));
}

const checks: Readonly<Record<Claim['kind'], (claim: Claim, facts: ProvedFacts) => Answer>> = {
  'tests-pass': (_claim, facts) => testsPass(facts),
  'test-count': testCount,
  'test-added': testAdded,
  reproduced,
  'file-changed': fileChanged,
  'checks-clean': checksClean,
  coverage,
  measured: () => unsupported('nothing here measured it'),
};

function testsPass(facts: ProvedFacts): Answer {
  const verdict = find(facts, 'tests');
  if (!verdict || verdict.status === 'not-run') return unsupported('no test was run');
  if (verdict.status !== 'pass') return contradicted(`the tests did not pass: ${verdict.summary}`);
  const failing = listOf(verdict, 'stillFailing').length;
  if (failing > 0) return contradicted(`${failing} tests that failed before still fail`);
  return supported(verdict.summary);
}

function testCount(claim: Claim, facts: ProvedFacts): Answer {
  const all = testsPass(facts);
  const passed = find(facts, 'tests')?.details['passed'];
  if (typeof passed !== 'number')
    return all.state === 'supported' ? unsupported('no number of tests is known') : all;
  const wanted = Number(claim.value);
  // A number smaller than the whole may speak of a part: one file, one suite.
  if (wanted > passed) return contradicted(`${passed} tests passed`);
  return all.state === 'contradicted' && wanted === passed ? supported(`${passed} tests passed`) : all;
}

function testAdded(_claim: Claim, facts: ProvedFacts): Answer {
  const files = facts.changes.filter(({ path, additions }) => isTestPath(path) && additions > 0);
  if (files.length === 0) return contradicted('no test file was added or added to');
  const added = find(facts, 'tests')?.details['added'];
  if (added === 0) return unsupported('no test ran that did not run before');
  return supported(files.map(({ path }) => path).join(', '));
}

function reproduced(_claim: Claim, facts: ProvedFacts): Answer {
  const proving = listOf(find(facts, 'tests'), 'proving').length;
  if (proving > 0) return supported(`${proving} tests fail on the base code and pass here`);
  return unsupported('no test fails on the base code and passes here');
}

function fileChanged({ value }: Claim, { changes }: ProvedFacts): Answer {
  const path = value.replace(/^\.?\//, '');
  const found = changes.find((change) => change.path === path || change.path.endsWith(`/${path}`));
  return found
    ? supported(`${found.path} ${found.status}`)
    : contradicted(`${value} is not among the changed files`);
}

function checksClean(_claim: Claim, facts: ProvedFacts): Answer {
  const verdict = find(facts, 'lint');
  if (!verdict || verdict.status === 'not-run') return unsupported('no linter or type check was run');
  return verdict.status === 'pass' ? supported(verdict.summary) : contradicted(verdict.summary);
}

function coverage({ value }: Claim, facts: ProvedFacts): Answer {
  const verdict = find(facts, 'coverage');
  const measured = ['percent', 'headPercent']
    .map((key) => verdict?.details[key])
    .filter((number): number is number => typeof number === 'number');
  if (measured.length === 0) return unsupported('coverage was not measured');
  const shown = measured.map((number) => `${number.toFixed(1)} %`).join(' and ');
  const isNear = measured.some((number) => Math.abs(number - Number(value)) <= 1);
  return isNear ? supported(shown) : contradicted(`measured: ${shown}`);
}

function find({ verdicts }: ProvedFacts, gate: GateName): Verdict | undefined {
  return verdicts.find((verdict) => verdict.gate === gate);
}

function listOf(verdict: Verdict | undefined, key: string): readonly unknown[] {
  const value = verdict?.details[key];
  return Array.isArray(value) ? value : [];
}

function supported(why: string): Answer {
  return { state: 'supported', why };
}

function unsupported(why: string): Answer {
  return { state: 'unsupported', why };
}

function contradicted(why: string): Answer {
  return { state: 'contradicted', why };
}
