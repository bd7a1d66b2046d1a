import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import type { ExportFacts, ImportFacts, MemberFacts } from './file-facts.ts';

/** Imports of a Python file; `from . import x` has the module `.` and the name `x`. */
export function pythonImports(root: SyntaxNode): readonly ImportFacts[] {
  const whole = root.descendantsOfType('import_statement').flatMap((node) => wholeImports(node));
  const parts = root.descendantsOfType('import_from_statement').flatMap((node) => partImport(node));
  return [...whole, ...parts];
}

function wholeImports(node: SyntaxNode): readonly ImportFacts[] {
  return node.namedChildren.flatMap((child) => {
    const isAliased = child.type === 'aliased_import';
    const module = isAliased ? child.childForFieldName('name')?.text : child.text;
    if (module === undefined) return [];
    // `import a.b` binds `a`: its members are not those of `a.b`.
    const bound = isAliased ? (child.childForFieldName('alias')?.text ?? null) : module;
    const namespace = bound?.includes('.') === true ? null : bound;
    return [{ module, line: node.startPosition.row + 1, names: [], namespace, guarded: isGuarded(node) }];
  });
}

function partImport(node: SyntaxNode): readonly ImportFacts[] {
  const module = node.childForFieldName('module_name');
  if (!module) return [];
  const names = node
    .childrenForFieldName('name')
    .flatMap((child) => (child ? [child.childForFieldName('name')?.text ?? child.text] : []));
  return [
    {
      module: module.text,
      line: node.startPosition.row + 1,
      names,
      namespace: null,
      guarded: isGuarded(node),
    },
  ];
}

/** Inside `try`, or behind a condition (`TYPE_CHECKING`, `sys.version_info`): absence is provided for. */
function isGuarded(node: SyntaxNode): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (at.type === 'try_statement' || at.type === 'if_statement') return true;
    if (at.type === 'with_statement' && /suppress|raises/.test(at.text.slice(0, 200))) return true;
  }
  return false;
}

/** Uses of members of a whole module, unless its name is bound again in this file. */
export function pythonMembers(root: SyntaxNode, imports: readonly ImportFacts[]): readonly MemberFacts[] {
  const modules = new Map(
    imports.flatMap(({ namespace, module }) => (namespace === null ? [] : [[namespace, module]])),
  );
  if (modules.size === 0) return [];
  const rebound = new Set([...parameterNames(root), ...assignedNames(root)]);
  return root.descendantsOfType('attribute').flatMap((node) => {
    const object = node.childForFieldName('object');
    const member = node.childForFieldName('attribute');
    const module =
      object?.type === 'identifier' && !rebound.has(object.text) ? modules.get(object.text) : undefined;
    const isWritten =
      node.parent?.type === 'assignment' && node.parent.childForFieldName('left')?.id === node.id;
    if (module === undefined || !member || isWritten || isGuarded(node)) return [];
    return [{ module, member: member.text, line: node.startPosition.row + 1 }];
  });
}

function parameterNames(root: SyntaxNode): readonly string[] {
  return root
    .descendantsOfType(['parameters', 'lambda_parameters'])
    .flatMap((list) => list.namedChildren)
    .flatMap((parameter) => {
      if (parameter.type === 'identifier') return [parameter.text];
      const name = parameter.childForFieldName('name') ?? parameter.namedChild(0);
      return name ? [name.text] : [];
    });
}

function assignedNames(root: SyntaxNode): readonly string[] {
  const targets = root
    .descendantsOfType([
      'assignment',
      'for_statement',
      'for_in_clause',
      'named_expression',
      'as_pattern_target',
      'global_statement',
    ])
    .flatMap((node) => node.childForFieldName('left') ?? node.childForFieldName('name') ?? [node])
    .filter((node) => node !== null);
  return targets.flatMap((target) =>
    target.type === 'identifier'
      ? [target.text]
      : target.descendantsOfType('identifier').map(({ text }) => text),
  );
}

/** Names bound at the top of a module, in whatever branch. */
export function pythonExports(root: SyntaxNode): ExportFacts {
  const names = new Set<string>();
  const open: SyntaxNode[] = [...root.namedChildren];
  let isOpen = /\bglobals\(\)|\bsys\.modules\b|\b__getattr__\b|\bexec\(/.test(root.text);
  for (let node = open.pop(); node; node = open.pop()) {
    if (/^(?:function|class)_definition$/.test(node.type)) {
      names.add(node.childForFieldName('name')?.text ?? '');
      for (const name of globalNames(node)) names.add(name);
    } else if (node.type.startsWith('import')) {
      if (node.namedChildren.some(({ type }) => type === 'wildcard_import')) isOpen = true;
      for (const name of boundByImport(node)) names.add(name);
    } else {
      for (const name of boundHere(node)) names.add(name);
      open.push(...node.namedChildren);
    }
  }
  return { names: [...names], stars: [], open: isOpen };
}

function globalNames(definition: SyntaxNode): readonly string[] {
  const statements = definition.descendantsOfType('global_statement');
  return statements.flatMap(({ text }) => text.replace(/^global\s+/, '').split(/\s*,\s*/));
}

function boundByImport(node: SyntaxNode): readonly string[] {
  return node
    .childrenForFieldName('name')
    .flatMap((child) =>
      child ? [child.childForFieldName('alias')?.text ?? child.text.split('.')[0] ?? ''] : [],
    );
}

function boundHere(node: SyntaxNode): readonly string[] {
  if (
    !/^(?:assignment|for_statement|named_expression|as_pattern|type_alias_statement|with_item|augmented_assignment)$/.test(
      node.type,
    )
  ) {
    return [];
  }
  const target =
    node.childForFieldName('left') ??
    node.childForFieldName('name') ??
    node.childForFieldName('alias') ??
    node;
  return target.type === 'identifier'
    ? [target.text]
    : target.descendantsOfType('identifier').map(({ text }) => text);
}
