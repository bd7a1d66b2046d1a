import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import type { ExportFacts, ImportFacts, MemberFacts } from './file-facts.ts';

/** Imports of a JavaScript or TypeScript file: `import`, `export … from`, `require` and `import()` with a fixed name. */
export function scriptImports(root: SyntaxNode): readonly ImportFacts[] {
  const statements = root
    .descendantsOfType(['import_statement', 'export_statement'])
    .flatMap((node) => statementImport(node));
  const calls = root.descendantsOfType('call_expression').flatMap((node) => callImport(node));
  return [...statements, ...calls];
}

function statementImport(node: SyntaxNode): readonly ImportFacts[] {
  const required = node.namedChildren.find(({ type }) => type === 'import_require_clause');
  const source = node.childForFieldName('source') ?? required?.childForFieldName('source') ?? null;
  const module = stringValue(source);
  if (module === null) return [];
  const isType = node.children.some(({ type }) => type === 'type' || type === 'typeof');
  const clause = node.namedChildren.find(({ type }) => type === 'import_clause');
  return [
    {
      module,
      line: node.startPosition.row + 1,
      names: isType ? [] : [...specifierNames(node), ...defaultName(clause)],
      namespace: clause ? namespaceOf(clause) : null,
      guarded: isType,
    },
  ];
}

