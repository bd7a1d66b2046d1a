import { describeChange } from './assertion-strength.ts';
import type { IntegrityProblem } from './integrity-problem.ts';
import type { OutlinedStatement, OutlinedTest, TestOutline } from './test-outline.ts';

/** Every change is compared with every other; a file of thousands must not take minutes. */
const changesMax = 200;

/**
 * What happened to the tests of one file. Tests may be added and added to; anything else that happens to one that was
 * there is named. `moved`: titles of tests that other changed files have on head.
 */
export function compareOutlines(
  base: TestOutline,
  head: TestOutline,
  moved: ReadonlySet<string>,
): readonly IntegrityProblem[] {
  const problems: IntegrityProblem[] = [];
  const after = groupBy(head.tests, ({ title }) => title);
  for (const test of base.tests) {
    const candidates = after.get(test.title) ?? [];
    const now = candidates.shift();
    if (now) problems.push(...compareTest(test, now));
    else if (!moved.has(test.title)) problems.push(deleted(test));
  }
  // What a new test does to the others counts too.
  const known = new Set(base.tests.map(({ title }) => title));
  for (const test of head.tests) {
    if (test.isExclusive && !known.has(test.title)) problems.push(exclusive(test));
  }
  for (const name of base.imports) {
    if (!head.imports.has(name)) problems.push(importGone(name));
  }
  return problems;
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

function compareTest(base: OutlinedTest, head: OutlinedTest): readonly IntegrityProblem[] {
  const problems: IntegrityProblem[] = [];
  if (head.isSkipped && !base.isSkipped) {
    problems.push({ rule: 'skipped-test', line: head.line, message: `${nameOf(head)} is skipped now` });
  }
  if (head.isExclusive && !base.isExclusive) problems.push(exclusive(head));
  if (base.header !== '' && head.header !== base.header && !skipOnly(base, head)) {
    problems.push({
      rule: 'narrowed-test',
      line: head.line,
      message: `the parameters or decorators of ${nameOf(head)} changed`,
    });
  }
  return [...problems, ...compareStatements(base, head)];
}

/** A decorator that only skips is named as skipping already. */
function skipOnly(base: OutlinedTest, head: OutlinedTest): boolean {
  return head.header.includes(base.header) && (head.isSkipped || head.header.length > base.header.length);
}

function compareStatements(base: OutlinedTest, head: OutlinedTest): readonly IntegrityProblem[] {
  const rest = byText(head.statements);
  const gone: OutlinedStatement[] = [];
  const problems: IntegrityProblem[] = [];
  for (const statement of base.statements) {
    const same = rest.get(statement.text)?.shift();
    if (!same) gone.push(statement);
    else if (same.isAssertion && isMoreGuarded(statement, same)) problems.push(guarded(head, same));
  }
  const added = [...rest.values()].flat();
  for (const statement of gone.slice(0, changesMax)) {
    const problem = describeChange(statement, added.slice(0, changesMax), {
      where: nameOf(head),
      line: head.line,
    });
    if (problem) problems.push(problem);
  }
  if (head.title !== '') {
    for (const statement of added.filter(({ isExit }) => isExit)) problems.push(earlyExit(head, statement));
  }
  return problems;
}

/** Statements by their words, of equal ones first the one with the fewest conditions around it. */
function byText(statements: readonly OutlinedStatement[]): Map<string, OutlinedStatement[]> {
  const groups = groupBy(statements, ({ text }) => text);
  for (const group of groups.values()) group.sort((a, b) => a.guards.length - b.guards.length);
  return groups;
}

/** A loop or a `with` does not keep an assertion from failing; a condition and a caught exception do. */
function isMoreGuarded(base: OutlinedStatement, head: OutlinedStatement): boolean {
  const count = ({ guards }: OutlinedStatement): number =>
    guards.filter((guard) => guard !== 'with' && guard !== 'for').length;
  return count(head) > count(base);
}

function deleted(test: OutlinedTest): IntegrityProblem {
  if (test.title === '') return { rule: 'deleted-test', line: 1, message: 'the test file is gone' };
  return { rule: 'deleted-test', line: 1, message: `${nameOf(test)} (line ${test.line} on base) is gone` };
}

function exclusive(test: OutlinedTest): IntegrityProblem {
  return {
    rule: 'exclusive-test',
    line: test.line,
    message: `${nameOf(test)} runs alone (\`.only\`): the tests around it do not run`,
  };
}

function guarded(test: OutlinedTest, { line, text }: OutlinedStatement): IntegrityProblem {
  return {
    rule: 'guarded-assertion',
    line,
    message: `an assertion of ${nameOf(test)} stands under a condition or a caught exception now: ${text.slice(0, 160)}`,
  };
}

function earlyExit(test: OutlinedTest, { line, text }: OutlinedStatement): IntegrityProblem {
  return {
    rule: 'early-exit',
    line,
    message: `${nameOf(test)} leaves early now: ${text.slice(0, 160)}`,
  };
}

function importGone(name: string): IntegrityProblem {
  return {
    rule: 'changed-import',
    line: 1,
    message: `the test file no longer imports ${name.trim().replace(' ', ': ')}`,
  };
}

function nameOf({ title }: OutlinedTest): string {
  return title === '' ? 'the code around the tests' : `test “${title.slice(0, 160)}”`;
}
