import { parse } from 'yaml';
import type { WorkspacePackage } from '../domain/toolchain.ts';
import { isObject, parseObject, stringMap } from './read-json.ts';
import { readToml, tableAt } from './read-toml.ts';

/** A repository's tree as bytes to read. */
export interface PackageSource {
  readonly paths: readonly string[];
  read(path: string): Promise<string | undefined>;
}

const packagesMax = 100;

interface Member {
  readonly directory: string;
  readonly name: string;
  readonly needs: ReadonlySet<string>;
}

/**
 * The packages of a monorepo: npm, yarn, bun and pnpm workspaces, Cargo and uv workspaces, `go.work`. Empty for a
 * repository that is one project. A dependency counts by its name in the other package's manifest.
 */
export async function findPackages(source: PackageSource): Promise<readonly WorkspacePackage[]> {
  const members = [
    ...(await nodeMembers(source)),
    ...(await cargoMembers(source)),
    ...(await uvMembers(source)),
    ...(await goMembers(source)),
  ].slice(0, packagesMax);
  const byName = new Map(members.map((member) => [member.name, member.directory]));
  return members.map(({ directory, needs }) => ({
    directory,
    dependsOn: [...needs].flatMap((name) => {
      const target = byName.get(name);
      return target === undefined || target === directory ? [] : [target];
    }),
  }));
}

async function nodeMembers(source: PackageSource): Promise<readonly Member[]> {
  const root = parseObject(await source.read('package.json'));
  const declared = root?.['workspaces'];
  const inManifest = isObject(declared) ? declared['packages'] : declared;
  const patterns = [...strings(inManifest), ...(await pnpmPatterns(source))];
  return await readMembers(source, { patterns, file: 'package.json' }, (text) => {
    const json = parseObject(text) ?? {};
    const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
    const needs = kinds.flatMap((key) => Object.keys(stringMap(json[key])));
    return { name: typeof json['name'] === 'string' ? json['name'] : '', needs };
  });
}

async function pnpmPatterns(source: PackageSource): Promise<readonly string[]> {
  const text = await source.read('pnpm-workspace.yaml');
  if (text === undefined || text.length > 50_000) return [];
  try {
    const value: unknown = parse(text, { maxAliasCount: 0 });
    return isObject(value) ? strings(value['packages']) : [];
  } catch {
    return [];
  }
}

async function cargoMembers(source: PackageSource): Promise<readonly Member[]> {
  const patterns = strings(tableAt(readToml(await source.read('Cargo.toml')), 'workspace')?.['members']);
  return await readMembers(source, { patterns, file: 'Cargo.toml' }, (text) => {
    const toml = readToml(text);
    const needs = ['dependencies', 'dev-dependencies', 'build-dependencies'].flatMap((key) =>
      Object.keys(tableAt(toml, key) ?? {}),
    );
    const name = tableAt(toml, 'package')?.['name'];
    return { name: typeof name === 'string' ? name : '', needs };
  });
}

async function uvMembers(source: PackageSource): Promise<readonly Member[]> {
  const root = readToml(await source.read('pyproject.toml'));
  const patterns = strings(tableAt(root, 'tool', 'uv', 'workspace')?.['members']);
  return await readMembers(source, { patterns, file: 'pyproject.toml' }, (text) => {
    const project = tableAt(readToml(text), 'project');
    const needs = strings(project?.['dependencies']).map((word) => /^[\w.-]+/.exec(word)?.[0] ?? '');
    return { name: typeof project?.['name'] === 'string' ? project['name'] : '', needs };
  });
}

async function goMembers(source: PackageSource): Promise<readonly Member[]> {
  const text = (await source.read('go.work')) ?? '';
  const block = [...text.matchAll(/^use\s+(?:\(([^)]*)\)|(\S+))/gm)].flatMap(([, many, one]) =>
    (many ?? one ?? '').split(/\s+/),
  );
  const patterns = block
    .map((word) => word.replace(/^\.\//, ''))
    .filter((word) => word !== '' && word !== '.');
  return await readMembers(source, { patterns, file: 'go.mod' }, (manifest) => ({
    name: /^module\s+(\S+)/m.exec(manifest)?.[1] ?? '',
    needs: [...manifest.matchAll(/^\s*(?:require\s+)?([\w./-]+\.[\w./-]+)\s+v\d/gm)].map(
      ([, name = '']) => name,
    ),
  }));
}

async function readMembers(
  source: PackageSource,
  wanted: { readonly patterns: readonly string[]; readonly file: string },
  facts: (manifest: string) => { readonly name: string; readonly needs: readonly string[] },
): Promise<readonly Member[]> {
  if (wanted.patterns.length === 0) return [];
  const suffix = `/${wanted.file}`;
  const directories = source.paths
    .filter((path) => path.endsWith(suffix) && !/(?:^|\/)node_modules\//.test(path))
    .map((path) => path.slice(0, -suffix.length))
    .filter((directory) => isMember(directory, wanted.patterns))
    .slice(0, packagesMax);
  const members: Member[] = [];
  for (const directory of directories) {
    const { name, needs } = facts((await source.read(directory + suffix)) ?? '');
    members.push({ directory, name, needs: new Set(needs) });
  }
  return members;
}

/** Workspace globs: `*` within a name, `**` over several, `!` takes away. */
function isMember(directory: string, patterns: readonly string[]): boolean {
  const matches = (pattern: string): boolean => globOf(pattern).test(directory);
  const taken = patterns.filter((pattern) => !pattern.startsWith('!'));
  const left = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  return taken.some(matches) && !left.some(matches);
}

function globOf(pattern: string): RegExp {
  const words = pattern.replace(/^\.\//, '').replace(/\/$/, '').split('/').slice(0, 20);
  const parts = words.map((word) =>
    word === '**' ? '.+' : word.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\*+/g, '[^/]*'),
  );
  return new RegExp(`^${parts.join('/')}$`);
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string').slice(0, 200)
    : [];
}
