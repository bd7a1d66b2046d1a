import type { CommandRun } from '../domain/command-run.ts';
import type { Evidence, GateInput } from '../domain/gate.ts';
import type { TestResult, TestRun } from '../domain/toolchain.ts';
import { isFailure, type TestComparison, testIdentity } from '../toolchains/compare-test-runs.ts';
import { isSnapshotPath, isTestDataPath, isTestPath } from './integrity/test-paths.ts';
import { endOf } from './verdict-of.ts';

/** Fail-before, pass-after: which tests show that the change does something. */
export interface Proof {
  /** Fail on the base code and pass on head: those of base, and new or changed ones that were run against base's code. */
  readonly proving: readonly TestResult[];
  /** New tests that pass on the base code too: they show nothing of the change. */
  readonly idle: readonly TestResult[];
  /** In words, when nothing proves anything. */
  readonly whyNone: string;
  readonly evidence: readonly Evidence[];
}

/**
 * Runs the new and changed tests of head on the code of base, in a fresh sandbox. A test that cannot even be loaded
 * there (it imports what does not exist yet) fails there.
 */
export async function proveTests(
  input: GateInput,
  head: TestRun,
  comparison: TestComparison,
): Promise<Proof> {
  const paths = input.changes
    .map(({ path }) => path)
    .filter((path) => isTestPath(path) || isSnapshotPath(path) || isTestDataPath(path));
  const fixed = comparison.fixed;
  const code = input.changes.length - paths.length;
  if (paths.length === 0 || code === 0 || !input.graft) {
    const why =
      code === 0
        ? 'the change holds nothing but tests'
        : 'no test was added or changed, and none failed on base';
    return { proving: fixed, idle: [], whyNone: fixed.length > 0 ? '' : why, evidence: [] };
  }
  const grafted = await runGrafted(input, paths);
  if ('problem' in grafted) {
    const whyNone =
      fixed.length > 0 ? '' : `the new tests could not be run on the base code: ${grafted.problem}`;
    return { proving: fixed, idle: [], whyNone, evidence: grafted.evidence };
  }
  return judgeGrafted({ comparison, head, before: grafted.tests, evidence: grafted.evidence });
}

type Grafted =
  | { readonly tests: TestRun; readonly evidence: readonly Evidence[] }
  | { readonly problem: string; readonly evidence: readonly Evidence[] };

async function runGrafted(input: GateInput, paths: readonly string[]): Promise<Grafted> {
  const tree = await input.graft?.(paths);
  if (!tree) return { problem: 'there is no place for it', evidence: [] };
  const setUp = await tree.setUp();
  // Code that does not compile with the new tests is how a compiled language fails before.
  if (!setUp.ok)
    return { tests: failedToBuild(setUp.runs), evidence: rows(setUp.runs, 'the new tests do not build') };
  input.signal.throwIfAborted();
  const { tests, runs } = await tree.test();
  return { tests, evidence: rows(runs, tests.infra ?? countsOf(tests)) };
}

function failedToBuild(runs: readonly CommandRun[]): TestRun {
  const problem = runs.find(({ exitCode }) => exitCode !== 0);
  return { commands: [], results: [], infra: `\`${problem?.command ?? 'set-up'}\` fails` };
}

function rows(runs: readonly CommandRun[], base: string): readonly Evidence[] {
  const run = runs.at(-1);
  if (!run) return [];
  const command = `${run.command} (new and changed tests, base's code)`;
  return [{ command, base: `${base} (${endOf(run)})`, head: 'see above', durationMs: run.durationMs }];
}

function countsOf({ results }: TestRun): string {
  const failed = results.filter(({ outcome }) => isFailure(outcome)).length;
  return `${failed} of ${results.length} fail`;
}

function judgeGrafted(judged: {
  readonly comparison: TestComparison;
  readonly head: TestRun;
  readonly before: TestRun;
  readonly evidence: readonly Evidence[];
}): Proof {
  const { comparison, before, evidence } = judged;
  const outcomes = new Map(before.results.map((result) => [testIdentity(result), result.outcome]));
  const known = new Set(comparison.fixed.map(testIdentity));
  const added = new Set(comparison.added.map(testIdentity));
  const passing = judged.head.results.filter(({ outcome }) => outcome === 'passed');
  const proves = (test: TestResult): boolean => {
    const outcome = outcomes.get(testIdentity(test));
    if (outcome !== undefined) return isFailure(outcome);
    return added.has(testIdentity(test)) && couldNotLoad(test, before);
  };
  const proving = passing.filter((test) => known.has(testIdentity(test)) || proves(test));
  const proven = new Set(proving.map(testIdentity));
  const idle = passing.filter((test) => added.has(testIdentity(test)) && !proven.has(testIdentity(test)));
  return { proving, idle, whyNone: proving.length > 0 ? '' : whyNone(idle, before), evidence };
}

/** No result of this test on base's code: its file failed as a whole, or the run did. */
function couldNotLoad(test: TestResult, before: TestRun): boolean {
  if (before.results.length === 0) return before.infra !== null;
  const stem = stemOf(test.file);
  return before.results.some(
    (result) => isFailure(result.outcome) && (result.file === test.file || mentions(result, stem)),
  );
}

/** unittest and node:test name a file that cannot be loaded by its module or path in the title. */
function mentions(result: TestResult, stem: string): boolean {
  return stem.length > 2 && (result.title.includes(stem) || result.file.includes(stem));
}

function stemOf(file: string): string {
  return (file.split('/').at(-1) ?? '').replace(/\.\w+$/, '');
}

function whyNone(idle: readonly TestResult[], before: TestRun): string {
  if (before.infra !== null) return `the new tests could not be run on the base code: ${before.infra}`;
  if (idle.length > 0) return 'the new tests pass on the base code too';
  return 'no test failed on the base code and passes here';
}
