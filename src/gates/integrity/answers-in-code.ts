import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { lineOf, wordsOf } from './test-outline.ts';

/** A literal input and the literal that the code gives for it, both as written. */
export interface Answer {
  readonly key: string;
  readonly value: string;
  readonly line: number;
  /** The table, switch or function that holds it. */
  readonly place: number;
}

type Keyed = Pick<Answer, 'key' | 'value'>;
type MaybeNode = SyntaxNode | null | undefined;

const literalTypes = new Set([
  'string',
  'template_string',
  'number',
  'integer',
  'float',
  'array',
  'list',
  'tuple',
  'true',
  'false',
  'null',
  'none',
  'object',
  'dictionary',
  'unary_expression',
  'unary_operator',
]);
const places = /^(?:object|dictionary|switch_body|function\w*|method_definition|arrow_function)$/;
const sequences = new Set(['array', 'list', 'tuple']);
const equalities = /(?:^|[._])(?:is|eq|equals?|deepEqual|isEqual|isDeepStrictEqual)$/i;
const stores = /\.(?:set|put|setdefault)$/;

/**
 * Every literal beside a literal: entries of tables, lists of pairs, stores into a table, cases, and comparisons whose branch
 * gives a literal.
 */
export function answersIn(root: SyntaxNode): readonly Answer[] {
  const answers: Answer[] = [];
  collect(root, root.id, answers);
  return answers;
}

/** A template without a place to fill in is a string. */
export function plainQuotes(words: string): string {
  return words.replaceAll(/`([^`$\\]*)`/g, '"$1"');
}

function collect(node: SyntaxNode, place: number, answers: Answer[]): void {
  const own = places.test(node.type) || isTable(node) ? node.id : place;
  const found = answerOf(node);
  if (found) answers.push({ ...found, line: lineOf(node), place: own });
  for (const child of node.namedChildren) if (child) collect(child, own, answers);
}

/** A list of nothing but pairs. */
function isTable({ type, namedChildren }: SyntaxNode): boolean {
  return (
    sequences.has(type) &&
    namedChildren.length > 1 &&
    namedChildren.every((child) => child?.type === 'comment' || isPair(child))
  );
}

function isPair(node: MaybeNode): node is SyntaxNode {
  return node != null && sequences.has(node.type) && node.namedChildren.length === 2;
}

type Reader = (node: SyntaxNode) => Keyed | undefined;

const field = (node: SyntaxNode, name: string): MaybeNode => node.childForFieldName(name);
const inPair: Reader = (node) =>
  isPair(node) && !isTable(node) ? keyed(node.namedChildren[0], node.namedChildren[1]) : undefined;
const inBranch: Reader = (node) =>
  keyed(comparedLiteral(field(node, 'condition')), given(field(node, 'consequence')));
const inAssignment: Reader = (node) => keyed(indexOf(field(node, 'left')), field(node, 'right'));

/** By type of node: JavaScript, TypeScript and Python. */
const readers: Readonly<Record<string, Reader>> = {
  pair: (node) => keyed(field(node, 'key'), field(node, 'value')),
  array: inPair,
  list: inPair,
  tuple: inPair,
  if_statement: inBranch,
  elif_clause: inBranch,
  ternary_expression: (node) => keyed(comparedLiteral(field(node, 'condition')), field(node, 'consequence')),
  conditional_expression: ({ namedChildren }) => keyed(comparedLiteral(namedChildren[1]), namedChildren[0]),
  switch_case: (node) => keyed(field(node, 'value'), given(node)),
  case_clause: (node) => keyed(node.namedChildren[0]?.namedChildren[0], given(field(node, 'consequence'))),
  assignment_expression: inAssignment,
  assignment: inAssignment,
  call_expression: (node) => storedBy(node),
  call: (node) => storedBy(node),
};

function answerOf(node: SyntaxNode): Keyed | undefined {
  return readers[node.type]?.(node);
}

function keyed(key: MaybeNode, value: MaybeNode): Keyed | undefined {
  if (!key || !value || !literalTypes.has(value.type)) return undefined;
  if (!literalTypes.has(key.type) && key.type !== 'property_identifier') return undefined;
  const name = key.type === 'property_identifier' ? `"${key.text}"` : wordsOf(key);
  return { key: plainQuotes(name), value: plainQuotes(wordsOf(value)) };
}

/** The literal of `x === literal`, also of `JSON.stringify(x) === JSON.stringify(literal)` and `isEqual(x, literal)`. */
function comparedLiteral(condition: MaybeNode): SyntaxNode | undefined {
  const inner = condition?.type === 'parenthesized_expression' ? condition.namedChildren[0] : condition;
  if (!inner) return undefined;
  if (isCall(inner)) return equalityCall(inner);
  if (!/^(?:binary_expression|comparison_operator|boolean_operator)$/.test(inner.type)) return undefined;
  return isConjunction(inner) ? comparedLiteral(inner.namedChildren[0]) : operand(inner);
}

function isConjunction(node: SyntaxNode): boolean {
  return node.type === 'boolean_operator' || /&&/.test(field(node, 'operator')?.text ?? '');
}

function equalityCall(call: SyntaxNode): SyntaxNode | undefined {
  if (!equalities.test(field(call, 'function')?.text ?? '')) return undefined;
  return argumentsOf(call).find(({ type }) => literalTypes.has(type));
}

function operand(comparison: SyntaxNode): SyntaxNode | undefined {
  if (!/(?:^|[^!<>=])===?(?:[^=]|$)/.test(comparison.text)) return undefined;
  for (const child of comparison.namedChildren) {
    const literal = child && literalWithin(child);
    if (literal) return literal;
  }
  return undefined;
}

/** A literal, or the only argument of a call when that is one. */
function literalWithin(node: SyntaxNode): SyntaxNode | undefined {
  if (literalTypes.has(node.type)) return node;
  const [only, ...more] = isCall(node) ? argumentsOf(node) : [];
  return only && more.length === 0 && literalTypes.has(only.type) ? only : undefined;
}

function isCall({ type }: SyntaxNode): boolean {
  return type === 'call_expression' || type === 'call';
}

function argumentsOf(call: SyntaxNode): readonly SyntaxNode[] {
  const found = call.childForFieldName('arguments')?.namedChildren ?? [];
  return found.filter((node): node is SyntaxNode => node !== null && node.type !== 'comment');
}

function storedBy(call: SyntaxNode): Keyed | undefined {
  const [key, value, ...more] = argumentsOf(call);
  const isStore = stores.test(call.childForFieldName('function')?.text ?? '');
  return isStore && more.length === 0 ? keyed(key, value) : undefined;
}

function indexOf(target: MaybeNode): MaybeNode {
  if (target?.type !== 'subscript_expression' && target?.type !== 'subscript') return undefined;
  return target.childForFieldName('index') ?? target.childForFieldName('subscript');
}

/** What a branch returns, or puts into a variable. */
function given(block: MaybeNode): MaybeNode {
  for (const node of block ? [block, ...block.namedChildren] : []) {
    if (node?.type === 'return_statement') return node.namedChildren[0];
    if (node?.type !== 'expression_statement') continue;
    const right = node.namedChildren[0]?.childForFieldName('right');
    if (right) return right;
  }
  return undefined;
}
