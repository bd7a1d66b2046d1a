import type { CommandRun } from '../domain/command-run.ts';
import type { Evidence, Gate, GateInput, Verdict } from '../domain/gate.ts';
import type { TestResult, TestRun } from '../domain/toolchain.ts';
import {
  compareTestRuns,
  isFailure,
  type TestComparison,
  testIdentity,
} from '../toolchains/compare-test-runs.ts';
import { findUnfinished } from './find-unfinished.ts';
import { type Proof, proveTests } from './prove-tests.ts';
import { separateFlaky } from './separate-flaky.ts';
import { endOf, failuresOf, outputsOf, verdictOf } from './verdict-of.ts';

const namesMax = 200;

/**
 * The repository's tests on head against base. New failures block after reruns have ruled out chance; failures that
 * were there before are named and do not block. No test, a crash or an unreadable report is never a pass, and neither
 * is a failing test that was made to disappear.
 */
export function createTestsGate(): Gate {
  return { name: 'tests', judge };
}

async function judge(input: GateInput): Promise<Verdict> {
  if (input.commands.test.length === 0) {
    const summary = 'the repository has no test command, so nothing shows that the change works';
    return verdictOf('tests', input, { status: 'not-run', blocking: true, summary });
  }
  const head = await runTree(input.head);
  if ('problem' in head) return setUpFailed(input, head);
  const base = await baseRun(input);
  const comparison = compareTestRuns(base, head.tests);
  const unsound = judgeInfra(input, { base, head, comparison });
  if (unsound) return unsound;
  const { failing, flaky } = await separateFlaky(comparison.newlyFailing, base, input);
  const unfinished = await findUnfinished(input, comparison);
  const proof = await proveTests(input, head.tests, comparison);
  return judgeComparison(input, { base, head: head.tests, comparison, failing, flaky, unfinished, proof });
}

interface Ran {
  readonly tests: TestRun;
  readonly runs: readonly CommandRun[];
}

async function runTree(tree: GateInput['head']): Promise<Ran | { readonly problem: readonly CommandRun[] }> {
  const setUp = await tree.setUp();
  return setUp.ok ? await tree.test() : { problem: setUp.runs };
}

/** The recorded baseline when it was sound; otherwise base runs now, as head does. */
async function baseRun(input: GateInput): Promise<TestRun> {
  if (input.baseline && input.baseline.infra === null) return input.baseline;
  const base = await runTree(input.base);
  return 'tests' in base ? base.tests : { commands: [], results: [], infra: 'the set-up fails on base' };
}

function setUpFailed(input: GateInput, head: { readonly problem: readonly CommandRun[] }): Verdict {
  const failed = head.problem.find(({ exitCode }) => exitCode !== 0);
  const what = failed ? `: \`${failed.command}\` (${endOf(failed)})` : '';
  return verdictOf('tests', input, {
    status: 'fail',
    blocking: true,
    summary: `the set-up fails on head, so no test ran${what}`,
    feedback: `The set-up fails, so no test could run.\n\n${failuresOf(head.problem)}`,
  });
}

/** A head that is no sound run: the change's fault when base was sound, otherwise nobody can tell. */
function judgeInfra(
  input: GateInput,
  ran: { readonly base: TestRun; readonly head: Ran; readonly comparison: TestComparison },
): Verdict | undefined {
  const { head, base } = ran.comparison.infra;
  if (head === null) return undefined;
  const summary =
    base === null ? `the tests run on base and not on head: ${head}` : `the tests cannot be run: ${head}`;
  return verdictOf('tests', input, {
    status: base === null || head === 'no test ran' ? 'fail' : 'error',
    blocking: true,
    summary: head === 'no test ran' ? 'no test ran, and zero tests are not a pass' : summary,
    evidence: evidenceOf(ran.base, ran.head.tests),
    feedback: `${summary}\n\n${outputsOf(ran.head.runs)}`,
    details: { infra: ran.comparison.infra },
  });
}

interface Judged {
  readonly base: TestRun;
  readonly head: TestRun;
  readonly comparison: TestComparison;
  readonly failing: readonly TestResult[];
  readonly flaky: readonly TestResult[];
  readonly unfinished: readonly TestResult[];
  readonly proof: Proof;
}

function judgeComparison(input: GateInput, judged: Judged): Verdict {
  const reasons = reasonsToFail(judged, input.settings.tests.unfinished);
  return verdictOf('tests', input, {
    status: reasons.length > 0 ? 'fail' : 'pass',
    blocking: true,
    summary: [...reasons, ...factsOf(judged)].join('; '),
    evidence: [...evidenceOf(judged.base, judged.head), ...judged.proof.evidence],
    feedback: reasons.length > 0 ? feedbackOf(judged, reasons) : '',
    details: detailsOf(judged),
  });
}

