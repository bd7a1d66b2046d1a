import type { Side } from '../../domain/gate.ts';
import type { ChangedFile } from '../../domain/journal-event.ts';
import { languageOfPath, parseSyntax } from '../../toolchains/syntax-tree.ts';
import { compareLines } from './compare-lines.ts';
import { compareOutlines } from './compare-outlines.ts';
import type { IntegrityProblem } from './integrity-problem.ts';
import { keyedAnswers, pairsOf, type TestCasePair } from './keyed-answers.ts';
import { outlinePython } from './outline-python.ts';
import { outlineScript } from './outline-script.ts';
import { settingsChanges } from './settings-changes.ts';
import { specialLines } from './special-lines.ts';
import { addedHooks } from './test-hooks.ts';
import type { TestOutline } from './test-outline.ts';
import { isCode, isSnapshotPath, isTestDataPath, isTestPath } from './test-paths.ts';

/** Everything that is read, as plain data for a thread; `base` also has the test files that did not change. */
export interface IntegrityTexts {
  readonly changes: readonly ChangedFile[];
  readonly addedLines: readonly { readonly path: string; readonly line: number; readonly text: string }[];
  readonly base: ReadonlyMap<string, string>;
  readonly head: ReadonlyMap<string, string>;
}

export type FoundProblem = IntegrityProblem & { readonly path: string };

/** What a change does to what judges it, file by file in the order of the changes. */
export async function findProblems(texts: IntegrityTexts): Promise<readonly FoundProblem[]> {
  const outlines = await readOutlines(texts);
  const found: FoundProblem[] = [];
  for (const change of texts.changes) {
    const problems = await problemsOf(texts, change, outlines);
    found.push(...problems.map((problem) => ({ ...problem, path: change.path })));
  }
  return found;
}

interface Outlines {
  readonly base: ReadonlyMap<string, TestOutline>;
  readonly head: ReadonlyMap<string, TestOutline>;
  readonly pairs: readonly TestCasePair[];
}

/** The changed test files on both sides, and every test file's pairs of input and expectation when code changed. */
async function readOutlines(texts: IntegrityTexts): Promise<Outlines> {
  const changed = texts.changes.map(({ path }) => path).filter(isTestPath);
  const sides = {
    base: await outlinesAt(texts, 'base', changed),
    head: await outlinesAt(texts, 'head', changed),
  };
  const codeChanged = texts.changes.some(({ path }) => languageOfPath(path) && !isTestPath(path));
  const all = codeChanged
    ? await outlinesAt(texts, 'base', [...texts.base.keys()].filter(isTestPath))
    : sides.base;
  const pairs = [...all.values(), ...sides.head.values()].flatMap(pairsOf);
  return { ...sides, pairs };
}

async function outlinesAt(
  texts: IntegrityTexts,
  side: Side,
  paths: readonly string[],
): Promise<ReadonlyMap<string, TestOutline>> {
  const outlines = new Map<string, TestOutline>();
  for (const path of paths) {
    const text = texts[side].get(path);
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
  texts: IntegrityTexts,
  change: ChangedFile,
  outlines: Outlines,
): Promise<readonly IntegrityProblem[]> {
  const { path } = change;
  if (isSnapshotPath(path)) return storedChange(change, 'changed-snapshot', 'a stored snapshot');
  if (isTestDataPath(path)) return storedChange(change, 'changed-test-data', 'data of tests');
  const settings = settingsChanges(path, texts.base.get(path), texts.head.get(path));
  if (settings.length > 0) return settings;
  const added = texts.addedLines.filter((line) => line.path === path);
  if (isTestPath(path)) return [...(await testFileChange(texts, path, outlines)), ...addedHooks(path, added)];
  return isCode(path) ? [...specialLines(path, added), ...(await codeAnswers(texts, path, outlines))] : [];
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
  texts: IntegrityTexts,
  path: string,
  outlines: Outlines,
): Promise<readonly IntegrityProblem[]> {
  const before = outlines.base.get(path);
  if (before) {
    const after = outlines.head.get(path) ?? { tests: [], imports: new Set<string>() };
    return compareOutlines(before, after, movedTitles(path, outlines));
  }
  const base = texts.base.get(path);
  if (base === undefined) {
    const exclusive = (outlines.head.get(path)?.tests ?? []).filter(({ isExclusive }) => isExclusive);
    return exclusive.map(({ line }) => ({
      rule: 'exclusive-test',
      line,
      message: 'a new test runs alone (`.only`)',
    }));
  }
  return compareLines(base, texts.head.get(path) ?? '');
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
  texts: IntegrityTexts,
  path: string,
  { pairs }: Outlines,
): Promise<readonly IntegrityProblem[]> {
  const language = languageOfPath(path);
  const text = language === undefined ? undefined : texts.head.get(path);
  if (language === undefined || text === undefined || pairs.length === 0) return [];
  const lines = new Set(texts.addedLines.filter((line) => line.path === path).map(({ line }) => line));
  const tree = await parseSyntax(language, text);
  try {
    return keyedAnswers(tree.root, lines, pairs);
  } finally {
    tree.dispose();
  }
}
