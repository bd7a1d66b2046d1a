import { createHash } from 'node:crypto';
import type { Finding, Gate, GateInput, Side, Verdict } from '../domain/gate.ts';
import type { ChangedFile } from '../domain/journal-event.ts';
import { languageOfPath, parseSyntax } from '../toolchains/syntax-tree.ts';
import { compareLines } from './integrity/compare-lines.ts';
import { compareOutlines } from './integrity/compare-outlines.ts';
import type { IntegrityProblem } from './integrity/integrity-problem.ts';
import { keyedAnswers, pairsOf, type TestCasePair } from './integrity/keyed-answers.ts';
import { outlinePython } from './integrity/outline-python.ts';
import { outlineScript } from './integrity/outline-script.ts';
import { settingsChanges } from './integrity/settings-changes.ts';
import { specialLines } from './integrity/special-lines.ts';
import { addedHooks } from './integrity/test-hooks.ts';
import type { TestOutline } from './integrity/test-outline.ts';
import { isCode, isSnapshotPath, isTestDataPath, isTestPath } from './integrity/test-paths.ts';
import { verdictOf } from './verdict-of.ts';

const findingsMax = 300;

/**
 * Whether what judges the change was left alone. Tests may be added and added to; everything else that a change does
 * to tests, their data, their commands and the settings of checks is named line by line, and so is code that knows
 * that it is being tested. Static: nothing is run.
 */
export function createIntegrityGate(): Gate {
  return { name: 'integrity', isStatic: true, judge };
}

async function judge(input: GateInput): Promise<Verdict> {
  const started = performance.now();
  const outlines = await readOutlines(input);
  const found: (IntegrityProblem & { readonly path: string })[] = [];
  for (const change of input.changes) {
    input.signal.throwIfAborted();
    const problems = await problemsOf(input, change, outlines);
    found.push(...problems.map((problem) => ({ ...problem, path: change.path })));
  }
  const findings = found.slice(0, findingsMax).map(findingOf);
  const counted = findings.filter(({ level }) => level === 'error').length;
  const durationMs = Math.round(performance.now() - started);
  return verdictOf('integrity', input, {
    status: counted > 0 ? 'fail' : 'pass',
    blocking: true,
    summary: summaryOf(counted, findings.length - counted, input),
    evidence: [
      {
        command: 'tests, test data, commands and settings: base against head',
        base: 'compared with',
        head: `${counted} changes to what judges`,
        durationMs,
      },
    ],
    findings,
    feedback: counted > 0 ? feedbackOf(findings) : '',
    details: { notShown: Math.max(0, found.length - findingsMax) },
  });
}

interface Outlines {
  readonly base: ReadonlyMap<string, TestOutline>;
  readonly head: ReadonlyMap<string, TestOutline>;
  readonly pairs: readonly TestCasePair[];
}

/** The changed test files on both sides, and every test file's pairs of input and expectation when code changed. */
async function readOutlines(input: GateInput): Promise<Outlines> {
  const changed = input.changes.map(({ path }) => path).filter(isTestPath);
  const sides = {
    base: await outlinesAt(input, 'base', changed),
    head: await outlinesAt(input, 'head', changed),
  };
  const codeChanged = input.changes.some(({ path }) => languageOfPath(path) && !isTestPath(path));
  const all = codeChanged
    ? await outlinesAt(input, 'base', (await input.list('base')).filter(isTestPath))
    : sides.base;
  const pairs = [...all.values(), ...sides.head.values()].flatMap(pairsOf);
  return { ...sides, pairs };
}

const testFilesMax = 2_000;

async function outlinesAt(
  input: GateInput,
  side: Side,
  paths: readonly string[],
): Promise<ReadonlyMap<string, TestOutline>> {
  const outlines = new Map<string, TestOutline>();
  for (const path of paths.slice(0, testFilesMax)) {
    const text = await readText(input, side, path);
    const outline = text === undefined ? undefined : await outlineOf(path, text);
    if (outline) outlines.set(path, outline);
  }
  return outlines;
}

async function outlineOf(path: string, text: string): Promise<TestOutline | undefined> {
  const language = languageOfPath(path);
  if (language === undefined) return undefined;
  const tree = await parseSyntax(language, text);
  try {
    return language === 'python' ? outlinePython(tree.root) : outlineScript(tree.root);
  } finally {
    tree.dispose();
  }
}

