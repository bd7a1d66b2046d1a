import { parse as parseToml } from 'smol-toml';

/** Sections of manifests that name commands; the rest of the file (a version, a dependency) is no script. */
const jsonSections: Readonly<Record<string, readonly string[]>> = {
  'package.json': [
    'scripts',
    'bin',
    'config',
    'gypfile',
    'husky',
    'simple-git-hooks',
    'pre-commit',
    'pre-push',
    'lint-staged',
    'packageManager',
    'publishConfig',
  ],
  'composer.json': ['scripts', 'bin', 'config'],
  'deno.json': ['tasks'],
  'deno.jsonc': ['tasks'],
};
const tomlFiles = new Set(['pyproject.toml', 'cargo.toml', 'pixi.toml', 'mise.toml', '.mise.toml']);
const tomlKeys = new Set([
  'build',
  'build-backend',
  'build-system',
  'backend-path',
  'scripts',
  'gui-scripts',
  'entry-points',
  'tasks',
  'hooks',
  'linker',
  'runner',
]);

/** True for a manifest that has sections with commands. */
export function isManifest(path: string): boolean {
  const name = nameOf(path);
  return Object.hasOwn(jsonSections, name) || tomlFiles.has(name);
}

/**
 * Whether the commands of a manifest differ between two versions of it; undefined: the file is not there. One that
 * cannot be read counts as changed: what it means would be for the tool that reads it to decide.
 */
export function scriptsChanged(path: string, base: string | undefined, head: string | undefined): boolean {
  const [before, after] = [commandsOf(path, base), commandsOf(path, head)];
  return before === null || after === null || before !== after;
}

/** The commands in a canonical form; null when the file cannot be read. */
function commandsOf(path: string, text: string | undefined): string | null {
  if (text === undefined) return canonical({});
  const name = nameOf(path);
  try {
    const keys = jsonSections[name];
    if (keys === undefined) return canonical(commandTables(parseToml(text)));
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (!isTable(value)) return null;
    return canonical(Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key))));
  } catch {
    return null;
  }
}

/** Every part of a TOML file below a key that names commands, with the way that leads to it. */
function commandTables(value: unknown, path = ''): Readonly<Record<string, unknown>> {
  if (!isTable(value)) return {};
  const found: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (tomlKeys.has(key)) found[`${path}.${key}`] = inner;
    else Object.assign(found, commandTables(inner, `${path}.${key}`));
  }
  return found;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isTable(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}
