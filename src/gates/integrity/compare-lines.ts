import { withoutEqual } from '../without-equal.ts';
import type { IntegrityProblem } from './integrity-problem.ts';

const testDeclaration =
  /^func (?:\([^)]*\) )?(?:Test|Benchmark|Fuzz|Example)\w*\(|^#\[(?:\w+::)?test\b|^@(?:Test|ParameterizedTest|RepeatedTest)\b|^(?:it|specify|test|scenario|describe|context)\b.*\bdo\b|^def test_|^(?:public )?function (?:test|it)\w*\(|^(?:it|test|describe)\(|^\[(?:Fact|Theory|Test|TestMethod|TestCase)\b|^(?:TEST|TEST_F|TEST_P|TEST_CASE|SCENARIO)\s*\(|^add_test\b/;
const assertion =
  /\b(?:assert\w*!?|expect\w*|require|should\w*|must_\w+|verify|fail|EXPECT_\w+|ASSERT_\w+|CHECK\w*|REQUIRE\w*)\b\s*[.({!\s]|\bt\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\(/i;
const skipped =
  /\bt\.Skip(?:f|Now)?\(|\btesting\.Short\(\)|^#\[ignore\b|^#!?\[cfg\(.*\bnot\(test\)|^@(?:Disabled|Ignore|DisabledIf\w*|EnabledIf\w*|EnabledOn\w*|DisabledOn\w*)\b|assume(?:True|False|That)?\(|^(?:x(?:it|describe|specify|context|scenario)|pending|skip)\b|\bskip\s*[:(]|^->\s*pending|mark(?:TestSkipped|TestIncomplete)\(|^->(?:skip|todo)\(|\bSkip\s*=|^\[(?:Ignore|Explicit)\b|Assert\.(?:Inconclusive|Ignore)\(|GTEST_SKIP\(|\bDISABLED_\w+|DISABLED TRUE|^\/\/go:build ignore/;
const exclusive =
  /^(?:fit|fdescribe|fcontext|fspecify)\b|,\s*(?::focus\b|focus: true)|->only\(|\bonly\s*\(|\[Category\("Focus"\)\]/;
const noise =
  /^(?:[\]})>;,]*|end|\/\/.*|#(?!\[).*|\*.*|\/\*.*|import .*|using .*|use .*|package .*|require ['"].*)$/;

const changesMax = 500;
const lineCharsMax = 2_000;

interface NumberedLine {
  readonly text: string;
  readonly line: number;
}

/**
 * What happened to a test file of a language whose syntax tree is not read: every line of base has to be there on head
 * as often as before, and no new line may skip or single out tests.
 */
export function compareLines(base: string, head: string): readonly IntegrityProblem[] {
  const before = linesOf(base);
  const after = linesOf(head);
  const gone = withoutEqual(before, after, textOf);
  const added = withoutEqual(after, before, textOf);
  const problems = gone.slice(0, changesMax).map((line) => goneProblem(line, added.slice(0, changesMax)));
  for (const { text, line } of added) {
    if (skipped.test(text)) {
      problems.push({ rule: 'skipped-test', line, message: `a new line skips a test: \`${shown(text)}\`` });
    } else if (exclusive.test(text)) {
      problems.push({
        rule: 'exclusive-test',
        line,
        message: `a new line singles out a test: \`${shown(text)}\``,
      });
    }
  }
  return problems;
}

const textOf = ({ text }: NumberedLine): string => text;

function linesOf(text: string): readonly NumberedLine[] {
  return text
    .split('\n')
    .map((line, index) => ({
      text: line.slice(0, lineCharsMax).trim().replaceAll(/\s+/g, ' '),
      line: index + 1,
    }))
    .filter(({ text: words }) => !noise.test(words));
}

function goneProblem(gone: NumberedLine, added: readonly NumberedLine[]): IntegrityProblem {
  const near = added.find(({ text }) => assertion.test(text) === assertion.test(gone.text));
  const line = near?.line ?? 1;
  const before = `\`${shown(gone.text)}\` (line ${gone.line} on base)`;
  if (testDeclaration.test(gone.text))
    return { rule: 'deleted-test', line, message: `the test ${before} is gone` };
  if (assertion.test(gone.text)) {
    const rule = near ? 'changed-assertion' : 'removed-assertion';
    return { rule, line, message: `the assertion ${before} is gone or changed` };
  }
  return { rule: 'edited-test', line, message: `${before} of a test file is gone or changed` };
}

function shown(text: string): string {
  return text.replaceAll('`', "'").slice(0, 160);
}