async function problemsOf(
  input: GateInput,
  change: ChangedFile,
  outlines: Outlines,
): Promise<readonly IntegrityProblem[]> {
  const { path } = change;
  if (isSnapshotPath(path)) return storedChange(change, 'changed-snapshot', 'a stored snapshot');
  if (isTestDataPath(path)) return storedChange(change, 'changed-test-data', 'data of tests');
  const settings = settingsChanges(
    path,
    await readText(input, 'base', path),
    await readText(input, 'head', path),
  );
  if (settings.length > 0) return settings;
  const added = input.addedLines.filter((line) => line.path === path);
  if (isTestPath(path)) return [...(await testFileChange(input, path, outlines)), ...addedHooks(path, added)];
  return isCode(path) ? [...specialLines(path, added), ...(await codeAnswers(input, path, outlines))] : [];
}

/** Added data belong to added tests; what was there is part of the judgement. */
function storedChange(
  change: ChangedFile,
  rule: IntegrityProblem['rule'],
  what: string,
): readonly IntegrityProblem[] {
  if (change.status === 'added') return [];
  const how = change.status === 'deleted' ? 'is gone' : 'changed';
  return [{ rule, line: 1, message: `${what} ${how} (+${change.additions} −${change.deletions})` }];
}

async function testFileChange(
  input: GateInput,
  path: string,
  outlines: Outlines,
): Promise<readonly IntegrityProblem[]> {
  const before = outlines.base.get(path);
  if (before) {
    const after = outlines.head.get(path) ?? { tests: [], imports: new Set<string>() };
    return compareOutlines(before, after, movedTitles(path, outlines));
  }
  const base = await readText(input, 'base', path);
  if (base === undefined) {
    const exclusive = (outlines.head.get(path)?.tests ?? []).filter(({ isExclusive }) => isExclusive);
    return exclusive.map(({ line }) => ({
      rule: 'exclusive-test',
      line,
      message: 'a new test runs alone (`.only`)',
    }));
  }
  return compareLines(base, (await readText(input, 'head', path)) ?? '');
}

/** Titles that other changed test files have on head and did not have on base: a test that moved is not gone. */
function movedTitles(path: string, outlines: Outlines): ReadonlySet<string> {
  const titles = new Set<string>();
  for (const [other, outline] of outlines.head) {
    if (other === path) continue;
    const known = new Set(outlines.base.get(other)?.tests.map(({ title }) => title));
    for (const test of outline.tests) {
      if (
        test.title !== '' &&
        !known.has(test.title) &&
        !test.isSkipped &&
        isSameTest(path, test.title, outlines, test)
      )
        titles.add(test.title);
    }
  }
  return titles;
}

function isSameTest(
  path: string,
  title: string,
  outlines: Outlines,
  now: TestOutline['tests'][number],
): boolean {
  const before = outlines.base.get(path)?.tests.find((test) => test.title === title);
  const words = new Set(now.statements.map(({ text }) => text));
  return before?.statements.every(({ text }) => words.has(text)) ?? false;
}

async function codeAnswers(
  input: GateInput,
  path: string,
  { pairs }: Outlines,
): Promise<readonly IntegrityProblem[]> {
  const language = languageOfPath(path);
  const text = language === undefined ? undefined : await readText(input, 'head', path);
  if (language === undefined || text === undefined || pairs.length === 0) return [];
  const lines = new Set(input.addedLines.filter((line) => line.path === path).map(({ line }) => line));
  const tree = await parseSyntax(language, text);
  try {
    return keyedAnswers(tree.root, lines, pairs);
  } finally {
    tree.dispose();
  }
}

async function readText(input: GateInput, side: Side, path: string): Promise<string | undefined> {
  return (await input.read(side, path))?.toString('utf8');
}

function findingOf(problem: IntegrityProblem & { readonly path: string }): Finding {
  const { rule, path, line, message, level = 'error' } = problem;
  const hash = createHash('sha256').update(message).digest('hex').slice(0, 16);
  return {
    rule: `integrity/${rule}`,
    path,
    line,
    message,
    level,
    identity: `integrity/${rule}:${path}:${hash}`,
  };
}

function summaryOf(counted: number, warnings: number, input: GateInput): string {
  const tests = input.changes.filter(({ path }) => isTestPath(path)).length;
  const seen = `${input.changes.length} changed files, ${tests} of them tests`;
  const also = warnings > 0 ? `; ${warnings} more to look at` : '';
  if (counted === 0) return `what judges the change was left alone or added to (${seen})${also}`;
  return `${counted} changes to tests, their settings or code that knows of tests (${seen})${also}`;
}

function feedbackOf(findings: readonly Finding[]): string {
  const lines = findings
    .filter(({ level }) => level === 'error')
    .map(({ path, line, message }) => `${path}:${line}: ${message}`);
  return [
    'Existing tests may be added to, not deleted, skipped, narrowed, loosened or edited. Undo these, or a person has to approve them:',
    ...lines,
  ].join('\n');
}
