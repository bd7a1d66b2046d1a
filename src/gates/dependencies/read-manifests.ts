import type { PackageEcosystem } from '../../domain/package-source.ts';
import { readToml, tableAt } from '../../toolchains/read-toml.ts';

/** One direct dependency as a manifest declares it. */
export interface Declared {
  readonly ecosystem: PackageEcosystem;
  readonly name: string;
  readonly spec: string;
}

const readers: readonly (readonly [RegExp, (text: string) => readonly Declared[]])[] = [
  [/(?:^|\/)package\.json$/, readPackageJson],
  [/(?:^|\/)pyproject\.toml$/, readPyproject],
  [/(?:^|\/)(?:[\w-]*requirements[\w.-]*\.(?:txt|in)|requirements\/[\w.-]+\.(?:txt|in))$/, readRequirements],
  [/(?:^|\/)go\.mod$/, readGoMod],
];

/** Whether a path declares dependencies in a form that is read here. */
export function isManifest(path: string): boolean {
  return readers.some(([pattern]) => pattern.test(path));
}

/** The direct dependencies of a manifest; none where it does not parse: the parse gate says that. */
export function readManifest(path: string, text: string): readonly Declared[] {
  const reader = readers.find(([pattern]) => pattern.test(path))?.[1];
  return reader?.(text) ?? [];
}

const npmFields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

function readPackageJson(text: string): readonly Declared[] {
  const manifest = parseJson(text);
  return npmFields.flatMap((field) =>
    Object.entries(tableAt(manifest, field) ?? {}).flatMap(([name, spec]) => {
      if (typeof spec !== 'string') return [];
      // `npm:other@1` installs the other package under this name.
      const alias = /^npm:((?:@[^/]+\/)?[^@]+)/.exec(spec)?.[1];
      return [{ ecosystem: 'npm' as const, name: alias ?? name, spec }];
    }),
  );
}

/** The name of the package itself: others of a workspace depend on it. */
export function packageName(text: string): string | null {
  const name = tableAt({ manifest: parseJson(text) }, 'manifest')?.['name'];
  return typeof name === 'string' ? name : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function readPyproject(text: string): readonly Declared[] {
  const document = readToml(text);
  const project = tableAt(document, 'project') ?? {};
  const groups = [
    tableAt(project, 'optional-dependencies'),
    tableAt(document, 'dependency-groups'),
    { main: project['dependencies'], build: tableAt(document, 'build-system')?.['requires'] },
  ];
  const listed = groups
    .flatMap((group) => Object.values(group ?? {}))
    .flatMap(strings)
    .map(requirement);
  const poetry = tableAt(document, 'tool', 'poetry') ?? {};
  const tables = [
    tableAt(poetry, 'dependencies'),
    tableAt(poetry, 'dev-dependencies'),
    ...Object.values(tableAt(poetry, 'group') ?? {}).map((group) => tableAt(group, 'dependencies')),
  ];
  const named = tables
    .flatMap((table) => Object.entries(table ?? {}))
    .filter(([name]) => name !== 'python')
    .map(([name, spec]) => pypi(name, typeof spec === 'string' ? spec : JSON.stringify(spec)));
  return [...listed.flatMap((one) => one ?? []), ...named];
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function readRequirements(text: string): readonly Declared[] {
  return text
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .flatMap((line) => requirement(line) ?? []);
}

/** https://packaging.python.org/en/latest/specifications/dependency-specifiers/; options and bare addresses have no name. */
function requirement(line: string): Declared | null {
  const match = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(.*)$/.exec(line);
  if (!match || /^[\w.-]+:\/\//.test(line) || line.startsWith('-')) return null;
  return pypi(match[1] ?? '', match[2] ?? '');
}

function pypi(name: string, spec: string): Declared {
  return { ecosystem: 'pypi', name: name.toLowerCase().replace(/[-_.]+/g, '-'), spec };
}

function readGoMod(text: string): readonly Declared[] {
  const blocks = [...text.matchAll(/^require\s*\(([^)]*)\)/gm)].map((match) => match[1] ?? '');
  const singles = [...text.matchAll(/^require\s+([^(\n]+)$/gm)].map((match) => match[1] ?? '');
  return [...blocks, ...singles]
    .flatMap((block) => block.split('\n'))
    .filter((line) => !line.includes('// indirect'))
    .flatMap((line) => {
      const match = /^\s*([\w./~-]+)\s+(v[\w.+-]+)/.exec(line);
      return match ? [{ ecosystem: 'go' as const, name: match[1] ?? '', spec: match[2] ?? '' }] : [];
    });
}
