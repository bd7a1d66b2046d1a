import type { Grammar, SyntaxNode } from '../../toolchains/syntax-tree.ts';
import type { SymbolFacts } from './file-facts.ts';

type Reader = (root: SyntaxNode) => readonly SymbolFacts[];

const comment = /comment$/;

/** What a file offers to others, and whether a doc comment says what it is for. */
export function readSymbols(root: SyntaxNode, grammar: Grammar): readonly SymbolFacts[] {
  return readers[grammar]?.(root) ?? [];
}

const scriptKinds: Readonly<Record<string, string>> = {
  abstract_class_declaration: 'class',
  class_declaration: 'class',
  enum_declaration: 'enum',
  function_declaration: 'function',
  generator_function_declaration: 'function',
  interface_declaration: 'interface',
};

const readScript: Reader = (root) =>
  root.namedChildren
    .filter((node) => node.type === 'export_statement')
    .flatMap((node) => {
      const declaration = node.childForFieldName('declaration');
      if (!declaration) return [];
      const documented = hasCommentAbove(node);
      const kind = scriptKinds[declaration.type];
      if (kind !== undefined) return symbolOf(declaration, kind, documented);
      return declaration.namedChildren
        .filter((child) => /function|class/.test(child.childForFieldName('value')?.type ?? ''))
        .flatMap((child) => symbolOf(child, 'function', documented));
    });

const readPython: Reader = (root) =>
  root.namedChildren.flatMap((node) => {
    const definition = node.type === 'decorated_definition' ? node.childForFieldName('definition') : node;
    if (!definition || !/^(?:function|class)_definition$/.test(definition.type)) return [];
    if (definition.childForFieldName('name')?.text.startsWith('_')) return [];
    const kind = definition.type === 'class_definition' ? 'class' : 'function';
    return symbolOf(definition, kind, hasDocString(definition));
  });

const readGo: Reader = (root) =>
  root.namedChildren.flatMap((node) => {
    const documented = hasCommentAbove(node);
    const declared = node.type === 'type_declaration' ? node.namedChildren : [node];
    return declared
      .filter(({ type }) => /^(?:function_declaration|method_declaration|type_spec)$/.test(type))
      .filter((child) => /^\p{Lu}/u.test(child.childForFieldName('name')?.text ?? ''))
      .flatMap((child) =>
        symbolOf(
          child,
          child.type === 'type_spec' ? 'type' : 'function',
          documented || hasCommentAbove(child),
        ),
      );
  });

const readJava: Reader = (root) =>
  root
    .descendantsOfType([
      'class_declaration',
      'enum_declaration',
      'interface_declaration',
      'method_declaration',
      'record_declaration',
    ])
    .filter((node) =>
      node.namedChildren.some(({ type, text }) => type === 'modifiers' && /\bpublic\b/.test(text)),
    )
    .filter(
      (node) =>
        !node.namedChildren.some(({ type, text }) => type === 'modifiers' && text.includes('@Override')),
    )
    .flatMap((node) =>
      symbolOf(node, node.type.replace('_declaration', ''), hasCommentAbove(node, /^\/\*\*/)),
    );

const readRust: Reader = (root) =>
  root.namedChildren
    .filter(({ type }) => /^(?:function|struct|enum|trait)_item$/.test(type))
    .filter((node) =>
      node.namedChildren.some(({ type, text }) => type === 'visibility_modifier' && text === 'pub'),
    )
    .flatMap((node) =>
      symbolOf(node, node.type.replace('_item', ''), hasCommentAbove(node, /^(?:\/\/\/|\/\*\*|#\[doc)/)),
    );

const readers: Readonly<Partial<Record<Grammar, Reader>>> = {
  javascript: readScript,
  typescript: readScript,
  tsx: readScript,
  python: readPython,
  go: readGo,
  java: readJava,
  rust: readRust,
};

function symbolOf(node: SyntaxNode, kind: string, documented: boolean): readonly SymbolFacts[] {
  const name = node.childForFieldName('name')?.text;
  return name === undefined ? [] : [{ name, kind, line: node.startPosition.row + 1, documented }];
}

/** A comment that ends in the line above, attributes and decorators in between allowed. */
function hasCommentAbove(node: SyntaxNode, shape = /^/): boolean {
  let below = node;
  for (let above = node.previousNamedSibling; above; above = above.previousNamedSibling) {
    const isNear = below.startPosition.row - lastRow(above) <= 1;
    if (!isNear) return false;
    if (comment.test(above.type) && shape.test(above.text)) return true;
    if (!comment.test(above.type) && !/attribute|decorator/.test(above.type)) return false;
    below = above;
  }
  return false;
}

/** Rust's line comments hold their line break. */
function lastRow(node: SyntaxNode): number {
  return node.endPosition.column === 0 ? node.endPosition.row - 1 : node.endPosition.row;
}

function hasDocString(definition: SyntaxNode): boolean {
  const first = definition.childForFieldName('body')?.namedChildren.find(({ type }) => type !== 'comment');
  return first?.type === 'expression_statement' && first.namedChild(0)?.type === 'string';
}
