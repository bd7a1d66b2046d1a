import { describe, expect, it } from 'vitest';
import type { TestReportFormat } from '../../src/domain/toolchain.ts';
import { parseTestReport } from '../../src/toolchains/parse-test-report.ts';

const context = { shell: 'npm test', exitCode: 1 };

function outcomes(format: TestReportFormat, text: string) {
  const { results, problem } = parseTestReport(format, text, context);
  return { tests: results.map(({ file, title, outcome }) => `${file} | ${title} | ${outcome}`), problem };
}

describe('junit', () => {
  it('reads node:test suites with absolute files made relative', () => {
    const xml = `<?xml version="1.0" encoding="utf-8"?>
<testsuites>
  <testcase name="adds &lt;two&gt;" time="0.000590" classname="test" file="/workspace/test/a.test.js"/>
  <testsuite name="cart" time="0.001" disabled="0" errors="0" tests="2" failures="1" skipped="1" hostname="vm">
    <testcase name="totals" time="0.5" classname="cart" file="/workspace/test/a.test.js">
      <failure type="testCodeFailure" message="1 == 2">Error: 1 == 2</failure>
    </testcase>
    <testcase name="later" classname="cart" file="/workspace/test/a.test.js"><skipped type="todo"/></testcase>
  </testsuite>
</testsuites>`;
    expect(outcomes('junit', xml)).toEqual({
      tests: [
        'test/a.test.js | cart > totals | failed',
        'test/a.test.js | cart > later | skipped',
        'test/a.test.js | adds <two> | passed',
      ],
      problem: null,
    });
    expect(parseTestReport('junit', xml, context).results[0]).toMatchObject({
      durationMs: 500,
      message: 'Error: 1 == 2',
    });
  });

  it('reads pytest xunit1 with class and parameters in the title', () => {
    const xml = `<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1">
<testcase classname="tests.test_cart" name="test_total[1-a]" file="tests/test_cart.py" line="3" time="0.01"><failure message="assert">E assert</failure></testcase>
<testcase classname="tests.test_cart.TestCart" name="test_x" file="tests/test_cart.py" line="9" time="0.01"/>
<testcase classname="" name="tests.test_broken" time="0"><error message="collection failure">ImportError</error></testcase>
</testsuite></testsuites>`;
    expect(outcomes('junit', xml).tests).toEqual([
      'tests/test_cart.py | test_total[1-a] | failed',
      'tests/test_cart.py | TestCart > test_x | passed',
      ' | tests.test_broken | error',
    ]);
  });

  it('refuses entity bombs, broken XML and empty files without throwing', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><testsuites>&b;</testsuites>';
    for (const text of [bomb, '<testsuites><testcase name="a">', '', '\u0000\u0001']) {
      const { results, problem } = parseTestReport('junit', text, context);
      expect(results).toEqual([]);
      expect(problem).not.toBeNull();
    }
  });
});

describe('tap', () => {
  it('counts leaves with their parents in the title, and directives as skipped', () => {
    const tap = `> sample@1.0.0 test
TAP version 13
# Subtest: cart
    # Subtest: totals
    not ok 1 - totals
      ---
      duration_ms: 0.8
      location: '/workspace/a.test.js:2:45'
      error: '1 == 2'
      ...
    # Subtest: later
    ok 2 - later # SKIP
    1..2
not ok 1 - cart
ok 2 - alone
1..2
`;
    expect(outcomes('tap', tap)).toEqual({
      tests: ['a.test.js | cart > totals | failed', 'tap | cart > later | skipped', 'tap | alone | passed'],
      problem: null,
    });
  });

  it('takes a stream that ends before its plan, bails out or is no TAP as a problem', () => {
    expect(outcomes('tap', '1..3\nok 1 - a\n').problem).toContain('plan');
    expect(outcomes('tap', 'ok 1 - a\nBail out! no database\n').problem).toContain('Bail out');
    expect(outcomes('tap', 'hello').problem).toContain('no TAP');
  });
});

describe('JSON reports', () => {
  it('reads jest and vitest files, a file that could not run as one error', () => {
    const json = JSON.stringify({
      testResults: [
        {
          name: '/workspace/a.test.ts',
          status: 'failed',
          message: '',
          assertionResults: [
            {
              ancestorTitles: ['cart'],
              title: 'totals',
              status: 'failed',
              duration: 3,
              failureMessages: ['no'],
            },
            { ancestorTitles: [], title: 'x', status: 'pending', failureMessages: [] },
          ],
        },
        { name: '/workspace/b.test.ts', status: 'failed', message: 'SyntaxError', assertionResults: [] },
      ],
    });
    expect(outcomes('vitest-json', json).tests).toEqual([
      'a.test.ts | cart > totals | failed',
      'a.test.ts | x | skipped',
      'b.test.ts | file | error',
    ]);
  });

  it('reads mocha and go events', () => {
    const mocha = {
      passes: [{ fullTitle: 'a b', file: '/workspace/t.js', duration: 1, err: {} }],
      failures: [],
      pending: [],
    };
    expect(outcomes('mocha-json', JSON.stringify(mocha)).tests).toEqual(['t.js | a b | passed']);
    const go = [
      '{"Action":"run","Package":"x","Test":"TestA"}',
      '{"Action":"output","Package":"x","Test":"TestA","Output":"boom\\n"}',
      '{"Action":"fail","Package":"x","Test":"TestA","Elapsed":0.1}',
      '{"Action":"fail","Package":"x"}',
      '{"Action":"fail","Package":"y"}',
      'noise',
    ].join('\n');
    expect(outcomes('go-json', go).tests).toEqual(['x | TestA | failed', 'y | package | error']);
  });

  it('turns wrong shapes into a problem', () => {
    for (const text of ['', '{', '[]', '{"testResults": 3}', 'null']) {
      expect(outcomes('jest-json', text).problem).not.toBeNull();
      expect(outcomes('mocha-json', text).problem).not.toBeNull();
    }
  });
});

