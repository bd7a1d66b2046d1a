import type { CheckResult, JudgedCheck } from '../../domain/checks.ts';
import { classify } from './classify-failure.ts';
import type { Reading } from './reading.ts';

/** The newest result of each series. */
export function latestOf(results: readonly CheckResult[]): readonly CheckResult[] {
  return [...new Map(results.map((result) => [result.series, result])).values()];
}

/** What has to end before anything can be said: what runs, and what is demanded and was not reported yet. */
export function openNames({ head, required }: Pick<Reading, 'head' | 'required'>): readonly string[] {
  const latest = latestOf(head);
  const open = latest.filter(({ state }) => state === 'open').map(({ name }) => name);
  return [...new Set([...open, ...missingOf(latest, required)])];
}

/**
 * What would come if it is as before: for a short time that is waited for too. A check that ran on the base need not run
 * for a pull request, so nothing but this time depends on it.
 */
export function expectedNames({ head, before, runsOnPulls }: Reading): readonly string[] {
  const there = new Set(head.map(({ name }) => name));
  const names = before.flatMap(({ results }) => reported(results).map(({ name }) => name));
  const missing = [...new Set(names)].filter((name) => !there.has(name));
  if (missing.length > 0) return missing;
  return runsOnPulls && head.length === 0 ? ['(workflows for pull requests)'] : [];
}

/** Whether anybody checks here at all. */
export function isChecked(reading: Reading): boolean {
  const { head, required } = reading;
  return head.length > 0 || required.length > 0 || expectedNames(reading).length > 0;
}

/** Every check of others, the demanded ones first, each with the class of its failure and the proof. */
export function judgeChecks(reading: Reading): readonly JudgedCheck[] {
  const { head, required } = reading;
  const latest = latestOf(head);
  const judged = latest
    .filter(({ kind, state }) => kind !== 'workflow' || state !== 'green')
    .map((result) => judge(result, reading));
  const missing = missingOf(latest, required).map(
    (name): JudgedCheck => ({ name, required: true, state: 'missing', conclusion: 'not reported', url: '' }),
  );
  return [...judged, ...missing].toSorted((one, other) => Number(other.required) - Number(one.required));
}

function judge(result: CheckResult, reading: Reading): JudgedCheck {
  const { name, state, conclusion, url, kind } = result;
  const required = kind !== 'workflow' && reading.required.includes(name);
  return { name, required, state, conclusion, url, ...classify(result, reading) };
}

function missingOf(latest: readonly CheckResult[], required: readonly string[]): readonly string[] {
  const there = new Set(reported(latest).map(({ name }) => name));
  return required.filter((name) => !there.has(name));
}

/** Runs of workflows have names of their own, which no requirement means. */
function reported(results: readonly CheckResult[]): readonly CheckResult[] {
  return results.filter(({ kind }) => kind !== 'workflow');
}
