import type { RepositoryCommand } from '../../domain/toolchain.ts';
import type { Ecosystem, ProjectSource } from '../ecosystem.ts';
import { nodeCoverage } from './node-coverage.ts';
import { type NodeManifest, readNodeManifest } from './node-manifest.ts';
import { detectPackageManager, type PackageManager } from './node-package-manager.ts';
import { nodeTestCommand } from './node-test-command.ts';

/** JavaScript and TypeScript packages under npm, pnpm, yarn or bun. */
export const nodeEcosystem: Ecosystem = {
  name: 'node',
  async detect(source) {
    const manifest = await readNodeManifest(source);
    if (!manifest) return undefined;
    const manager = await detectPackageManager(source, manifest);
    const test = nodeTestCommand(source, manifest, manager);
    return {
      fetch: manager.fetch,
      build: [...manager.build, ...buildScript(source, manifest, manager)],
      lint: lint(source, manifest, manager),
      typecheck: typecheck(source, manifest, manager),
      test: test ? [test] : [],
      ...nodeCoverage(source, manifest),
      notes: [
        ...manager.notes,
        ...(test ? [] : ['package.json has no test script, and no test files were found.']),
      ],
    };
  },
};

/** A build only where tests can need it: they or an entry point name files that the tree does not hold. */
function buildScript(
  source: ProjectSource,
  manifest: NodeManifest,
  manager: PackageManager,
): readonly RepositoryCommand[] {
  if (manifest.scripts['build'] === undefined) return [];
  const test = manifest.scripts['test'] ?? '';
  if (manifest.scripts['pretest']?.includes('build') || /\brun build\b|\bbuild &&/.test(test)) return [];
  const missing = manifest.entryPaths.find(
    (path) => path !== '' && !path.includes('*') && !holds(source, path),
  );
  const named = /\b(?:dist|build|lib|out)\//.exec(test)?.[0];
  if (missing === undefined && named === undefined) return [];
  const why = missing === undefined ? `the test script names ${named}` : 'an entry point is a built file';
  return [
    { shell: manager.script('build'), cwd: source.directory, why: `package.json scripts.build; ${why}` },
  ];
}

function holds(source: ProjectSource, path: string): boolean {
  return ['', '.js', '.json', '.cjs', '.mjs', '/index.js'].some((suffix) => source.files.has(path + suffix));
}

function lint(
  source: ProjectSource,
  manifest: NodeManifest,
  manager: PackageManager,
): readonly RepositoryCommand[] {
  const cwd = source.directory;
  if (manifest.scripts['lint'] !== undefined) {
    return [{ shell: manager.script('lint'), cwd, why: 'package.json scripts.lint' }];
  }
  if (
    manifest.dependencies.has('eslint') &&
    hasFile(source, /^(?:eslint\.config\.[cm]?[jt]s|\.eslintrc(?:\..+)?)$/)
  ) {
    return [{ shell: manager.binary('eslint .'), cwd, why: 'eslint and its configuration' }];
  }
  if (manifest.dependencies.has('@biomejs/biome') && hasFile(source, /^biome\.jsonc?$/)) {
    return [{ shell: manager.binary('biome lint .'), cwd, why: 'biome.json' }];
  }
  return [];
}

function typecheck(
  source: ProjectSource,
  manifest: NodeManifest,
  manager: PackageManager,
): readonly RepositoryCommand[] {
  const cwd = source.directory;
  const script = ['typecheck', 'type-check', 'check-types', 'tsc'].find(
    (name) => manifest.scripts[name] !== undefined,
  );
  if (script !== undefined) {
    return [{ shell: manager.script(script), cwd, why: `package.json scripts.${script}` }];
  }
  if (!source.files.has('tsconfig.json') || !manifest.dependencies.has('typescript')) return [];
  return [{ shell: manager.binary('tsc --noEmit'), cwd, why: 'tsconfig.json and typescript' }];
}

function hasFile(source: ProjectSource, name: RegExp): boolean {
  return [...source.files].some((path) => name.test(path));
}
