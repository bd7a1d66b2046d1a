import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import type { MemberFacts } from '../facts/file-facts.ts';
import { isGeneratedPath } from '../source-paths.ts';
import { type NewImport, quoted, type Repository, type Suspect, suspectsIn } from './suspect.ts';

const suspectOf = suspectsIn('script');
const builtins = new Set(builtinModules);
/** Hosts other than Node.js, bundlers and test tools bring modules that no manifest names. */
const elsewhere =
  /^(?:bun|deno|cloudflare|virtual|data|https?|npm|jsr|electron|vscode|astro|node-internal)(?::|$)|^\$|[!?*\0]|^\0|\$\{/;
const endings = [
  '',
  '.ts',
  '.tsx',
  '.d.ts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.mts',
  '.cts',
  '.json',
  '.vue',
  '.svelte',
  '.node',
  '.css',
];

/** What of a new import in JavaScript or TypeScript is not found in the repository, its manifests or Node.js. */
export async function checkScriptImport(
  found: NewImport,
  repository: Repository,
): Promise<readonly Suspect[]> {
  const { module } = found;
  if (found.guarded || elsewhere.test(module) || repository.ignored.has(packageOf(module))) return [];
  if (isRelative(module)) return await checkRelative(found, repository);
  if (module.startsWith('node:') || builtins.has(module)) return checkBuiltin(found);
  if (
    module.startsWith('#') ||
    repository.aliases.some((alias) => module === alias || module.startsWith(alias))
  )
    return [];
  if (
    endings.some(
      (ending) => repository.files.has(module + ending) || repository.files.has(`src/${module}${ending}`),
    )
  )
    return [];
  return checkPackage(found, repository);
}

function isRelative(module: string): boolean {
  return /^\.{1,2}(?:\/|$)/.test(module);
}

async function checkRelative(found: NewImport, repository: Repository): Promise<readonly Suspect[]> {
  const target = posix.normalize(posix.join(posix.dirname(found.path), found.module)).replace(/\/$/, '');
  if (target.startsWith('..') || isGeneratedPath(`${target}/x`) || isGeneratedPath(target)) return [];
  const file = resolveFile(target, repository);
  if (file === null) {
    if (repository.directories.has(target === '.' ? '' : target)) return [];
    return [suspectOf(found, [], `\`${found.module}\` leads to no file of the repository`, 'certain')];
  }
  const exported = await repository.exportsOf(file);
  const missing = exported === null ? [] : found.names.filter((name) => !exported.has(name));
  if (missing.length === 0) return [];
  return [suspectOf(found, missing, `${file} exports no ${quoted(missing)}`, 'certain')];
}

/** A path as Node.js, TypeScript and bundlers resolve it. */
export function resolveFile(target: string, { files }: Pick<Repository, 'files'>): string | null {
  const bare = target.replace(/\.[cm]?jsx?$/, '');
  const candidates = [
    ...endings.map((ending) => target + ending),
    ...(bare === target ? [] : ['.ts', '.tsx', '.mts', '.cts', '.d.ts'].map((ending) => bare + ending)),
    ...endings.map((ending) => posix.join(target, `index${ending}`)),
  ];
  return candidates.find((candidate) => files.has(candidate)) ?? null;
}

function checkBuiltin(found: NewImport): readonly Suspect[] {
  const name = found.module.replace(/^node:/, '');
  if (!builtins.has(name) && !builtins.has(found.module)) {
    return [suspectOf(found, [], `Node.js has no module \`${found.module}\``, 'certain')];
  }
  const missing = missingInNode(found.module, found.names, found.path);
  return missing.length === 0
    ? []
    : [suspectOf(found, missing, `\`${found.module}\` has no ${quoted(missing)}`, 'certain')];
}

/** Types are imported like values in TypeScript, and removed members are no invention. */
function missingInNode(module: string, names: readonly string[], path: string): readonly string[] {
  if (/(?:^|:)(?:util|sys|punycode|_\w+)$/.test(module)) return [];
  const real: unknown = process.getBuiltinModule(module);
  if (real === undefined) return [];
  const always = ['default', 'promises', 'constructor', 'prototype', 'module.exports'];
  const known = new Set([...Object.getOwnPropertyNames(real), ...always]);
  return names.filter((name) => !known.has(name) && !(name in Object(real)) && !isTypeName(path, name));
}

function checkPackage(found: NewImport, repository: Repository): readonly Suspect[] {
  const name = packageOf(found.module);
  const isDeclared =
    repository.declared.has(name) ||
    repository.declared.has(`@types/${name.replace(/^@/, '').replace('/', '__')}`);
  if (!isDeclared) {
    return [suspectOf(found, [], `\`${name}\` is neither declared nor part of the repository`, 'certain')];
  }
  const names = found.names.filter((one) => one !== 'default');
  return names.length === 0
    ? []
    : [suspectOf(found, names, `\`${found.module}\` has no ${quoted(names)}`, 'unknown')];
}

/** `@scope/name` or `name` of a specifier. */
export function packageOf(module: string): string {
  return module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Uses of members of whole modules that are not there; only of modules whose members are known. */
export async function checkScriptMember(
  used: MemberFacts & { readonly path: string; readonly isDefault: boolean },
  repository: Repository,
): Promise<readonly Suspect[]> {
  const { module } = used;
  if (isRelative(module)) return used.isDefault ? [] : await checkOwnMember(used, repository);
  const isBuiltin = builtins.has(module) || builtins.has(module.replace(/^node:/, ''));
  const missing = isBuiltin ? missingInNode(module, [used.member], used.path) : [];
  return missing.length === 0
    ? []
    : [suspectOf(used, missing, `\`${module}\` has no ${quoted(missing)}`, 'certain')];
}

async function checkOwnMember(
  used: MemberFacts & { readonly path: string },
  repository: Repository,
): Promise<readonly Suspect[]> {
  const { module, member, path } = used;
  const file = resolveFile(posix.normalize(posix.join(posix.dirname(path), module)), repository);
  const exported = file === null ? null : await repository.exportsOf(file);
  if (exported === null || exported.has(member) || isTypeName(path, member)) return [];
  return [suspectOf(used, [member], `${file} exports no ${quoted([member])}`, 'certain')];
}

/** Types are used like values in TypeScript. */
function isTypeName(path: string, name: string): boolean {
  return /\.[cm]?tsx?$/.test(path) && /^[A-Z]/.test(name);
}
