import { describe, expect, it } from 'vitest';
import { detectCommands } from '../../src/toolchains/detect-commands.ts';

type Tree = Readonly<Record<string, string>>;

function detect(tree: Tree) {
  return detectCommands({
    list: async () => Object.keys(tree),
    read: async (path) => (Object.hasOwn(tree, path) ? tree[path] : undefined),
  });
}

describe('compiled and other ecosystems', () => {
  it('runs Maven offline after a fetch, with the reports of every module, and lets no failure hide a module', async () => {
    const found = await detect({ 'pom.xml': '<project/>', 'core/src/test/java/ATest.java': '' });
    expect(found.ecosystems).toEqual(['maven']);
    expect(found.fetch[0]?.shell).toBe('mvn -B -q dependency:go-offline');
    expect(found.test).toMatchObject([
      {
        shell: 'mvn -B -o -Dmaven.test.failure.ignore=true test',
        format: 'junit',
        reportPath: '*/target/surefire-reports/TEST-*.xml',
      },
    ]);
  });

  it.each([
    [{ 'pom.xml': '<project/>', '.mvn/extensions.xml': '<extensions/>' }],
    [{ 'pom.xml': '<project><build><extensions><extension/></extensions></build></project>' }],
    [{ 'pom.xml': '<project/>', 'a/pom.xml': '<plugin><extensions>true</extensions></plugin>' }],
  ])('fetches nothing for Maven where an extension would run with network: %j', async (tree) => {
    const found = await detect({ ...tree, 'src/test/java/ATest.java': '' });
    expect(found.fetch).toEqual([]);
    expect(found.notes.join()).toContain('`setup`');
  });

  it.each([
    ['build.gradle', {}, 'gradle --offline --continue test'],
    ['build.gradle.kts', { gradlew: '' }, 'if command -v gradle >/dev/null; then gradle'],
  ])(
    'runs Gradle offline (%s) and fetches nothing, because its build files are code',
    async (file, more, shell) => {
      const found = await detect({ [file]: '', ...more, 'app/src/test/kotlin/A.kt': '' });
      expect(found).toMatchObject({ ecosystems: ['gradle'], fetch: [] });
      expect(found.test[0]?.shell.startsWith(shell)).toBe(true);
      expect(found.notes.join()).toContain('`setup`');
    },
  );

  it('fetches gems by name from the lockfile and installs them without network', async () => {
    const lock =
      'GIT\n  remote: https://example.org\n  specs:\n    evil (1.0)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n' +
      '    rspec (3.13.0)\n      rspec-core (~> 3.13.0)\n    nokogiri (1.16.0-x86_64-linux)\n\nPLATFORMS\n  ruby\n';
    const found = await detect({ Gemfile: '', 'Gemfile.lock': lock, 'spec/a_spec.rb': '' });
    expect(found.fetch[0]?.shell).toBe(
      'mkdir -p "$HOME/gems" && cd "$HOME/gems" && gem fetch rspec:3.13.0 nokogiri:1.16.0',
    );
    expect(found.build[0]?.shell).toContain('gem install --local');
    expect(found.test[0]).toMatchObject({ format: 'rspec-json', reportPath: '/out/rspec.json' });
  });

  it('runs rake test where there is no spec, and no gem without a lockfile', async () => {
    const found = await detect({ Gemfile: '', 'test/a_test.rb': '' });
    expect(found).toMatchObject({
      fetch: [],
      test: [{ shell: 'bundle exec rake test', format: 'exit-code' }],
    });
  });

  it.each([
    ['phpunit/phpunit', 'vendor/bin/phpunit --log-junit /out/phpunit.xml'],
    ['pestphp/pest', 'vendor/bin/pest --log-junit /out/phpunit.xml'],
  ])('installs PHP packages without scripts and plugins and runs %s', async (name, shell) => {
    const found = await detect({ 'composer.json': JSON.stringify({ 'require-dev': { [name]: '^1' } }) });
    expect(found.fetch[0]?.shell).toContain('--no-scripts --no-plugins');
    expect(found.test[0]).toMatchObject({ shell, format: 'junit' });
  });

  it('builds CMake outside of the work tree and runs CTest where tests are enabled', async () => {
    const found = await detect({ 'CMakeLists.txt': 'project(x)\nenable_testing()\n' });
    expect(found.build[0]?.shell).toContain('-B /out/cmake-build');
    expect(found.test[0]?.shell).toContain('--no-tests=error');
    const without = await detect({ 'CMakeLists.txt': 'project(x)\n' });
    expect(without.test).toEqual([]);
  });

  it('runs dotnet test with TRX results, and fetches nothing', async () => {
    const found = await detect({
      'App.sln': '',
      'App.Tests/App.Tests.csproj': '<PackageReference Include="Microsoft.NET.Test.Sdk" />',
    });
    expect(found).toMatchObject({ ecosystems: ['dotnet'], fetch: [], test: [{ format: 'trx' }] });
    expect(found.test[0]?.shell).toContain('dotnet test ./App.sln ');
  });

  it('reads the dependencies of tox and its pytest command', async () => {
    const tox =
      '[tox]\nenvlist = py\n\n[testenv]\ndeps =\n    attrs>=23\n    -rother.txt\n    {[base]deps}\ncommands =\n    pytest {posargs}\n';
    const found = await detect({ 'tox.ini': tox, 'tests/test_a.py': 'import unittest\n' });
    expect(found.fetch[0]?.shell).toContain("'attrs>=23'");
    expect(found.fetch[0]?.shell).not.toMatch(/other|base/);
    expect(found.test[0]).toMatchObject({ format: 'junit', why: 'tox.ini runs pytest' });
  });

  it.each([
    ['uv.lock', 'uv sync --frozen'],
    ['poetry.lock', 'poetry install --no-root'],
  ])('installs from %s', async (lock, shell) => {
    const found = await detect({
      'pyproject.toml': '[project]\ndependencies = ["attrs"]\n',
      [lock]: '',
      'test_a.py': 'def test_a(): pass\n',
    });
    expect(found.fetch[0]?.shell).toContain(shell);
  });
});

