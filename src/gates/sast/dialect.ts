import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';

/** What the analysis needs to know of a grammar. */
export interface Dialect {
  readonly name: 'python' | 'script' | 'go' | 'java';
  readonly calls: readonly string[];
  readonly functions: readonly string[];
  /** `object.name` nodes with the fields of both halves. */
  readonly members: Readonly<Record<string, readonly [object: string, name: string]>>;
  readonly subscripts: Readonly<Record<string, string>>;
  /** Assignments with the fields of target and value. */
  readonly assignments: Readonly<Record<string, readonly [target: string, value: string]>>;
  readonly joins: readonly string[];
  readonly interpolations: readonly string[];
  readonly literals: readonly string[];
}

export const python: Dialect = {
  name: 'python',
  calls: ['call'],
  functions: ['function_definition', 'lambda'],
  members: { attribute: ['object', 'attribute'] },
  subscripts: { subscript: 'value' },
  assignments: {
    assignment: ['left', 'right'],
    augmented_assignment: ['left', 'right'],
    named_expression: ['name', 'value'],
  },
  joins: ['binary_operator'],
  interpolations: ['interpolation'],
  literals: [
    'integer',
    'float',
    'true',
    'false',
    'none',
    'string_content',
    'string_start',
    'string_end',
    'escape_sequence',
  ],
};

export const script: Dialect = {
  name: 'script',
  calls: ['call_expression', 'new_expression'],
  functions: [
    'arrow_function',
    'function_declaration',
    'function_expression',
    'generator_function',
    'generator_function_declaration',
    'method_definition',
  ],
  members: { member_expression: ['object', 'property'] },
  subscripts: { subscript_expression: 'object' },
  assignments: {
    variable_declarator: ['name', 'value'],
    assignment_expression: ['left', 'right'],
    augmented_assignment_expression: ['left', 'right'],
  },
  joins: ['binary_expression'],
  interpolations: ['template_substitution'],
  literals: ['number', 'true', 'false', 'null', 'undefined', 'regex', 'string_fragment', 'escape_sequence'],
};

export const go: Dialect = {
  name: 'go',
  calls: ['call_expression'],
  functions: ['function_declaration', 'method_declaration', 'func_literal'],
  members: { selector_expression: ['operand', 'field'] },
  subscripts: { index_expression: 'operand', slice_expression: 'operand' },
  assignments: {
    short_var_declaration: ['left', 'right'],
    assignment_statement: ['left', 'right'],
    var_spec: ['name', 'value'],
    const_spec: ['name', 'value'],
  },
  joins: ['binary_expression'],
  interpolations: [],
  literals: [
    'int_literal',
    'float_literal',
    'imaginary_literal',
    'rune_literal',
    'true',
    'false',
    'nil',
    'iota',
    'interpreted_string_literal_content',
    'raw_string_literal_content',
    'escape_sequence',
  ],
};

export const java: Dialect = {
  name: 'java',
  calls: ['method_invocation', 'object_creation_expression'],
  functions: ['method_declaration', 'constructor_declaration', 'lambda_expression'],
  members: { field_access: ['object', 'field'] },
  subscripts: { array_access: 'array' },
  assignments: {
    variable_declarator: ['name', 'value'],
    assignment_expression: ['left', 'right'],
  },
  joins: ['binary_expression'],
  interpolations: [],
  literals: [
    'decimal_integer_literal',
    'hex_integer_literal',
    'octal_integer_literal',
    'binary_integer_literal',
    'decimal_floating_point_literal',
    'character_literal',
    'class_literal',
    'true',
    'false',
    'null_literal',
    'string_fragment',
    'multiline_string_fragment',
    'escape_sequence',
    // The type of an array that is written down.
    'type_identifier',
    'scoped_type_identifier',
    'generic_type',
    'integral_type',
    'dimensions',
  ],
};

/** Plain strings; those that may have holes are asked for them. */
const strings = /^(?:(?:template_)?string|(?:(?:raw|interpreted)_)?string_literal)$/;

/** The expression inside parentheses, casts and `await`. */
export function bare(node: SyntaxNode): SyntaxNode {
  const wrapped = [
    'parenthesized_expression',
    'await_expression',
    'await',
    'as_expression',
    'non_null_expression',
    'satisfies_expression',
    'expression_list',
  ];
  const [inner] = node.namedChildren;
  return wrapped.includes(node.type) &&
    inner &&
    node.namedChildCount >= 1 &&
    (node.namedChildCount === 1 || node.type.startsWith('as_') || node.type.startsWith('satisfies'))
    ? bare(inner)
    : node;
}

/** All nodes below, itself included, in the order of the text. */
export function* walk(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const child of node.namedChildren) if (child) yield* walk(child);
}

/** The innermost function around a node; null at the top. */
export function functionAround(dialect: Dialect, node: SyntaxNode): SyntaxNode | null {
  for (let at = node.parent; at; at = at.parent) if (dialect.functions.includes(at.type)) return at;
  return null;
}

/** The text between the quotes of a plain string; undefined for anything else. */
export function stringOf(node: SyntaxNode | null | undefined): string | undefined {
  if (!node) return undefined;
  const value = bare(node);
  if (!strings.test(value.type)) return undefined;
  if (value.namedChildren.some((child) => /interpolation|substitution/.test(child?.type ?? '')))
    return undefined;
  return value.text.replace(/^[a-zA-Z]*("""|'''|["'`])/, '').replace(/("""|'''|["'`])$/, '');
}

/** The method's own name in a call on an object; empty for a plain call. */
export function methodOf(call: SyntaxNode): string {
  // Java has object and name at the call itself.
  if (call.type === 'method_invocation') return call.childForFieldName('name')?.text ?? '';
  const callee = call.childForFieldName('function');
  const name =
    callee?.childForFieldName('attribute') ??
    callee?.childForFieldName('property') ??
    callee?.childForFieldName('field');
  return name?.text ?? '';
}

/** What a method is called on; null for a plain call. */
export function objectOf(call: SyntaxNode): SyntaxNode | null {
  const callee = call.childForFieldName('function') ?? call;
  return callee.childForFieldName('object') ?? callee.childForFieldName('operand');
}
