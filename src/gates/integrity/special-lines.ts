import type { IntegrityProblem } from './integrity-problem.ts';

type LineRule = readonly [pattern: RegExp, what: string];

/** Ways for a program to find out that it is being tested. */
const testDetection: readonly LineRule[] = [
  [
    /\b(?:NODE_ENV|APP_ENV|RAILS_ENV|RACK_ENV|MIX_ENV)\b.{0,40}['"`](?:test|testing)['"`]/,
    'asks whether it runs in tests',
  ],
  [
    /['"`](?:test|testing)['"`].{0,10}[!=]==?.{0,40}\b(?:NODE_ENV|APP_ENV)\b/,
    'asks whether it runs in tests',
  ],
  [
    /\b(?:JEST_WORKER_ID|VITEST(?:_WORKER_ID|_POOL_ID)?|NODE_TEST_CONTEXT|PYTEST_CURRENT_TEST|PYTEST_VERSION|TEST_WORKER_INDEX)\b/,
    'asks whether it runs in tests',
  ],
  [
    /['"`](?:pytest|unittest|_pytest|nose)['"`]\s+(?:not\s+)?in\s+sys\.modules|sys\.modules.{0,20}['"`](?:pytest|unittest)['"`]/,
    'asks whether a test framework is loaded',
  ],
  [
    /sys\.argv.{0,60}(?:pytest|unittest|test)|process\.argv.{0,80}(?:jest|mocha|vitest|\btest\b)/,
    'asks whether a test runner started it',
  ],
  [
    /\btypeof\s+(?:jest|vi|describe|it|test|expect)\b|\bglobalThis\.(?:jest|vi|describe|it|expect)\b|\bexpect\.getState\(/,
    'asks for the globals of a test framework',
  ],
  [/\btesting\.Testing\(\)|\bcfg!?\(\s*test\s*\)(?!.*mod tests)/, 'asks whether it runs in tests'],
  [
    /\binspect\.(?:stack|currentframe)\(|\bsys\._getframe\(|new Error\([^)]*\)\.stack\b|\berr(?:or)?\.stack\b.{0,60}(?:test|spec)|getStackTrace\(\)|traceback\.extract_stack\(/,
    'looks at who called it',
  ],
  [
    /(?:readFileSync|readFile|open|import|require)\s*\(?.{0,60}(?:\.(?:test|spec)\.[cm]?[jt]sx?|_test\.py|test_\w+\.py|_spec\.rb|__tests__)/,
    'reads the tests',
  ],
];

/** Ways for a program to end or to bend the judgement. */
const judgement: readonly LineRule[] = [
  [
    /\bos\._exit\(\s*0?\s*\)|\bprocess\.(?:exit|reallyExit)\(\s*0?\s*\)|\bsys\.exit\(\s*0?\s*\)/,
    'ends the process with success',
  ],
  [/(?:def __(?:eq|ne|lt|gt|le|ge|contains|bool)__\(.*\):\s*return True\b)/, 'compares equal to everything'],
  [
    /\bsys\.modules\[|\bunittest\.(?:TestCase|mock)\.\w+\s*=|\b(?:TestCase|Assertion\w*|assert|expect|jest|vi|pytest)\.\w+\s*=(?!=)/,
    'replaces a part of the test framework',
  ],
  [/\bassert\w*\s*=\s*(?:lambda|function|\()/, 'replaces an assertion'],
];

const coverageIgnores =
  /(?:istanbul|c8|v8)\s+ignore|pragma:\s*no\s*(?:cover|branch)|#\[coverage\(off\)\]|@codeCoverageIgnore|LCOV_EXCL|:nocov:|ExcludeFromCodeCoverage/;
const checkIgnores =
  /\beslint-disable\b|@ts-(?:ignore|nocheck|expect-error)\b|\bbiome-ignore\b|#\s*noqa\b|#\s*type:\s*ignore|\/\/\s*nolint\b|#\[allow\(|@SuppressWarnings|pylint:\s*disable|rubocop:disable|phpcs:ignore|oxlint-disable|pragma warning disable/;
const programs = /(?:^|\/)(?:bin|cli|scripts?|cmd|tools?)\/|(?:^|\/)(?:cli|main|__main__|index|server)\.\w+$/;

/** Added lines of code (not of tests) that know of tests, end the process, or switch a check off. */
export function specialLines(
  path: string,
  lines: readonly { readonly line: number; readonly text: string }[],
): readonly IntegrityProblem[] {
  return lines.flatMap(({ line, text }) => problemsOf(path, line, text.slice(0, 2_000)));
}

function problemsOf(path: string, line: number, text: string): readonly IntegrityProblem[] {
  const shown = text.trim().replaceAll('`', "'").slice(0, 160);
  const problem = (rule: IntegrityProblem['rule'], what: string): IntegrityProblem => ({
    rule,
    line,
    message: `the code ${what}: \`${shown}\``,
  });
  const detected = testDetection.find(([pattern]) => pattern.test(text));
  if (detected) return [problem('special-cased', detected[1])];
  const bent = judgement.find(([pattern]) => pattern.test(text));
  // A command line ends with success for a living.
  if (bent && !(bent[1].startsWith('ends') && programs.test(path)))
    return [problem('special-cased', bent[1])];
  if (coverageIgnores.test(text)) return [problem('suppressed-check', 'is taken out of coverage')];
  if (checkIgnores.test(text))
    return [{ ...problem('suppressed-check', 'switches a check off'), level: 'warning' }];
  return [];
}
