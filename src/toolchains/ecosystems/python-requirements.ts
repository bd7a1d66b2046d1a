import { posix } from 'node:path';
import type { RepositoryCommand } from '../../domain/toolchain.ts';
import type { ProjectSource } from '../ecosystem.ts';
import { quoteForShell } from '../quote-for-shell.ts';
import { readToml, tableAt } from '../read-toml.ts';

/** Where a Python project's requirements come from, and the command that installs them without running any build. */
export interface PythonRequirements {
  readonly fetch: readonly RepositoryCommand[];
  /** Lower-case distribution names, to see which test runner is wanted. */
  readonly names: ReadonlySet<string>;
  readonly notes: readonly string[];
}

const venv = 'python3 -m venv --system-site-packages "$HOME/venv"';
const pip =
  '"$HOME/venv/bin/python" -m pip install --only-binary :all: --disable-pip-version-check --no-input';
const requirementFiles =
  /^(?:requirements[\w.-]*\.txt|requirements\/[\w.-]+\.txt|(?:dev|test)-requirements\.txt)$/;

/** Reads lockfiles, requirements files and pyproject.toml. Wheels only: a source distribution would run its build. */
export async function readPythonRequirements(source: ProjectSource): Promise<PythonRequirements> {
  const files = [...source.files].filter((path) => requirementFiles.test(path)).sort();
  const lines: string[] = [];
  const wanted: string[] = [];
  for (const file of files) {
    const found = requirementLines((await source.read(file)) ?? '');
    if (found.length > 0) wanted.push(file);
    lines.push(...found);
  }
  const declared = [
    ...declaredRequirements(readToml(await source.read('pyproject.toml'))),
    ...toxRequirements((await source.read('tox.ini')) ?? ''),
  ];
  const names = new Set([...lines, ...declared].map(distributionName));
  const command = fetchCommand(source, wanted, declared);
  if (command === undefined || names.size === 0) return { fetch: [], names, notes: [] };
  // A repository that only wants pytest needs no network where the sandbox has it already.
  const onlyPytest = [...names].every((name) => name === 'pytest');
  const shell = onlyPytest
    ? `python3 -m pytest --version >/dev/null 2>&1 || (${command.shell})`
    : command.shell;
  const reads = await readsOf(source, wanted);
  return { fetch: [{ shell, cwd: source.directory, why: command.why, ...reads }], names, notes: [] };
}

/** Lines of a requirements file that name a package which lies in the tree. */
const treePackage = /^\s*(?:-e|--editable|[./]|file:)|@\s*file:/m;
const otherFile = /^\s*(?:-r|-c|--requirement|--constraint)[\s=]*(.*?)\s*$/gm;
const treeSource = /\b(?:directory|editable|path)\s*=\s*"(?!\.")|type\s*=\s*"(?:directory|file)"/;

/** What decides the result. Not said where a package lies in the tree itself: then any file may. */
async function readsOf(
  source: ProjectSource,
  files: readonly string[],
): Promise<Pick<RepositoryCommand, 'reads'> | undefined> {
  for (const file of files) {
    const text = (await source.read(file)) ?? '';
    const others = [...text.matchAll(otherFile)].map(([, name = '']) =>
      posix.join(posix.dirname(file), name),
    );
    // A file that is not read here may name anything.
    if (treePackage.test(text) || others.some((other) => !files.includes(other))) return undefined;
  }
  for (const file of ['uv.lock', 'poetry.lock', 'pyproject.toml'])
    if (treeSource.test((await source.read(file)) ?? '')) return undefined;
  return {
    reads: [
      '*.txt',
      'pyproject.toml',
      'uv.lock',
      'uv.toml',
      'poetry.lock',
      'poetry.toml',
      'tox.ini',
      '.python-version',
    ],
  };
}

function fetchCommand(
  source: ProjectSource,
  files: readonly string[],
  declared: readonly string[],
): { readonly shell: string; readonly why: string } | undefined {
  if (source.files.has('uv.lock')) {
    const shell =
      'UV_PROJECT_ENVIRONMENT="$HOME/venv" uv sync --frozen --all-groups --all-extras --no-install-project --no-build';
    return { shell, why: 'uv.lock' };
  }
  if (source.files.has('poetry.lock')) {
    const shell = `${venv} && VIRTUAL_ENV="$HOME/venv" PATH="$HOME/venv/bin:$PATH" poetry install --no-root --no-interaction`;
    return { shell, why: 'poetry.lock' };
  }
  if (files.length > 0) {
    const options = files.map((file) => `-r ${quoteForShell(file)}`).join(' ');
    return { shell: `${venv} && ${pip} ${options}`, why: files.join(', ') };
  }
  if (declared.length === 0) return undefined;
  return {
    shell: `${venv} && ${pip} ${declared.map(quoteForShell).join(' ')}`,
    why: 'dependencies of pyproject.toml or tox.ini',
  };
}

function requirementLines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)#.*/, '').trim())
    .filter((line) => /^[A-Za-z0-9]/.test(line));
}

/** PEP 621 and PEP 735 requirements of the project, its test extras and groups, as written. At most 200. */
function declaredRequirements(pyproject: Readonly<Record<string, unknown>>): readonly string[] {
  const lists: unknown[] = [tableAt(pyproject, 'project')?.['dependencies']];
  for (const groups of [
    tableAt(pyproject, 'project', 'optional-dependencies'),
    tableAt(pyproject, 'dependency-groups'),
  ]) {
    for (const [name, list] of Object.entries(groups ?? {})) {
      if (/^(?:dev|tests?|testing|ci)$/i.test(name)) lists.push(list);
    }
  }
  const poetry = ['dependencies', 'dev-dependencies'].flatMap((key) =>
    Object.keys(tableAt(pyproject, 'tool', 'poetry', key) ?? {}),
  );
  lists.push(poetry.filter((name) => name !== 'python'));
  // Only what looks like a requirement: `-r`, `--index-url` and URLs in a list must not become pip options.
  return lists
    .flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []))
    .filter((entry): entry is string => typeof entry === 'string' && /^[A-Za-z0-9][^@\n]*$/.test(entry))
    .slice(0, 200);
}

/** `deps` of tox's test environment; its options and variables (`{[testenv]deps}`, `-r file`) are left out. */
function toxRequirements(text: string): readonly string[] {
  const section = /^\[testenv\]\n([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(text)?.[1] ?? '';
  const deps = /^deps\s*=(.*(?:\n[ \t]+.*)*)/m.exec(section)?.[1] ?? '';
  return requirementLines(deps)
    .map((line) => line.replace(/^[\w.,-]+:\s+/, ''))
    .filter((line) => /^[A-Za-z0-9][^@{}\n]*$/.test(line))
    .slice(0, 50);
}

function distributionName(requirement: string): string {
  return (/^[A-Za-z0-9._-]+/.exec(requirement)?.[0] ?? '').toLowerCase().replaceAll(/[-_.]+/g, '-');
}
