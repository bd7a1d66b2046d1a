import { posix } from 'node:path';
import type { MemberFacts } from '../facts/file-facts.ts';
import { distributionsOf, isStandardPython } from './python-names.ts';
import { type NewImport, quoted, type Repository, type Suspect, suspectsIn } from './suspect.ts';

const suspectOf = suspectsIn('python');

/** What of a new import in Python is not found in the repository, its manifests or the standard library. */
export async function checkPythonImport(
  found: NewImport,
  repository: Repository,
): Promise<readonly Suspect[]> {
  if (found.guarded) return [];
  const top = found.module.split('.')[0] ?? '';
  if (found.module.startsWith('.')) return await checkRelative(found, repository);
  if (repository.ignored.has(top)) return [];
  const roots = rootsOf(top, repository);
  if (roots.length > 0 && !isStandardPython(top)) return await checkLocal(found, roots, repository);
  const isKnown = isStandardPython(top) || distributionsOf(top).some((name) => repository.declared.has(name));
  if (!isKnown) {
    return [
      suspectOf(
        found,
        [],
        `\`${top}\` is neither declared, nor installed, nor part of the repository`,
        'likely',
      ),
    ];
  }
  return [suspectOf(found, found.names, `\`${found.module}\` has no ${quoted(found.names)}`, 'unknown')];
}

async function checkRelative(found: NewImport, repository: Repository): Promise<readonly Suspect[]> {
  const dots = /^\.+/.exec(found.module)?.[0].length ?? 1;
  let directory = posix.dirname(found.path);
  for (let up = 1; up < dots; up++) directory = posix.dirname(directory);
  const rest = found.module
    .slice(dots)
    .split('.')
    .filter((part) => part !== '');
  return await checkTarget(found, posix.join(directory, ...rest), repository);
}

/** Where a module of this name may lie: any directory may be on the path of some test runner. */
function rootsOf(top: string, { files, directories }: Repository): readonly string[] {
  const endings = [`/${top}.py`, `/${top}.pyi`, `/${top}.pyx`, `/${top}.so`];
  const inFiles = [...files].filter((file) => endings.some((ending) => `/${file}`.endsWith(ending)));
  const inDirectories = [...directories].filter((directory) => `/${directory}`.endsWith(`/${top}`));
  return [...new Set([...inFiles, ...inDirectories].map((path) => posix.dirname(path)))];
}

async function checkLocal(
  found: NewImport,
  roots: readonly string[],
  repository: Repository,
): Promise<readonly Suspect[]> {
  const parts = found.module.split('.');
  const results = await Promise.all(
    roots.map((root) => checkTarget(found, posix.join(root, ...parts), repository)),
  );
  // One root that has everything is enough.
  return results.some((suspects) => suspects.length === 0) ? [] : (results[0] ?? []);
}

async function checkTarget(
  found: NewImport,
  target: string,
  repository: Repository,
): Promise<readonly Suspect[]> {
  const { files, directories } = repository;
  const base = target === '.' ? '' : target;
  const file = [`${base}.py`, posix.join(base, '__init__.py')].find((candidate) => files.has(candidate));
  const isOpaque = [`${base}.pyi`, `${base}.pyx`, `${base}.so`].some((candidate) => files.has(candidate));
  if (isOpaque) return [];
  if (file === undefined && !directories.has(base)) {
    return [suspectOf(found, [], `\`${found.module}\` leads to no file of the repository`, 'certain')];
  }
  const exported = file === undefined ? new Set<string>() : await repository.exportsOf(file);
  if (exported === null) return [];
  const isThere = (name: string): boolean =>
    name === '*' ||
    /^__\w+__$/.test(name) ||
    exported.has(name) ||
    isSubmodule(posix.join(base, name), repository);
  const missing = found.names.filter((name) => !isThere(name));
  if (missing.length === 0) return [];
  return [suspectOf(found, missing, `${file ?? base} defines no ${quoted(missing)}`, 'certain')];
}

function isSubmodule(path: string, { files, directories }: Repository): boolean {
  return directories.has(path) || ['.py', '.pyi', '.pyx', '.so'].some((ending) => files.has(path + ending));
}

/** Uses of members of whole modules: of the standard library and of packages, the installed ones are asked. */
export function checkPythonMember(
  used: MemberFacts & { readonly path: string },
  repository: Repository,
): readonly Suspect[] {
  const { module, member, path, line } = used;
  const top = module.split('.')[0] ?? '';
  const isOurs = module.startsWith('.') || rootsOf(top, repository).length > 0;
  if (isOurs || repository.ignored.has(top)) return [];
  return [suspectOf({ path, line, module }, [member], `\`${module}\` has no ${quoted([member])}`, 'unknown')];
}
