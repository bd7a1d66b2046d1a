import type { DetectedCommands, RepositoryCommand, WorkspacePackage } from '../domain/toolchain.ts';
import { coverageOf } from './coverage-of.ts';
import type { Ecosystem, EcosystemCommands, ProjectSource } from './ecosystem.ts';
import { bundlerEcosystem } from './ecosystems/bundler.ts';
import { cargoEcosystem } from './ecosystems/cargo.ts';
import { cmakeEcosystem } from './ecosystems/cmake.ts';
import { composerEcosystem } from './ecosystems/composer.ts';
import { dotnetEcosystem } from './ecosystems/dotnet.ts';
import { goEcosystem } from './ecosystems/go.ts';
import { gradleEcosystem } from './ecosystems/gradle.ts';
import { makeEcosystem } from './ecosystems/make.ts';
import { mavenEcosystem } from './ecosystems/maven.ts';
import { nodeEcosystem } from './ecosystems/node.ts';
import { pythonEcosystem } from './ecosystems/python.ts';
import { findPackages } from './find-packages.ts';
import { parseObject, stringMap } from './read-json.ts';

/** A repository's tree as bytes to read. `list` gives paths relative to the root. */
export interface CommandSource {
  list(): Promise<readonly string[]>;
  read(path: string): Promise<string | undefined>;
}

const family: readonly Ecosystem[] = [
  nodeEcosystem,
  pythonEcosystem,
  goEcosystem,
  cargoEcosystem,
  mavenEcosystem,
  gradleEcosystem,
  bundlerEcosystem,
  composerEcosystem,
  cmakeEcosystem,
  dotnetEcosystem,
];
const projectsMax = 8;
const fileCharactersMax = 1_048_576;

/**
 * Finds a repository's own commands from its files. It reads bytes and evaluates nothing: a config file that is
 * code tells an attacker's story only inside the sandbox. Looks at the root first, and one level down only when the
 * root holds no project.
 */
export async function detectCommands(source: CommandSource): Promise<DetectedCommands> {
  const paths = await source.list();
  let found = await detectIn(source, paths, '', family);
  const packages = await findPackages({ paths, read: (path) => source.read(path) });
  if (packages.length > 0) found = await withPackages(source, paths, { found, packages });
  if (found.length === 0) {
    for (const directory of topDirectories(paths)) {
      found.push(...(await detectIn(source, paths, directory, family)));
      if (found.length >= projectsMax) break;
    }
  }
  if (!found.some(({ commands }) => commands.test.length > 0)) {
    found = [...found, ...(await detectIn(source, paths, '', [makeEcosystem]))];
  }
  const combined = combine(found);
  return packages.length === 0 ? combined : { ...combined, packages };
}

/** A root script that only starts the packages' scripts tells about none of their tests. */
const startsPackages =
  /--workspaces\b|\s-ws\b|\bturbo\b|\blerna\b|\bnx\b|\bpnpm (?:-r|--recursive|recursive)\b|\bworkspaces (?:run|foreach)\b|\brush\b|\bwsrun\b/;

/** Each package's own commands beside those of the root, which installs for all of them. */
async function withPackages(
  source: CommandSource,
  paths: readonly string[],
  root: { readonly found: readonly Found[]; readonly packages: readonly WorkspacePackage[] },
): Promise<Found[]> {
  const delegates = await rootDelegates(source);
  const found = root.found.map((one) =>
    one.name === 'node' && delegates ? { ...one, commands: { ...one.commands, test: [] } } : one,
  );
  const covered = new Set(found.filter(({ commands }) => commands.test.length > 0).map(({ name }) => name));
  const installed = new Set(root.found.map(({ name }) => name));
  for (const { directory } of root.packages) {
    for (const one of await detectIn(source, paths, directory, family)) {
      if (covered.has(one.name)) continue;
      const fetch = installed.has(one.name) ? [] : one.commands.fetch;
      found.push({ ...one, commands: { ...one.commands, fetch } });
    }
  }
  return found;
}

async function rootDelegates(source: CommandSource): Promise<boolean> {
  const scripts = stringMap(parseObject(await source.read('package.json'))?.['scripts']);
  return startsPackages.test(scripts['test'] ?? '');
}

interface Found {
  readonly name: string;
  readonly commands: EcosystemCommands;
}

async function detectIn(
  source: CommandSource,
  paths: readonly string[],
  directory: string,
  ecosystems: readonly Ecosystem[],
): Promise<Found[]> {
  const project = projectSource(source, paths, directory);
  const found: Found[] = [];
  for (const ecosystem of ecosystems) {
    const commands = await ecosystem.detect(project);
    if (commands) found.push({ name: ecosystem.name, commands });
  }
  return found;
}

function projectSource(source: CommandSource, paths: readonly string[], directory: string): ProjectSource {
  const prefix = directory === '' ? '' : `${directory}/`;
  const files = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  return {
    directory,
    files: new Set(files),
    read: async (path) => {
      const text = await source.read(prefix + path);
      return text === undefined || text.length > fileCharactersMax ? undefined : text;
    },
  };
}

const neverProjects = /^(?:\.|node_modules$|vendor$|third_party$|examples?$|docs?$|test-?fixtures$)/;

function topDirectories(paths: readonly string[]): readonly string[] {
  const names = new Set<string>();
  for (const path of paths) {
    const slash = path.indexOf('/');
    if (slash > 0) names.add(path.slice(0, slash));
  }
  return [...names].filter((name) => !neverProjects.test(name)).sort();
}

function combine(found: readonly Found[]): DetectedCommands {
  const all = (pick: (commands: EcosystemCommands) => readonly RepositoryCommand[]) =>
    found.flatMap(({ commands }) => pick(commands));
  const notes = found.flatMap(({ commands }) => commands.notes);
  const test = found.flatMap(({ commands }) => commands.test);
  if (found.length === 0)
    notes.push(
      'No package.json, Python project, go.mod, Cargo.toml, pom.xml, Gradle build, Gemfile, composer.json, CMakeLists.txt, .NET project or Makefile found.',
    );
  if (test.length === 0) notes.push('No test command found.');
  return {
    ecosystems: [...new Set(found.map(({ name }) => name))],
    fetch: all((commands) => commands.fetch),
    build: all((commands) => commands.build),
    lint: all((commands) => commands.lint),
    typecheck: all((commands) => commands.typecheck),
    test,
    coverage: found.flatMap(({ commands }) => commands.coverage ?? commands.test.flatMap(coverageOf)),
    notes: [...new Set(notes)],
  };
}
