import { describe, expect, it } from 'vitest';
import type { ChangedFile } from '../../src/domain/journal-event.ts';
import type { TestRun } from '../../src/domain/toolchain.ts';
import { createTestsGate } from '../../src/gates/tests-gate.ts';
import { gateInput, scriptedTree, testRun, treeTexts, withTests } from './gate-input.ts';

async function judge(
  base: readonly TestRun[],
  head: readonly TestRun[],
  baseline: TestRun | null = base[0] ?? null,
) {
  const trees = { base: scriptedTree('ba5e', { tests: base }), head: scriptedTree('4ead', { tests: head }) };
  const verdict = await createTestsGate().judge(gateInput({ ...trees, baseline, commands: withTests }));
  return { verdict, ...trees };
}

describe('the tests gate', () => {
  it('passes with proof when a test that failed on base passes on head', async () => {
    const { verdict, base, head } = await judge(
      [testRun({ a: 'passed', b: 'failed' })],
      [testRun({ a: 'passed', b: 'passed' })],
    );
    expect(verdict).toMatchObject({ status: 'pass', blocking: true, treeId: head.treeId, feedback: '' });
    expect(verdict.summary).toBe('2 tests passed; 1 failed on base and pass here');
    expect(verdict.details).toMatchObject({ fixed: ['a.test.js › b'], newlyFailing: [] });
    expect(verdict.evidence).toEqual([
      {
        command: 'npm test',
        base: '1 passed, 1 failed (exit 1)',
        head: '2 passed (exit 0)',
        durationMs: 100,
      },
    ]);
    expect(base.testRuns).toBe(0);
  });

  it('runs base itself when no baseline was recorded', async () => {
    const { verdict, base } = await judge([testRun({ a: 'passed' })], [testRun({ a: 'passed' })], null);
    expect(verdict.status).toBe('pass');
    expect(base.testRuns).toBe(1);
  });

  it('fails for a test that keeps failing on head and passing on base, and says how', async () => {
    const { verdict, head, base } = await judge(
      [testRun({ a: 'passed' })],
      [testRun({ a: 'failed', b: 'passed' })],
    );
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.summary).toMatch(/^1 test newly failing/);
    expect(verdict.feedback).toContain('FAILS: a.test.js › a\na broke');
    expect([head.testRuns, base.testRuns]).toEqual([4, 3]);
  });

  it('calls a test flaky that passes on head when run again', async () => {
    const failing = testRun({ a: 'failed', b: 'passed' });
    const { verdict, head } = await judge(
      [testRun({ a: 'passed' })],
      [failing, failing, testRun({ a: 'passed' })],
    );
    expect(verdict).toMatchObject({ status: 'pass', details: { flaky: ['a.test.js › a'] } });
    expect(head.testRuns).toBe(3);
  });

  it('calls a test flaky that fails on base when run again', async () => {
    const passing = testRun({ a: 'passed' });
    const { verdict } = await judge(
      [passing, testRun({ a: 'failed' })],
      [testRun({ a: 'failed', b: 'passed' })],
      passing,
    );
    expect(verdict).toMatchObject({ status: 'pass', details: { flaky: ['a.test.js › a'] } });
  });

  it('does not take an unsound rerun for a change of mind', async () => {
    const { verdict } = await judge(
      [testRun({ a: 'passed' })],
      [testRun({ a: 'failed', b: 'passed' }), testRun({ a: 'passed' }, 'crashed')],
    );
    expect(verdict.status).toBe('fail');
  });

  it('names failures that were there before and does not block for them', async () => {
    const { verdict } = await judge(
      [testRun({ a: 'failed', b: 'passed' })],
      [testRun({ a: 'failed', b: 'passed' })],
    );
    expect(verdict).toMatchObject({ status: 'pass', details: { stillFailing: ['a.test.js › a'] } });
    expect(verdict.summary).toContain('1 failed before and still fail');
  });

  it.each([
    ['skipped', testRun({ a: 'skipped', b: 'passed' })],
    ['deleted', testRun({ b: 'passed' })],
  ])('fails when a test that failed on base was %s', async (_, head) => {
    const { verdict } = await judge([testRun({ a: 'failed', b: 'passed' })], [head]);
    expect(verdict.status).toBe('fail');
    expect(verdict.summary).toContain('1 test that failed on base no longer run');
    expect(verdict.feedback).toContain('NO LONGER RUNS: a.test.js › a');
  });

  it('does not miss the failure of a file that could not be loaded once its tests run', async () => {
    const failed = {
      file: 'unittest/loader.py',
      title: '_FailedTest > a_test',
      outcome: 'error' as const,
      durationMs: null,
      message: 'ImportError',
    };
    const base = { ...testRun({}), results: [failed] };
    const head = testRun({ a: 'passed' });
    const named = { ...head, results: head.results.map((result) => ({ ...result, file: 'a_test.py' })) };
    expect((await judge([base], [named])).verdict.status).toBe('pass');
    expect((await judge([base], [head])).verdict.status).toBe('fail');
  });

  it('names tests that disappeared or became skipped', async () => {
    const { verdict } = await judge(
      [testRun({ a: 'passed', b: 'passed', c: 'passed' })],
      [testRun({ b: 'skipped', c: 'passed' })],
    );
    expect(verdict.details).toMatchObject({
      disappeared: ['a.test.js › a'],
      newlySkipped: ['a.test.js › b'],
    });
    expect(verdict.summary).toContain('1 disappeared; 1 newly skipped');
  });

  it('never passes with zero tests, or with skipped ones only', async () => {
    const zero = await judge([testRun({ a: 'passed' })], [testRun({})]);
    expect(zero.verdict).toMatchObject({
      status: 'fail',
      summary: 'no test ran, and zero tests are not a pass',
    });
    const skipped = await judge([testRun({ a: 'skipped' })], [testRun({ a: 'skipped' })]);
    expect(skipped.verdict).toMatchObject({ status: 'fail', blocking: true });
  });

  it('fails when head crashes or times out and base did not', async () => {
    const crashed = testRun({}, '`npm test` ended by timeout');
    const { verdict } = await judge([testRun({ a: 'passed' })], [crashed]);
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.feedback).toContain('output of the tests');
  });

  it('is an error, and no pass, when neither side can be run', async () => {
    const crashed = testRun({}, 'crashed');
    const { verdict } = await judge([crashed], [crashed]);
    expect(verdict).toMatchObject({ status: 'error', blocking: true });
  });

  it('is not run, and blocks, without a test command', async () => {
    expect(await createTestsGate().judge(gateInput({}))).toMatchObject({ status: 'not-run', blocking: true });
  });

  it('fails with the output when the set-up fails on head', async () => {
    const head = scriptedTree('4ead', { setUpFails: true });
    const verdict = await createTestsGate().judge(gateInput({ head, commands: withTests }));
    expect(verdict.status).toBe('fail');
    expect(verdict.feedback).toContain('no lockfile');
  });
});