function reasonsToFail(judged: Judged, unfinished: 'block' | 'warn'): readonly string[] {
  const { comparison, failing } = judged;
  const reasons: string[] = [];
  if (failing.length > 0) {
    const unknown =
      comparison.infra.base === null ? '' : ` (base could not be run: ${comparison.infra.base})`;
    reasons.push(`${tests(failing.length)} newly failing${unknown}`);
  }
  const hidden = hiddenFailures(judged).length;
  if (hidden > 0) reasons.push(`${tests(hidden)} that failed on base no longer run`);
  if (judged.unfinished.length > 0 && unfinished === 'block') {
    reasons.push(
      `${tests(judged.unfinished.length)} of what the change touches failed before and still fail`,
    );
  }
  if (comparison.passedOnHead === 0) reasons.push('no test passes');
  return reasons;
}

/** Tests that failed on base and were deleted, renamed or skipped: the cheapest way to look green. */
function hiddenFailures({ base, comparison }: Judged): readonly TestResult[] {
  const failedOnBase = new Set(base.results.filter((test) => isFailure(test.outcome)).map(testIdentity));
  const gone = [
    ...comparison.disappeared.filter((test) => !isLoadedNow(test, comparison)),
    ...skippedOf(comparison, failedOnBase),
  ];
  return gone.filter((test) => failedOnBase.has(testIdentity(test)));
}

/** A file that could not be loaded on base is one failure there; on head its tests have come in its place. */
function isLoadedNow(test: TestResult, { added }: TestComparison): boolean {
  const isWholeFile =
    test.outcome === 'error' &&
    (/^(?:file|package)$|_FailedTest/.test(test.title) || test.message.startsWith('collection failure'));
  if (!isWholeFile) return false;
  const name = test.title === 'file' || test.title === 'package' ? test.file : test.title;
  const stem = (
    name
      .split(/[/>. ]+/)
      .filter((part) => part !== 'py')
      .at(-1) ?? ''
  ).trim();
  return (
    stem !== '' &&
    added.some(({ file, outcome }) => outcome === 'passed' && (file === test.file || file.includes(stem)))
  );
}

function skippedOf(comparison: TestComparison, identities: ReadonlySet<string>): readonly TestResult[] {
  return comparison.newlySkipped.filter((test) => identities.has(testIdentity(test)));
}

function factsOf({ comparison, flaky, proof }: Judged): readonly string[] {
  const added = proof.proving.length - comparison.fixed.length;
  const facts: readonly [number, string][] = [
    [comparison.fixed.length, 'failed on base and pass here'],
    [added, "new or changed fail on base's code and pass here"],
    [comparison.stillFailing.length, 'failed before and still fail'],
    [flaky.length, 'flaky'],
    [comparison.disappeared.length, 'disappeared'],
    [comparison.newlySkipped.length, 'newly skipped'],
  ];
  const told = facts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return [`${tests(comparison.passedOnHead)} passed`, ...told];
}

function tests(count: number): string {
  return count === 1 ? '1 test' : `${count} tests`;
}

function feedbackOf(judged: Judged, reasons: readonly string[]): string {
  const failures = judged.failing.map((test) => `FAILS: ${nameOf(test)}\n${test.message.slice(0, 1_500)}`);
  const hidden = hiddenFailures(judged).map((test) => `NO LONGER RUNS: ${nameOf(test)}`);
  const unfinished = judged.unfinished.map(
    (test) => `STILL FAILS: ${nameOf(test)}\n${test.message.slice(0, 800)}`,
  );
  return [reasons.join('; '), ...failures, ...hidden, ...unfinished].join('\n\n');
}

function detailsOf(judged: Judged): Readonly<Record<string, unknown>> {
  const { comparison, failing, flaky, unfinished, proof } = judged;
  return {
    passed: comparison.passedOnHead,
    fixed: names(comparison.fixed),
    proving: names(proof.proving),
    idle: names(proof.idle),
    whyNoProof: proof.whyNone,
    unfinished: names(unfinished),
    newlyFailing: names(failing),
    flaky: names(flaky),
    disappeared: names(comparison.disappeared),
    newlySkipped: names(comparison.newlySkipped),
    stillFailing: names(comparison.stillFailing),
    added: comparison.added.length,
    baseProblem: comparison.infra.base,
  };
}

function names(results: readonly TestResult[]): readonly string[] {
  return results.slice(0, namesMax).map(nameOf);
}

function nameOf({ file, title }: TestResult): string {
  return file === '' ? title : `${file} › ${title}`;
}

/** One row per test command; counts are of the whole run, because a report covers all of its commands. */
function evidenceOf(base: TestRun, head: TestRun): readonly Evidence[] {
  return head.commands.map((command, index) => ({
    command: command.shell,
    base: cellOf(base, index),
    head: cellOf(head, index),
    durationMs: command.durationMs,
  }));
}

function cellOf(run: TestRun, index: number): string {
  const command = run.commands[index];
  const end = command === undefined ? 'not run' : endOf(command);
  return `${run.infra ?? countsOf(run)} (${end})`;
}

function countsOf({ results }: TestRun): string {
  const count = (matches: (test: TestResult) => boolean): number => results.filter(matches).length;
  const failed = count(({ outcome }) => isFailure(outcome));
  const skipped = count(({ outcome }) => outcome === 'skipped');
  const passed = `${count(({ outcome }) => outcome === 'passed')} passed`;
  return [passed, failed > 0 ? `${failed} failed` : '', skipped > 0 ? `${skipped} skipped` : '']
    .filter((part) => part !== '')
    .join(', ');
}
