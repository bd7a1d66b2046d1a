import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const judging = /secretlint|tree-sitter|jscpd|ast-grep|yaml|toml|fast-xml-parser/;

/** Exact versions of this program, its Node and the libraries that judge code; dependencies are pinned. */
export function toolVersions(): Readonly<Record<string, string>> {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8');
  const { version, dependencies } = JSON.parse(text) as {
    readonly version: string;
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const libraries = Object.entries(dependencies).filter(([name]) => judging.test(name));
  return { pullwright: version, node: process.versions.node, ...Object.fromEntries(libraries) };
}