describe('text reports', () => {
  it('reads unittest -v with docstrings, skips and errors', () => {
    const text = `test_total (tests.test_cart.CartTest.test_total) ... FAIL
test_doc (tests.test_cart.CartTest.test_doc)
A docstring. ... ok
test_skip (tests.test_cart.CartTest.test_skip) ... skipped 'no'
test_e (tests.test_cart.CartTest.test_e) ... ERROR

======================================================================
FAIL: test_total (tests.test_cart.CartTest.test_total)
----------------------------------------------------------------------
AssertionError: 1 != 2

----------------------------------------------------------------------
Ran 4 tests in 0.001s

FAILED (failures=1, errors=1, skipped=1)
`;
    expect(outcomes('unittest-text', text)).toEqual({
      tests: [
        'tests/test_cart.py | CartTest > test_total | failed',
        'tests/test_cart.py | CartTest > test_doc | passed',
        'tests/test_cart.py | CartTest > test_skip | skipped',
        'tests/test_cart.py | CartTest > test_e | error',
      ],
      problem: null,
    });
    expect(outcomes('unittest-text', 'test_a (a.B.test_a) ... ok\n').problem).not.toBeNull();
  });

  it('reads cargo test and says when it did not build', () => {
    const text = `     Running unittests src/lib.rs (target/debug/deps/x-1)
running 2 tests
test tests::ok ... ok
test tests::bad ... FAILED

failures:

---- tests::bad stdout ----
thread panicked

test result: FAILED. 1 passed; 1 failed;
`;
    expect(outcomes('cargo-text', text)).toEqual({
      tests: ['src/lib.rs | tests::ok | passed', 'src/lib.rs | tests::bad | failed'],
      problem: null,
    });
    expect(outcomes('cargo-text', 'error[E0425]: cannot find value').problem).toContain('build');
  });

  it('makes one result of an exit code, and none of a command that was killed', () => {
    expect(outcomes('exit-code', 'oops').tests).toEqual(['npm test | exit code | failed']);
    expect(parseTestReport('exit-code', '', { shell: 'x', exitCode: null }).problem).not.toBeNull();
  });

  it('caps what a hostile report can make us keep', () => {
    const long = 'a'.repeat(100_000);
    const { results } = parseTestReport(
      'tap',
      `not ok 1 - ${long}\n  ---\n  error: ${long}\n  ...\n`,
      context,
    );
    expect(results[0]?.title).toHaveLength(500);
    expect(results[0]?.message.length).toBeLessThanOrEqual(2_000);
    const huge = parseTestReport('junit', ' '.repeat(64 * 1_048_576 + 1), context);
    expect(huge.problem).toContain('over');
  });
});

describe('reports of other ecosystems', () => {
  const context = { shell: 'x', exitCode: 1 };

  it('reads the JUnit documents of several Maven classes, one after another', () => {
    const suite = (name: string, inner: string) =>
      `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="${name}"><testcase name="works" classname="${name}" time="0.01">${inner}</testcase></testsuite>\n`;
    const text = suite('org.ATest', '') + suite('org.BTest', '<failure message="no">trace</failure>');
    const { results, problem } = parseTestReport('junit', text, context);
    expect(problem).toBeNull();
    expect(results.map(({ file, title, outcome }) => [file, title, outcome])).toEqual([
      ['org.ATest', 'works', 'passed'],
      ['org.BTest', 'works', 'failed'],
    ]);
    expect(parseTestReport('junit', `${text}<?xml version="1.0"?><testsuite`, context).problem).toMatch(
      /no XML/,
    );
  });

  it('reads RSpec, and calls a spec that cannot be loaded a problem', () => {
    const example = (status: string) => ({
      full_description: `is ${status}`,
      file_path: './spec/a_spec.rb',
      status,
      run_time: 0.5,
    });
    const report = (errors: number) =>
      JSON.stringify({
        examples: ['passed', 'failed', 'pending'].map(example),
        summary: { errors_outside_of_examples_count: errors },
      });
    const { results, problem } = parseTestReport('rspec-json', report(0), context);
    expect([problem, results.map(({ file, outcome }) => [file, outcome])]).toEqual([
      null,
      [
        ['spec/a_spec.rb', 'passed'],
        ['spec/a_spec.rb', 'failed'],
        ['spec/a_spec.rb', 'skipped'],
      ],
    ]);
    expect(parseTestReport('rspec-json', report(1), context).problem).toBe('1 errors outside of examples');
  });

  it('reads TRX documents out of the output of dotnet test', () => {
    const trx = `noise\n<?xml version="1.0"?><TestRun id="1"><Results>
      <UnitTestResult testId="a" testName="Adds(1, 2)" outcome="Passed"/>
      <UnitTestResult testId="b" testName="Fails" outcome="Failed"><Output><ErrorInfo><Message>no</Message></ErrorInfo></Output></UnitTestResult>
      </Results><TestDefinitions><UnitTest id="a"><TestMethod className="N.T"/></UnitTest></TestDefinitions></TestRun>\n`;
    const { results, problem } = parseTestReport('trx', trx, context);
    expect(problem).toBeNull();
    expect(results.map(({ file, title, outcome, message }) => [file, title, outcome, message])).toEqual([
      ['N.T', 'Adds(1, 2)', 'passed', ''],
      ['dotnet', 'Fails', 'failed', 'no'],
    ]);
    expect(parseTestReport('trx', 'Build failed', context).problem).toBe('the output holds no TRX document');
  });
});
