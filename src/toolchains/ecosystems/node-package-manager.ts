import type { RepositoryCommand } from '../../domain/toolchain.ts';
import type { ProjectSource } from '../ecosystem.ts';
import { type NodeManifest, npmLockHasPackages } from './node-manifest.ts';

type PackageManagerName = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** How one package manager is asked to do things. */
export interface PackageManager {
  readonly name: PackageManagerName;
  readonly fetch: readonly RepositoryCommand[];
  readonly build: readonly RepositoryCommand[];
  readonly notes: readonly string[];
  /** A script of package.json with more arguments for its last command. */
  script(name: string, moreArguments?: string): string;
  /** A binary of `node_modules/.bin`, never downloaded. */
  binary(command: string): string;
}

const lockfiles: readonly (readonly [string, PackageManagerName])[] = [
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** Chooses by lockfile, then by package.json `packageManager`, then npm. */
export async function detectPackageManager(
  source: ProjectSource,
  manifest: NodeManifest,
): Promise<PackageManager> {
  const [lockfile, lockedName] = lockfiles.find(([file]) => source.files.has(file)) ?? [];
  const name = lockedName ?? declaredName(manifest) ?? 'npm';
  const lockText = lockfile === undefined ? '' : ((await source.read(lockfile)) ?? '');
  const needsFetch = manifest.dependencies.size > 0 || (name === 'npm' && npmLockHasPackages(lockText));
  const fetch = {
    shell: fetchCommand(name, lockfile !== undefined, source.files.has('.yarnrc.yml')),
    cwd: source.directory,
    why: lockfile ?? 'package.json dependencies, no lockfile',
    ...(await readsOf(source, lockText)),
  };
  return {
    name,
    fetch: needsFetch ? [fetch] : [],
    build: name === 'npm' ? rebuild(source, lockText) : [],
    notes: lockNotes(needsFetch, lockfile),
    script: (script, more = '') => scriptCommand(name, script, more),
    binary: (command) => `${binaryRunners[name]} ${command}`,
  };
}

const ownCode = /^(?:\.pnpmfile\.[cm]?js|\.yarnrc(?:\.yml)?|\.yarn\/.+)$/;

/**
 * What decides the result of an installation. Not said where a package lies in the tree itself, or where the package manager
 * runs code or plugins of the tree: then any file may.
 */
async function readsOf(
  source: ProjectSource,
  lockText: string,
): Promise<Pick<RepositoryCommand, 'reads'> | undefined> {
  const texts = `${lockText}\n${await source.read('package.json')}`;
  if (/["' @](?:file|link|portal|patch|exec):/.test(texts)) return undefined;
  if ([...source.files].some((path) => ownCode.test(path))) return undefined;
  const names = lockfiles.map(([file]) => file);
  const settings = ['package.json', '.npmrc', 'pnpm-workspace.yaml', 'bunfig.toml'];
  return { reads: [...names, ...settings, '*.patch', 'node_modules/'] };
}

function lockNotes(needsFetch: boolean, lockfile: string | undefined): readonly string[] {
  if (!needsFetch || lockfile !== undefined) return [];
  return ['package.json has dependencies, but there is no lockfile.'];
}

function declaredName(manifest: NodeManifest): PackageManagerName | undefined {
  return (['pnpm', 'yarn', 'bun'] as const).find((name) => manifest.packageManager.startsWith(`${name}@`));
}

/** Install scripts were off during fetch; they run here, offline. Many of them only download, so failing is no end. */
function rebuild(source: ProjectSource, lockText: string): readonly RepositoryCommand[] {
  if (!/"hasInstallScript":\s*true/.test(lockText)) return [];
  const shell = 'npm rebuild || echo "npm rebuild failed; going on without"';
  return [{ shell, cwd: source.directory, why: 'the lockfile names packages with install scripts' }];
}

function fetchCommand(name: PackageManagerName, locked: boolean, berry: boolean): string {
  const commands: Readonly<Record<PackageManagerName, readonly [unlocked: string, whenLocked: string]>> = {
    npm: [
      'npm install --ignore-scripts --no-audit --no-fund --no-package-lock',
      'npm ci --ignore-scripts --no-audit --no-fund',
    ],
    pnpm: ['pnpm install --ignore-scripts', 'pnpm install --ignore-scripts --frozen-lockfile'],
    yarn: berry
      ? ['yarn install --mode=skip-build', 'yarn install --mode=skip-build --immutable']
      : [
          'yarn install --ignore-scripts --non-interactive',
          'yarn install --ignore-scripts --non-interactive --frozen-lockfile',
        ],
    bun: ['bun install --ignore-scripts', 'bun install --ignore-scripts --frozen-lockfile'],
  };
  return commands[name][locked ? 1 : 0];
}

function scriptCommand(name: PackageManagerName, script: string, more: string): string {
  const base = script === 'test' && name !== 'bun' ? `${name} test` : `${name} run ${script}`;
  if (more === '') return base;
  // npm swallows options unless `--` comes first; pnpm would hand the `--` itself to the script.
  return name === 'npm' ? `${base} -- ${more}` : `${base} ${more}`;
}

const binaryRunners: Readonly<Record<PackageManagerName, string>> = {
  npm: 'npx --no-install',
  pnpm: 'pnpm exec',
  yarn: 'yarn exec',
  bun: 'bunx --no-install',
};
