import type { ProjectSource } from '../ecosystem.ts';
import { isObject, parseObject, stringMap } from '../read-json.ts';

/** The parts of a package.json that decide commands. Anything of an unexpected type counts as absent. */
export interface NodeManifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: ReadonlySet<string>;
  readonly entryPaths: readonly string[];
  readonly packageManager: string;
}

/** Reads package.json; undefined when it is absent or is not a JSON object. */
export async function readNodeManifest(source: ProjectSource): Promise<NodeManifest | undefined> {
  const json = parseObject(await source.read('package.json'));
  if (!json) return undefined;
  const dependencies = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((key) =>
    Object.keys(stringMap(json[key])),
  );
  return {
    scripts: stringMap(json['scripts']),
    dependencies: new Set(dependencies),
    entryPaths: [json['main'], json['module'], json['exports'], json['bin']].flatMap((value) =>
      pathsIn(value, 0),
    ),
    packageManager: typeof json['packageManager'] === 'string' ? json['packageManager'] : '',
  };
}

/** True when the npm lockfile pins at least one package besides the project itself. */
export function npmLockHasPackages(text: string | undefined): boolean {
  const json = parseObject(text);
  if (!json) return false;
  const packages = isObject(json['packages'])
    ? Object.keys(json['packages']).filter((key) => key !== '')
    : [];
  const legacy = isObject(json['dependencies']) ? Object.keys(json['dependencies']) : [];
  return packages.length > 0 || legacy.length > 0;
}

function pathsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value === 'string') return [value.replace(/^\.\//, '')];
  if (!isObject(value) || depth > 4) return [];
  return Object.values(value).flatMap((inner) => pathsIn(inner, depth + 1));
}
