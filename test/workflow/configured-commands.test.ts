import { describe, expect, it } from 'vitest';
import { readRepositoryConfig } from '../../src/app/repository-config.ts';
import type { DetectedCommands } from '../../src/domain/toolchain.ts';
import { applyConfiguredCommands } from '../../src/workflow/configured-commands.ts';

const detected: DetectedCommands = {
  ecosystems: ['node'],
  fetch: [{ shell: 'npm ci', cwd: '', why: 'package-lock.json' }],
  build: [],
  lint: [],
  typecheck: [],
  test: [
    { shell: 'X=1 npm test', cwd: '', why: 'package.json', format: 'junit', reportPath: '/out/node.xml' },
  ],
  notes: [],
};

function apply(yaml: string): DetectedCommands {
  const { config, problems } = readRepositoryConfig(yaml);
  expect(problems).toEqual([]);
  if (!config) throw new Error('no configuration');
  return applyConfiguredCommands(detected, config);
}

describe('commands of .github/agent.yml', () => {
  it('have a directory and an environment of their own, which the evidence shows', () => {
    const applied = apply(
      'directory: app\ncommands:\n  build: { run: make, env: { MODE: "a b", N: "1" } }\n  lint: { run: ruff check, directory: lib }\n  typecheck: mypy .\n',
    );
    expect(applied.build).toEqual([
      { shell: "export MODE='a b' N=1; make", cwd: 'app', why: '.github/agent.yml' },
    ]);
    expect(applied.lint[0]).toMatchObject({ shell: 'ruff check', cwd: 'lib' });
    expect(applied.typecheck[0]).toMatchObject({ shell: 'mypy .', cwd: 'app' });
    expect(applied.fetch).toEqual(detected.fetch);
  });

  it('keep the detected report when the test command is the detected one', () => {
    expect(apply('commands: { test: npm test }').test[0]?.format).toBe('junit');
    expect(apply('commands: { test: ./run }').test[0]?.format).toBe('exit-code');
  });

  it('may name the report of a test command', () => {
    const [test] = apply(
      'commands: { test: [{ run: ./run, format: tap }, { run: b, format: junit, report: /out/b.xml }] }',
    ).test;
    expect(test).toMatchObject({ shell: './run', format: 'tap', reportPath: null });
  });

  it.each(['../x', '/etc', 'a/../../b'])('may not leave the repository: %s', (directory) => {
    const { problems } = readRepositoryConfig(`commands: { test: { run: x, directory: "${directory}" } }`);
    expect(problems).toHaveLength(1);
  });
});
