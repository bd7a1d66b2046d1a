import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { type Dialect, walk } from './dialect.ts';

/** Local names of imported things, with what they stand for: `sp` → `subprocess`, `run` → `subprocess.run`. */
export function importedNames(dialect: Dialect, root: SyntaxNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const node of walk(root)) {
    const found = namesOf[dialect.name](node, names);
    for (const [name, full] of found) names.set(name, full);
  }
  return names;
}

/** `exec` → `os/exec`, and a name that was chosen instead. */
function goNames(node: SyntaxNode): Pairs {
  if (node.type !== 'import_spec') return [];
  const path = (node.childForFieldName('path')?.text ?? '').slice(1, -1);
  const last =
    path
      .replace(/\/v\d+$/, '')
      .split('/')
      .at(-1) ?? path;
  return [[node.childForFieldName('name')?.text ?? packageName(last), path]];
}

type Pairs = readonly (readonly [string, string])[];
type Known = ReadonlyMap<string, string>;

const namesOf: Readonly<Record<Dialect['name'], (node: SyntaxNode, known: Known) => Pairs>> = {
  python: pythonNames,
  script: scriptNames,
  go: goNames,
  java: javaNames,
};

/** `Statement` → `java.sql.Statement`. */
function javaNames(node: SyntaxNode): Pairs {
  if (node.type !== 'import_declaration') return [];
  const path = node.namedChildren[0]?.text ?? '';
  const last = path.split('.').at(-1) ?? path;
  return node.namedChildren.some((one) => one?.type === 'asterisk') ? [] : [[last, path]];
}

function pythonNames(node: SyntaxNode): Pairs {
  if (node.type === 'import_statement') return node.namedChildren.flatMap((child) => aliasOf(child, ''));
  if (node.type !== 'import_from_statement') return [];
  const module = node.childForFieldName('module_name')?.text ?? '';
  return node.childrenForFieldName('name').flatMap((child) => aliasOf(child, `${module}.`));
}

function aliasOf(child: SyntaxNode | null, prefix: string): Pairs {
  if (!child) return [];
  if (child.type === 'aliased_import') {
    const name = child.childForFieldName('name')?.text ?? '';
    return [[child.childForFieldName('alias')?.text ?? name, `${prefix}${name}`]];
  }
  // `import os.path` binds `os`.
  return prefix === ''
    ? [[child.text.split('.')[0] ?? child.text, child.text.split('.')[0] ?? child.text]]
    : [[child.text, `${prefix}${child.text}`]];
}

function scriptNames(node: SyntaxNode, known: ReadonlyMap<string, string>): Pairs {
  if (node.type === 'import_statement') return importStatement(node);
  if (node.type !== 'variable_declarator') return [];
  const value = node.childForFieldName('value');
  const target = node.childForFieldName('name');
  // `const { exec } = cp` after `const cp = require(...)`.
  const module = requiredModule(value) ?? (value?.type === 'identifier' ? known.get(value.text) : undefined);
  if (module === undefined || !target) return [];
  if (target.type === 'identifier') return [[target.text, module]];
  return target.type === 'object_pattern'
    ? target.namedChildren.flatMap((child) => patternName(child, module))
    : [];
}

function importStatement(node: SyntaxNode): Pairs {
  const module = plainModule(node.childForFieldName('source')?.text ?? '');
  return [...walk(node)].flatMap((child): Pairs => {
    if (child.type === 'import_specifier') {
      const name = child.childForFieldName('name')?.text ?? '';
      return [[child.childForFieldName('alias')?.text ?? name, `${module}.${name}`]];
    }
    const whole = child.type === 'namespace_import' || child.type === 'import_clause';
    const name = whole ? child.namedChildren.find((one) => one?.type === 'identifier') : undefined;
    return name ? [[name.text, module]] : [];
  });
}

/** `require('x')`, also `require('x').y`. */
function requiredModule(value: SyntaxNode | null): string | undefined {
  if (value?.type === 'member_expression') {
    const inner = requiredModule(value.childForFieldName('object'));
    return inner === undefined ? undefined : `${inner}.${value.childForFieldName('property')?.text ?? ''}`;
  }
  const quoted = /^require\(\s*(["'][^"'\n]*["'])\s*\)$/.exec(value?.text.slice(0, 300) ?? '')?.[1];
  return quoted === undefined ? undefined : plainModule(quoted);
}

function plainModule(quoted: string): string {
  return quoted.slice(1, -1).replace(/^node:/, '');
}

function patternName(child: SyntaxNode | null, module: string): Pairs {
  if (!child) return [];
  if (child.type === 'shorthand_property_identifier_pattern')
    return [[child.text, `${module}.${child.text}`]];
  if (child.type !== 'pair_pattern') return [];
  const [key, value] = [
    child.childForFieldName('key')?.text ?? '',
    child.childForFieldName('value')?.text ?? '',
  ];
  return [[value, `${module}.${key}`]];
}

/** What a package calls itself where its directory has more: `go-redis`, `jwt-go`, `yaml.v3`. */
function packageName(directory: string): string {
  return directory.replace(/\.v\d+$/, '').replace(/^go-|[-.]go$/, '');
}
