import { describe, expect, it } from 'vitest';
import { detectCommands } from '../../src/toolchains/detect-commands.ts';

type Tree = Readonly<Record<string, string>>;

function detect(tree: Tree) {
  return detectCommands({
    list: async () => Object.keys(tree),
    read: async (path) => (Object.hasOwn(tree, path) ? tree[path] : undefined),
  });
}

function packageJson(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ name: 'sample', ...fields });
}

describe('node', () => {
  it('leaves a node --test script as it is and asks for JUnit by NODE_OPTIONS, with no set-up', async () => {
    const found = await detect({ 'package.json': packageJson({ scripts: { test: 'node --test' } }) });
    expect(found.ecosystems).toEqual(['node']);
    expect(found.fetch).toEqual([]);
    expect(found.build).toEqual([]);
    expect(found.test).toEqual([
      {
        shell: 'NODE_OPTIONS="--test-reporter=junit --test-reporter-destination=/out/node-test.xml" npm test',
        cwd: '',
        why: 'package.json scripts.test',
        format: 'junit',
        reportPath: '/out/node-test.xml',
      },
    ]);
  });

  it.each([
    ['vitest run', 'vitest-json', 'npm test -- --run --reporter=json --outputFile=/out/vitest.json'],
    ['tsc && vitest', 'vitest-json', 'npm test -- --run --reporter=json --outputFile=/out/vitest.json'],
    ['cross-env A=1 jest', 'jest-json', 'npm test -- --watchAll=false --json --outputFile=/out/jest.json'],
    ['mocha -R dot', 'mocha-json', 'npm test -- --reporter json --reporter-option output=/out/mocha.json'],
    ['ava', 'tap', 'npm test -- --tap'],
    ['tape test/*.js', 'tap', 'npm test'],
    ['./run-tests.sh', 'exit-code', 'npm test'],
  ])('reads the script "%s" as %s', async (script, format, shell) => {
    const found = await detect({ 'package.json': packageJson({ scripts: { test: script } }) });
    expect(found.test[0]).toMatchObject({ format, shell });
  });

  it('fetches from the lockfile without scripts, and rebuilds only where a package has an install script', async () => {
    const lock = (extra: object) =>
      JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0', ...extra } } });
    const manifest = packageJson({ scripts: { test: 'jest' }, devDependencies: { jest: '1' } });
    const plain = await detect({ 'package.json': manifest, 'package-lock.json': lock({}) });
    expect(plain.fetch.map(({ shell }) => shell)).toEqual(['npm ci --ignore-scripts --no-audit --no-fund']);
    expect(plain.build).toEqual([]);
    const native = await detect({
      'package.json': manifest,
      'package-lock.json': lock({ hasInstallScript: true }),
    });
    expect(native.build[0]?.shell).toMatch(/^npm rebuild/);
  });

  it('needs no network for a lockfile that pins nothing', async () => {
    const found = await detect({
      'package.json': packageJson({ scripts: { test: 'node --test' } }),
      'package-lock.json': JSON.stringify({ packages: { '': {} } }),
    });
    expect(found.fetch).toEqual([]);
  });

  it.each([
    ['pnpm-lock.yaml', 'pnpm install --ignore-scripts --frozen-lockfile', 'pnpm test --run'],
    ['yarn.lock', 'yarn install --ignore-scripts --non-interactive --frozen-lockfile', 'yarn test --run'],
    ['bun.lock', 'bun install --ignore-scripts --frozen-lockfile', 'bun run test --run'],
  ])('chooses the package manager of %s', async (lockfile, fetch, test) => {
    const found = await detect({
      'package.json': packageJson({ scripts: { test: 'vitest' }, devDependencies: { vitest: '1' } }),
      [lockfile]: '',
    });
    expect(found.fetch[0]?.shell).toBe(fetch);
    expect(found.test[0]?.shell.startsWith(test)).toBe(true);
  });

  it('builds only when an entry point or the test script names files that are not in the tree', async () => {
    const scripts = { build: 'tsc', test: 'node --test' };
    const built = await detect({ 'package.json': packageJson({ main: './dist/index.js', scripts }) });
    expect(built.build.map(({ shell }) => shell)).toEqual(['npm run build']);
    const plain = await detect({
      'package.json': packageJson({ main: './index.js', scripts }),
      'index.js': '',
    });
    expect(plain.build).toEqual([]);
  });

  it('survives a package.json that is no JSON and says that no test command was found', async () => {
    const found = await detect({ 'package.json': '{ "scripts": ' });
    expect(found.test).toEqual([]);
    expect(found.notes).toContain('No test command found.');
  });
});