describe('unfinished work', () => {
  const change = (path: string): ChangedFile => ({
    path,
    status: 'modified',
    additions: 1,
    deletions: 1,
    binary: false,
  });

  async function judgeChange(
    base: TestRun,
    head: TestRun,
    more: {
      readonly path?: string;
      readonly unfinished?: 'block' | 'warn';
      readonly text?: string;
    } = {},
  ) {
    return await createTestsGate().judge(
      gateInput({
        ...treeTexts({}, { 'a.test.js': more.text ?? "import { cart } from './cart.js';" }),
        base: scriptedTree('ba5e', { tests: [base] }),
        head: scriptedTree('4ead', { tests: [head] }),
        baseline: base,
        changes: [change(more.path ?? 'cart.js')],
        commands: withTests,
        settings: { tests: { mode: 'block', unfinished: more.unfinished ?? 'block' } },
      }),
    );
  }

  it('fails when only some of the failing tests of a file were fixed', async () => {
    const verdict = await judgeChange(
      testRun({ a: 'failed', b: 'failed' }),
      testRun({ a: 'passed', b: 'failed' }),
    );
    expect(verdict.status).toBe('fail');
    expect(verdict.summary).toContain('1 test of what the change touches failed before and still fail');
    expect(verdict.feedback).toContain('STILL FAILS: a.test.js › b');
  });

  it('fails when nothing was fixed of what names the changed file, and not for other old failures', async () => {
    const [base, head] = [testRun({ a: 'failed', b: 'passed' }), testRun({ a: 'failed', b: 'passed' })];
    expect((await judgeChange(base, head)).status).toBe('fail');
    expect((await judgeChange(base, head, { path: 'other.js' })).status).toBe('pass');
    expect((await judgeChange(base, head, { text: "import './shopping-cart.js'" })).status).toBe('pass');
  });

  it('finds the file of a test whose report names none by its title', async () => {
    const nameless = (run: TestRun): TestRun => ({
      ...run,
      results: run.results.map((result) => ({ ...result, file: 'test', title: `cart > ${result.title} it` })),
    });
    const [base, head] = [testRun({ a: 'failed', b: 'passed' }), testRun({ a: 'failed', b: 'passed' })];
    const text = "import './cart.js';\ntest('a it');";
    expect((await judgeChange(nameless(base), nameless(head), { text })).status).toBe('fail');
  });

  it('only says so where the repository wants no more', async () => {
    const [base, head] = [testRun({ a: 'failed', b: 'passed' }), testRun({ a: 'failed', b: 'passed' })];
    const verdict = await judgeChange(base, head, { unfinished: 'warn' });
    expect(verdict).toMatchObject({ status: 'pass', details: { unfinished: ['a.test.js › a'] } });
  });

  it('does not count failures for want of a network', async () => {
    const run = testRun({ a: 'failed', b: 'passed' });
    const offline = {
      ...run,
      results: run.results.map((result) => ({ ...result, message: 'getaddrinfo ENOTFOUND example.org' })),
    };
    expect((await judgeChange(offline, offline)).status).toBe('pass');
  });
});