/** Types leave no trace at run time; what they name is the type check's to say. */
function specifierNames(node: SyntaxNode): readonly string[] {
  return node
    .descendantsOfType(['import_specifier', 'export_specifier'])
    .filter((specifier) => !specifier.children.some(({ type }) => type === 'type' || type === 'typeof'))
    .flatMap((specifier) => specifier.childForFieldName('name')?.text ?? [])
    .map((name) => name.replace(/^["']|["']$/g, ''));
}

function defaultName(clause: SyntaxNode | undefined): readonly string[] {
  return clause?.namedChildren.some(({ type }) => type === 'identifier') === true ? ['default'] : [];
}

function namespaceOf(clause: SyntaxNode): string | null {
  const star = clause.namedChildren.find(({ type }) => type === 'namespace_import');
  const local = star?.namedChild(0) ?? clause.namedChildren.find(({ type }) => type === 'identifier');
  return local?.text ?? null;
}

function callImport(node: SyntaxNode): readonly ImportFacts[] {
  const module = calledModule(node);
  if (module === null) return [];
  const bound = node.parent?.type === 'variable_declarator' ? node.parent.childForFieldName('name') : null;
  return [
    {
      module,
      line: node.startPosition.row + 1,
      names: bound?.type === 'object_pattern' ? patternNames(bound) : [],
      namespace: bound?.type === 'identifier' ? bound.text : null,
      guarded: isInside(node, 'try_statement'),
    },
  ];
}

/** `require('x')` and `import('x')`. */
function calledModule(call: SyntaxNode): string | null {
  const callee = call.childForFieldName('function');
  const isRequire = callee?.type === 'identifier' && callee.text === 'require';
  if (!isRequire && callee?.type !== 'import') return null;
  const list = call.childForFieldName('arguments');
  return list?.namedChildCount === 1 ? stringValue(list.namedChild(0)) : null;
}

function patternNames(pattern: SyntaxNode): readonly string[] {
  return pattern.namedChildren.flatMap((child) => {
    if (child.type === 'shorthand_property_identifier_pattern') return [child.text];
    const key = child.childForFieldName('key') ?? child.childForFieldName('left');
    return key && /identifier/.test(key.type) ? [key.text] : [];
  });
}

function isInside(node: SyntaxNode, type: string): boolean {
  for (let at = node.parent; at; at = at.parent) if (at.type === type) return true;
  return false;
}

function stringValue(node: SyntaxNode | null): string | null {
  if (node?.type !== 'string') return null;
  const text = node.text.slice(1, -1);
  return text === '' || text.includes('\\') ? null : text;
}

/** Uses of members of a name that stands for a whole module, unless the same name is bound again in this file. */
export function scriptMembers(root: SyntaxNode, imports: readonly ImportFacts[]): readonly MemberFacts[] {
  const modules = new Map(
    imports.flatMap(({ namespace, module }) => (namespace === null ? [] : [[namespace, module]])),
  );
  if (modules.size === 0) return [];
  const rebound = reboundNames(root);
  return root.descendantsOfType('member_expression').flatMap((node) => {
    const object = node.childForFieldName('object');
    const member = node.childForFieldName('property');
    const module =
      object?.type === 'identifier' && !rebound.has(object.text) ? modules.get(object.text) : undefined;
    if (module === undefined || !member || isWritten(node)) return [];
    return [{ module, member: member.text, line: node.startPosition.row + 1 }];
  });
}

/** Names bound by parameters or by a second declaration. */
function reboundNames(root: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>();
  const parameters = root.descendantsOfType(['formal_parameters', 'catch_clause']);
  for (const list of parameters) {
    for (const { text } of list.descendantsOfType(['identifier', 'shorthand_property_identifier_pattern']))
      names.add(text);
  }
  const seen = new Set<string>();
  for (const declarator of root.descendantsOfType('variable_declarator')) {
    const name = declarator.childForFieldName('name');
    for (const { text } of name?.type === 'identifier'
      ? [name]
      : (name?.descendantsOfType('identifier') ?? [])) {
      if (seen.has(text)) names.add(text);
      seen.add(text);
    }
  }
  for (const node of root.descendantsOfType('arrow_function')) {
    const single = node.childForFieldName('parameter');
    if (single) names.add(single.text);
  }
  return names;
}

/** `fs.extra = 1` gives the module a member, `fs.extra?.()` and `typeof fs.extra` ask for one. */
function isWritten(node: SyntaxNode): boolean {
  const { parent } = node;
  if (node.children.some(({ type }) => type === 'optional_chain')) return true;
  if (parent?.type === 'assignment_expression') return parent.childForFieldName('left')?.id === node.id;
  return (
    parent?.type === 'unary_expression' ||
    parent?.type === 'if_statement' ||
    parent?.type === 'binary_expression'
  );
}

/** What a file exports, by `export` or by CommonJS. A form that is not understood leaves the list open. */
export function scriptExports(root: SyntaxNode): ExportFacts {
  const names = new Set<string>();
  const stars: string[] = [];
  let open = false;
  for (const node of root.descendantsOfType('export_statement')) {
    const source = stringValue(node.childForFieldName('source'));
    const star = node.children.some(({ type }) => type === '*');
    if (star && source !== null) stars.push(source);
    else for (const name of exportedNames(node)) names.add(name);
    // `export =` and forms to come.
    if (node.children.some(({ type }) => type === '=')) open = true;
  }
  const common = commonExports(root);
  for (const name of common.names) names.add(name);
  // `module.exports` is what a default import of it gets.
  if (common.names.length > 0) names.add('default');
  open ||= common.open || (names.size === 0 && stars.length === 0);
  return { names: [...names], stars, open };
}

function exportedNames(node: SyntaxNode): readonly string[] {
  if (node.children.some(({ type }) => type === 'default')) return ['default'];
  const namespace = node.namedChildren.find(({ type }) => type === 'namespace_export');
  if (namespace) return [namespace.namedChild(0)?.text ?? ''];
  const specifiers = node.descendantsOfType('export_specifier').flatMap((specifier) => {
    const shown = specifier.childForFieldName('alias') ?? specifier.childForFieldName('name');
    return shown ? [shown.text.replace(/^["']|["']$/g, '')] : [];
  });
  const declaration = node.childForFieldName('declaration');
  if (!declaration) return specifiers;
  const own = declaration.childForFieldName('name')?.text;
  const declared = declaration.namedChildren
    .filter(({ type }) => type === 'variable_declarator')
    .flatMap((child) => {
      const name = child.childForFieldName('name');
      if (name?.type === 'identifier') return [name.text];
      return (name?.descendantsOfType(['identifier', 'shorthand_property_identifier_pattern']) ?? []).map(
        ({ text }) => text,
      );
    });
  // `declare module` and ambient forms hold their names one level down.
  const deeper =
    own === undefined && declared.length === 0
      ? declaration.descendantsOfType('identifier').map(({ text }) => text)
      : [];
  return [...specifiers, ...(own === undefined ? [] : [own]), ...declared, ...deeper];
}

/** Ways to fill `exports` of which the names are not written here. */
const openExports = /\bexports\s*\[|\(\s*(?:module\.)?exports\b|=\s*exports\b|__exportStar/;

function commonExports(root: SyntaxNode): { readonly names: readonly string[]; readonly open: boolean } {
  const found = root.descendantsOfType('member_expression').map((node) => commonExport(node));
  return {
    names: found.flatMap((names) => names ?? []),
    open: found.includes(null) || openExports.test(root.text),
  };
}

/** The names that one `exports.x` or `module.exports = {…}` gives; null when it leaves them open. */
function commonExport(node: SyntaxNode): readonly string[] | null {
  const { text, parent } = node;
  if (/^(?:module\.)?exports\.[\w$]+$/.test(text)) return [node.childForFieldName('property')?.text ?? ''];
  if (text !== 'module.exports' || parent?.type === 'member_expression') return [];
  const right = parent?.type === 'assignment_expression' ? parent.childForFieldName('right') : null;
  return right?.type === 'object' ? objectKeys(right) : null;
}

/** Null when a spread or a computed key leaves the list open. */
function objectKeys(object: SyntaxNode): readonly string[] | null {
  const keys: string[] = [];
  for (const child of object.namedChildren) {
    if (child.type === 'comment') continue;
    const key =
      child.type === 'shorthand_property_identifier'
        ? child
        : (child.childForFieldName('key') ?? child.childForFieldName('name'));
    if (!key || !/identifier|string/.test(key.type)) return null;
    keys.push(key.text.replace(/^["']|["']$/g, ''));
  }
  return keys;
}