describe('python', () => {
  it('runs pytest without network where nothing is declared', async () => {
    const found = await detect({
      'shop/cart.py': '',
      'tests/test_cart.py': 'from shop.cart import x\n\ndef test_x():\n    assert x\n',
    });
    expect(found.ecosystems).toEqual(['python']);
    expect(found.fetch).toEqual([]);
    expect(found.test[0]).toMatchObject({
      shell: 'python3 -m pytest -q -o junit_family=xunit1 --junitxml=/out/pytest.xml',
      format: 'junit',
    });
  });

  it('runs unittest where the tests use nothing else', async () => {
    const found = await detect({
      'tests/test_cart.py': 'import unittest\nclass T(unittest.TestCase):\n    def test_x(self): pass\n',
    });
    expect(found.test[0]).toMatchObject({
      shell: 'python3 -m unittest discover -v -s tests 2>&1',
      format: 'unittest-text',
    });
  });

  it.each([
    [['a_test.py'], " -p '*_test.py'"],
    [['a_test.py', 'test_utils.py'], " -p '*test*.py'"],
    [['test_a.py'], ''],
  ])('lets unittest find %j', async (names, pattern) => {
    const found = await detect(Object.fromEntries(names.map((name) => [name, 'import unittest\n'])));
    expect(found.test[0]?.shell).toBe(`python3 -m unittest discover -v${pattern} 2>&1`);
  });

  it('does not take a helper for a test because of its name', async () => {
    const found = await detect({ 'test_utils.py': 'ZEN = 1\n', 'a.py': '' });
    expect([found.ecosystems, found.test]).toEqual([['python'], []]);
  });

  it('installs requirements as wheels only into a venv outside the workspace', async () => {
    const found = await detect({
      'requirements.txt': 'requests==2.32.0  # http\n-r other.txt\n',
      'test_a.py': 'def test_a(): pass\n',
    });
    expect(found.fetch[0]?.shell).toContain('--only-binary :all:');
    expect(found.fetch[0]?.shell).toContain('"$HOME/venv"');
    expect(found.test[0]?.shell).toMatch(/^PATH="\$HOME\/venv\/bin:\$PATH" python3 -m pytest/);
  });

  it('quotes what a pyproject.toml declares and drops what is no requirement', async () => {
    const found = await detect({
      'pyproject.toml':
        '[project]\ndependencies = ["attrs>=23; python_version>\'3.8\'", "--index-url=http://evil", "x; $(id)"]\n',
      'test_a.py': 'def test_a(): pass\n',
    });
    const shell = found.fetch[0]?.shell ?? '';
    expect(shell).toContain(`'attrs>=23; python_version>'\\''3.8'\\'''`);
    expect(shell).toContain(`'x; $(id)'`);
    expect(shell).not.toContain('evil');
  });

  it('puts src on the path for the src layout', async () => {
    const found = await detect({ 'src/shop/__init__.py': '', 'tests/test_a.py': 'def test_a(): pass\n' });
    expect(found.test[0]?.shell).toMatch(/^PYTHONPATH=src python3 -m pytest/);
  });
});

describe('others', () => {
  it('tests Go and Cargo projects, offline when they have no dependencies', async () => {
    const go = await detect({ 'go.mod': 'module x\n', 'x_test.go': '' });
    expect(go).toMatchObject({ fetch: [], test: [{ shell: 'go test -json ./...', format: 'go-json' }] });
    const cargo = await detect({ 'Cargo.toml': '[package]\nname = "x"\n', 'src/lib.rs': '' });
    expect(cargo).toMatchObject({ fetch: [], test: [{ format: 'cargo-text' }] });
  });

  it('falls back to make test', async () => {
    const found = await detect({ Makefile: 'all:\n\techo\ntest: all\n\t./t\n' });
    expect(found.test).toMatchObject([{ shell: 'make test', format: 'exit-code' }]);
  });

  it('looks one level down when the root holds no project, and keeps reports apart', async () => {
    const found = await detect({
      'README.md': '',
      'api/test_a.py': 'def test_a(): pass\n',
      'web/package.json': packageJson({ scripts: { test: 'vitest run' } }),
    });
    expect(found.test.map(({ cwd, reportPath }) => [cwd, reportPath])).toEqual([
      ['api', '/out/api-pytest.xml'],
      ['web', '/out/web-vitest.json'],
    ]);
  });

  it('says what it looked for in a repository without any project', async () => {
    const found = await detect({ 'README.md': '# hello' });
    expect(found.ecosystems).toEqual([]);
    expect(found.notes).toHaveLength(2);
  });
});