describe('monorepos', () => {
  const manifest = (fields: object): string => JSON.stringify(fields);
  const test = { scripts: { test: 'node --test' } };

  it.each([
    [{ 'package.json': manifest({ workspaces: ['packages/*', '!packages/old'] }) }],
    [{ 'package.json': manifest({ workspaces: { packages: ['packages/*', '!packages/old'] } }) }],
    [
      {
        'package.json': manifest({}),
        'pnpm-workspace.yaml': 'packages:\n  - packages/*\n  - "!packages/old"\n',
      },
    ],
    [
      {
        'package.json': manifest({
          workspaces: ['packages/*', '!packages/old'],
          scripts: { test: 'turbo test' },
        }),
      },
    ],
  ])('finds the packages of %j with their own commands and who depends on whom', async (root) => {
    const found = await detect({
      ...root,
      'packages/a/package.json': manifest({ name: '@x/a', ...test }),
      'packages/b/package.json': manifest({ name: '@x/b', dependencies: { '@x/a': '*' }, ...test }),
      'packages/old/package.json': manifest({ name: '@x/old', ...test }),
    });
    expect(found.packages).toEqual([
      { directory: 'packages/a', dependsOn: [] },
      { directory: 'packages/b', dependsOn: ['packages/a'] },
    ]);
    expect(found.test.map(({ cwd }) => cwd)).toEqual(['packages/a', 'packages/b']);
  });

  it('keeps a root script that runs tests itself', async () => {
    const found = await detect({
      'package.json': manifest({ workspaces: ['p/*'], scripts: { test: 'vitest run' } }),
      'p/a/package.json': manifest({ name: 'a', ...test }),
    });
    expect(found.test.map(({ cwd }) => cwd)).toEqual(['']);
  });

  it('finds the members of Cargo and uv workspaces and of go.work', async () => {
    const cargo = await detect({
      'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n',
      'crates/a/Cargo.toml': '[package]\nname = "a"\n[dependencies]\nb = { path = "../b" }\n',
      'crates/b/Cargo.toml': '[package]\nname = "b"\n',
    });
    expect(cargo.packages).toEqual([
      { directory: 'crates/a', dependsOn: ['crates/b'] },
      { directory: 'crates/b', dependsOn: [] },
    ]);
    expect(cargo.test).toMatchObject([{ shell: 'cargo test --offline --workspace --no-fail-fast' }]);
    const go = await detect({
      'go.work': 'go 1.22\n\nuse (\n\t./api\n\t./lib\n)\n',
      'api/go.mod': 'module example.org/api\nrequire example.org/lib v1.0.0\n',
      'api/a_test.go': '',
      'lib/go.mod': 'module example.org/lib\n',
      'lib/a_test.go': '',
    });
    expect(go.packages).toEqual([
      { directory: 'api', dependsOn: ['lib'] },
      { directory: 'lib', dependsOn: [] },
    ]);
    expect(go.test.map(({ cwd }) => cwd)).toEqual(['api', 'lib']);
    const uv = await detect({
      'pyproject.toml': '[tool.uv.workspace]\nmembers = ["libs/*"]\n',
      'libs/a/pyproject.toml': '[project]\nname = "a"\ndependencies = ["b>=1"]\n',
      'libs/a/test_a.py': 'def test_a(): pass\n',
      'libs/b/pyproject.toml': '[project]\nname = "b"\n',
    });
    expect(uv.packages?.[0]).toEqual({ directory: 'libs/a', dependsOn: ['libs/b'] });
  });
});
