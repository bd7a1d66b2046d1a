import type { RepositoryCommand, TestCommand } from '../../domain/toolchain.ts';
import { type Ecosystem, type ProjectSource, reportFile } from '../ecosystem.ts';
import { readToml, tableAt } from '../read-toml.ts';
import { readPythonRequirements } from './python-requirements.ts';

const manifests = [
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'tox.ini',
  'pytest.ini',
  'requirements.txt',
  'Pipfile',
];
const testFile = /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/;
const manifestBelow =
  /^[^/]+\/(?:package\.json|pyproject\.toml|setup\.py|requirements\.txt|go\.mod|Cargo\.toml)$/;
const filesReadMax = 20;
const namedReadMax = 50;

/** Python projects: pytest where anything speaks for it, otherwise unittest. Dependencies go to a venv in the home. */
export const pythonEcosystem: Ecosystem = {
  name: 'python',
  async detect(source) {
    const named = [...source.files].filter((path) => testFile.test(path)).sort();
    if (!isProject(source, named)) return undefined;
    const tests = await withTests(source, named);
    const requirements = await readPythonRequirements(source);
    const prefix = await environment(source, requirements.fetch.length > 0);
    const test = await testCommand({ source, tests, prefix, wantsPytest: requirements.names.has('pytest') });
    return {
      fetch: requirements.fetch,
      build: [],
      lint: await lint(source, prefix, requirements.names),
      typecheck: typecheck(source, prefix, requirements.names),
      test: test ? [test] : [],
      notes: [
        ...requirements.notes,
        ...(test ? [] : ['A Python project without test_*.py or *_test.py files.']),
      ],
    };
  },
};

/** Helpers are called test_utils.py too: a file without any word of a test is none. Read are the first 50. */
async function withTests(source: ProjectSource, named: readonly string[]): Promise<readonly string[]> {
  const tests: string[] = [];
  for (const [index, path] of named.entries()) {
    const text = index < namedReadMax ? await source.read(path) : undefined;
    if (text === undefined || /\bdef test|\bunittest\b|\bpytest\b|\bdoctest\b|\bTestCase\b/i.test(text))
      tests.push(path);
  }
  return tests;
}

/** Test files alone make a project, unless a directory below has a manifest of its own. */
function isProject(source: ProjectSource, tests: readonly string[]): boolean {
  if (manifests.some((file) => source.files.has(file))) return true;
  return tests.length > 0 && ![...source.files].some((path) => manifestBelow.test(path));
}

/** Assignments before each command: the venv when one is made, `src` on the path for the src layout. */
async function environment(source: ProjectSource, hasVenv: boolean): Promise<string> {
  const words = hasVenv ? ['PATH="$HOME/venv/bin:$PATH"'] : [];
  const pyproject = (await source.read('pyproject.toml')) ?? '';
  const sourceLayout = [...source.files].some((path) => /^src\/(?:[^/]+\/__init__|[^/]+)\.py$/.test(path));
  if (sourceLayout && !/^\s*pythonpath\s*=/m.test(pyproject)) words.push('PYTHONPATH=src');
  return words.map((word) => `${word} `).join('');
}

async function testCommand(options: {
  readonly source: ProjectSource;
  readonly tests: readonly string[];
  readonly prefix: string;
  readonly wantsPytest: boolean;
}): Promise<TestCommand | undefined> {
  const { source, tests, prefix } = options;
  if (tests.length === 0) return undefined;
  const cwd = source.directory;
  const why = options.wantsPytest ? 'pytest is a requirement' : await pytestReason(source, tests);
  if (why !== undefined) {
    const reportPath = reportFile(source, 'pytest.xml');
    const shell = `${prefix}python3 -m pytest -q -o junit_family=xunit1 --junitxml=${reportPath}`;
    return { shell, cwd, why, format: 'junit', reportPath };
  }
  // The report of unittest goes to standard error.
  const shell = `${prefix}python3 -m unittest discover -v${discoveryStart(source, tests)} 2>&1`;
  return { shell, cwd, why: 'test files that use unittest', format: 'unittest-text', reportPath: null };
}

/** Why pytest is the runner; undefined when every test file that was read uses unittest only. */
async function pytestReason(source: ProjectSource, tests: readonly string[]): Promise<string | undefined> {
  const file = ['pytest.ini', 'conftest.py', 'tests/conftest.py', 'test/conftest.py'].find((name) =>
    source.files.has(name),
  );
  if (file !== undefined) return file;
  if (tableAt(readToml(await source.read('pyproject.toml')), 'tool', 'pytest'))
    return 'pyproject.toml tool.pytest';
  if (/^\[(?:tool:)?pytest\]/m.test(`${await source.read('setup.cfg')}\n${await source.read('tox.ini')}`)) {
    return 'pytest section of setup.cfg or tox.ini';
  }
  if (/^commands\s*=(?:.*|(?:\n[ \t]+.*)*)\bpytest\b/m.test((await source.read('tox.ini')) ?? ''))
    return 'tox.ini runs pytest';
  for (const test of tests.slice(0, filesReadMax)) {
    const text = (await source.read(test)) ?? '';
    if (/^(?:async )?def test_/m.test(text) || /^\s*(?:import|from) pytest\b/m.test(text))
      return `${test} uses pytest`;
  }
  return undefined;
}

/** `-s DIR` for a test directory that is no package; names with odd characters are left to plain discovery. */
function discoveryStart(source: ProjectSource, tests: readonly string[]): string {
  const inRoot = tests.some((path) => !path.includes('/'));
  const directory = tests[0]?.split('/')[0] ?? '';
  const pattern = discoveryPattern(tests);
  if (inRoot || source.files.has(`${directory}/__init__.py`) || !/^\w+$/.test(directory)) return pattern;
  return ` -s ${directory}${pattern}`;
}

/** unittest looks for `test*.py` unless told otherwise; helpers like test_utils.py stand beside the others' names. */
function discoveryPattern(tests: readonly string[]): string {
  const ending = tests.filter((path) => path.endsWith('_test.py')).length;
  if (ending === 0) return '';
  return ending === tests.length ? " -p '*_test.py'" : " -p '*test*.py'";
}

async function lint(
  source: ProjectSource,
  prefix: string,
  names: ReadonlySet<string>,
): Promise<readonly RepositoryCommand[]> {
  const cwd = source.directory;
  const pyproject = readToml(await source.read('pyproject.toml'));
  if (names.has('ruff') || source.files.has('ruff.toml') || tableAt(pyproject, 'tool', 'ruff')) {
    return [{ shell: `${prefix}ruff check .`, cwd, why: 'ruff is configured' }];
  }
  if (names.has('flake8') || source.files.has('.flake8')) {
    return [{ shell: `${prefix}python3 -m flake8`, cwd, why: 'flake8 is configured' }];
  }
  return [];
}

function typecheck(
  source: ProjectSource,
  prefix: string,
  names: ReadonlySet<string>,
): readonly RepositoryCommand[] {
  if (!names.has('mypy') && !source.files.has('mypy.ini')) return [];
  return [{ shell: `${prefix}python3 -m mypy .`, cwd: source.directory, why: 'mypy is configured' }];
}
