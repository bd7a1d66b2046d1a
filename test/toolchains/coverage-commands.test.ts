import { describe, expect, it } from 'vitest';
import { readRepositoryConfig } from '../../src/app/repository-config.ts';
import { detectCommands } from '../../src/toolchains/detect-commands.ts';
import { applyConfiguredCommands } from '../../src/workflow/configured-commands.ts';

function detect(tree: Readonly<Record<string, string>>) {
  return detectCommands({ list: async () => Object.keys(tree), read: async (path) => tree[path] });
}

const script = (test: string) => ({ 'package.json': JSON.stringify({ scripts: { test } }) });

describe('how coverage is measured', () => {
  it.each([
    [
      'node --test',
      'node --experimental-test-coverage --test-reporter=lcov --test-reporter-destination=/out/coverage.lcov --test',
    ],
    ['tsc && A=1 node --test test/*.js', 'tsc && A=1 node --experimental-test-coverage'],
    [
      'jest',
      'npm test -- --watchAll=false --coverage --coverageReporters=lcovonly --coverageDirectory=/out/coverage',
    ],
    [
      'vitest',
      'npm test -- --run --coverage.enabled --coverage.reporter=lcovonly --coverage.reportsDirectory=/out/coverage',
    ],
  ])('with the script "%s"', async (test, shell) => {
    const [command] = (await detect(script(test))).coverage ?? [];
    expect(command?.shell).toContain(shell);
    expect(command?.format).toBe('lcov');
  });

  it('by nothing for a script that is not known', async () => {
    expect((await detect(script('./test.sh'))).coverage).toEqual([]);
  });

  it('by coverage.py where it is installed, and by Go itself', async () => {
    const [python] = (await detect({ 'test_a.py': 'def test_a(): pass\n' })).coverage ?? [];
    expect(python?.shell).toBe(
      'python3 -m coverage --version >/dev/null 2>&1 || exit 97; mkdir -p /out/coverage; python3 -m coverage run --data-file=/out/coverage/data --source=. -m pytest -q; python3 -m coverage json --data-file=/out/coverage/data -o /out/coverage/coverage.json',
    );
    const [go] = (await detect({ 'go.mod': 'module x\n', 'a_test.go': '' })).coverage ?? [];
    expect(go).toMatchObject({ format: 'go-profile', reportPath: '/out/coverage/cover.out' });
  });

  it('by JaCoCo where the pom names it', async () => {
    const tree = { 'pom.xml': 'jacoco-maven-plugin', 'src/test/A.java': '' };
    expect((await detect(tree)).coverage).toMatchObject([{ format: 'coverage-xml' }]);
    expect((await detect({ ...tree, 'pom.xml': '' })).coverage).toEqual([]);
  });

  it('as .github/agent.yml says, and not by a guess beside test commands of its own', async () => {
    const detected = await detect(script('jest'));
    const apply = (yaml: string) => {
      const { config } = readRepositoryConfig(yaml);
      if (!config) throw new Error('no configuration');
      return applyConfiguredCommands(detected, config).coverage;
    };
    expect(
      apply('commands: { coverage: { run: ./cover, directory: app, format: lcov, report: /out/c.info } }'),
    ).toEqual([
      { shell: './cover', cwd: 'app', why: '.github/agent.yml', format: 'lcov', reportPath: '/out/c.info' },
    ]);
    expect(apply('commands: { test: ./t }')).toEqual([]);
    expect(apply('commands: { coverage: [] }')).toEqual([]);
    expect(apply('')).toHaveLength(1);
  });
});