describe('the proof by new tests', () => {
  const changes = ['cart.js', 'a.test.js'].map((path): ChangedFile => {
    return { path, status: 'modified', additions: 1, deletions: 0, binary: false };
  });

  async function judgeNew(grafted: TestRun | 'does not build', changed = changes) {
    const base = testRun({ a: 'passed' });
    const graft = scriptedTree(
      '9raf',
      grafted === 'does not build' ? { setUpFails: true } : { tests: [grafted] },
    );
    const paths: string[][] = [];
    const verdict = await createTestsGate().judge(
      gateInput({
        base: scriptedTree('ba5e', { tests: [base] }),
        head: scriptedTree('4ead', { tests: [testRun({ a: 'passed', b: 'passed' })] }),
        graft: async (files) => {
          paths.push([...files]);
          return graft;
        },
        baseline: base,
        changes: changed,
        commands: withTests,
      }),
    );
    return { verdict, paths, graft };
  }

  it("runs the new tests on base's code and names what fails there and passes on head", async () => {
    const { verdict, paths } = await judgeNew(testRun({ a: 'passed', b: 'failed' }));
    expect(paths).toEqual([['a.test.js']]);
    expect(verdict.details).toMatchObject({ proving: ['a.test.js › b'], idle: [], whyNoProof: '' });
    expect(verdict.evidence[1]).toMatchObject({
      command: "npm test (new and changed tests, base's code)",
      base: '1 of 2 fail (exit 1)',
    });
    expect(verdict.summary).toContain("1 new or changed fail on base's code and pass here");
  });

  it('says why there is none when the new tests pass there too', async () => {
    const { verdict } = await judgeNew(testRun({ a: 'passed', b: 'passed' }));
    expect(verdict.status).toBe('pass');
    expect(verdict.details).toMatchObject({
      proving: [],
      idle: ['a.test.js › b'],
      whyNoProof: 'the new tests pass on the base code too',
    });
  });

  it.each([
    ['does not build' as const],
    [testRun({}, 'crashed')],
    [{ ...testRun({ file: 'error' }), infra: null }],
  ])("takes tests that cannot even be loaded on base's code for failing there", async (grafted) => {
    const { verdict } = await judgeNew(grafted);
    expect(verdict.details).toMatchObject({ proving: ['a.test.js › b'] });
  });

  it.each([
    [['cart.js'], 'no test was added or changed, and none failed on base'],
    [['a.test.js'], 'the change holds nothing but tests'],
  ])('runs nothing more for a change of %j and says why', async (names, why) => {
    const { verdict, graft } = await judgeNew(
      testRun({ b: 'failed' }),
      changes.filter(({ path }) => names.includes(path)),
    );
    expect(verdict.details['whyNoProof']).toBe(why);
    expect(graft.testRuns).toBe(0);
  });
});
