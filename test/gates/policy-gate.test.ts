import { afterAll, describe, expect, it } from 'vitest';
import type { Finding, Verdict } from '../../src/domain/gate.ts';
import { createFactsReader } from '../../src/gates/facts/facts-reader.ts';
import { createPolicyGate } from '../../src/gates/policy-gate.ts';
import { changeInput, type Texts } from './change-input.ts';

const facts = createFactsReader();
afterAll(() => facts.close());

const path = '.github/workflows/ci.yml';
const sha = 'a'.repeat(40);

function judge(base: Texts, head: Texts, protectedPaths: readonly string[] = []): Promise<Verdict> {
  const settings = { policy: { mode: 'hold', protectedPaths } } as const;
  return createPolicyGate({ facts }).judge(changeInput(base, head, { settings }));
}

async function rulesOf(text: string, base?: string): Promise<readonly Pick<Finding, 'rule' | 'level'>[]> {
  const { findings } = await judge(base === undefined ? {} : { [path]: base }, { [path]: text });
  return findings.filter(({ rule }) => rule !== 'protected-path').map(({ rule, level }) => ({ rule, level }));
}

const steps = (step: string, on = 'push'): string =>
  `on: ${on}\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`;

describe('the policy gate', () => {
  it.each([
    ['.github/workflows/ci.yml'],
    ['.github/agent.yml'],
    ['docs/CODEOWNERS'],
    ['.circleci/config.yml'],
  ])('names a change of %s', async (changed) => {
    const verdict = await judge({ [changed]: 'a: 1\n' }, { [changed]: 'a: 2\n' });
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.findings[0]).toMatchObject({ rule: 'protected-path', path: changed });
    expect((await judge({ [changed]: 'a: 1\n' }, {})).status).toBe('fail');
  });

  it('names a change of a path that the repository protects', async () => {
    const change = [{}, { 'db/schema.sql': 'drop table users;' }] as const;
    expect((await judge(...change)).status).toBe('pass');
    expect((await judge(...change, ['db/**'])).findings[0]?.path).toBe('db/schema.sql');
  });

  it.each([
    ['uses: someone/thing@v1', 'unpinned-action', 'error'],
    ['uses: "someone/thing@main"', 'unpinned-action', 'error'],
    ['uses: docker://alpine:3', 'unpinned-action', 'error'],
    ['uses: actions/checkout@v4', 'unpinned-action', 'warning'],
    ['run: echo ${{ github.event.issue.title }}', 'script-injection', 'error'],
    ['run: "echo ${{ github.event.pull_request.head.ref }}"', 'script-injection', 'error'],
    ['run: echo ${{ github.head_ref }}', 'script-injection', 'error'],
    ["run: echo ${{ format('{0}', github.event.comment.body) }}", 'script-injection', 'error'],
  ])('finds in `- %s` the rule %s as %s', async (step, rule, level) => {
    expect(await rulesOf(steps(step))).toEqual([{ rule, level }]);
  });

  it.each([
    `uses: someone/thing@${sha}`,
    'uses: ./.github/actions/own',
    `uses: docker://alpine@sha256:${'b'.repeat(64)}`,
    'run: echo ${{ github.event.issue.number }} ${{ github.sha }}',
    'run: echo "$TITLE"',
  ])('finds nothing in `- %s`', async (step) => {
    expect(await rulesOf(steps(step))).toEqual([]);
  });

  it('finds the checkout of a pull request where secrets are, and only there', async () => {
    const checkout = `uses: actions/checkout@${sha}\n        with:\n          ref: \${{ github.event.pull_request.head.sha }}`;
    expect(await rulesOf(steps(checkout, 'pull_request_target'))).toEqual([
      { rule: 'privileged-checkout', level: 'error' },
    ]);
    expect(await rulesOf(steps(checkout, '[push, workflow_run]'))).toHaveLength(1);
    expect(await rulesOf(steps(checkout, 'pull_request'))).toEqual([]);
    expect(
      await rulesOf(steps('run: gh pr checkout 7', '{pull_request_target: {types: [opened]}}')),
    ).toHaveLength(1);
  });

  it('finds every permission given to every step, at the top and in a job', async () => {
    expect(await rulesOf(`permissions: write-all\n${steps('run: ls')}`)).toEqual([
      { rule: 'write-all', level: 'error' },
    ]);
    expect(
      await rulesOf(steps('run: ls').replace('    runs-on', '    permissions: write-all\n    runs-on')),
    ).toHaveLength(1);
    expect(await rulesOf(`permissions: read-all\n${steps('run: ls')}`)).toEqual([]);
  });

  it('does not repeat what the workflow did before, wherever it stands now', async () => {
    const before = steps('uses: someone/thing@v1');
    const moved = `# a comment\n${before}      - run: ls\n`;
    expect(await rulesOf(moved, before)).toEqual([]);
    expect(await rulesOf(`${before}      - uses: someone/thing@v1\n`, before)).toHaveLength(1);
  });

  it('calls a workflow that is not YAML unreadable', async () => {
    expect(await rulesOf('on: [push\n')).toEqual([{ rule: 'workflow-unreadable', level: 'error' }]);
  });
});
