import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { bare, type Dialect, functionAround, methodOf, stringOf, walk } from './dialect.ts';
import { type FileScope, parameterNames } from './file-scope.ts';

/**
 * What a value is, from harmless to certain: written here; unknown; put together from text and something unknown; taken
 * from whoever starts the program (arguments, environment); taken from outside.
 */
export type Value = 'constant' | 'unknown' | 'built' | 'local' | 'tainted';

const order: readonly Value[] = ['constant', 'unknown', 'built', 'local', 'tainted'];
const depthMax = 10;

/** Patterns of what comes from outside, and of functions whose parameters do. */
export interface Sources {
  readonly expressions: RegExp;
  /** Of these values that only the person who starts the program decides. */
  readonly local: RegExp;
  readonly cleaners: RegExp;
  /** Functions that put texts together: `fmt.Sprintf`. */
  readonly builders?: RegExp;
  /** True for a function whose parameters hold what people sent. */
  entry(fn: SyntaxNode): readonly string[];
}

export interface ValueContext {
  readonly scope: FileScope;
  readonly sources: Sources;
}

/** From `least` on; what asks for a value from outside takes one from the command line too. */
export function reaches(value: Value, least: Value): boolean {
  return order.indexOf(value) >= order.indexOf(least === 'tainted' ? 'local' : least);
}

function worst(values: readonly Value[]): Value {
  return order[Math.max(0, ...values.map((value) => order.indexOf(value)))] ?? 'unknown';
}

/** Judges an expression by what stands in this file. */
export function judgeValue(context: ValueContext, node: SyntaxNode, depth = 0): Value {
  if (depth > depthMax) return 'unknown';
  const at = bare(node);
  const { dialect } = context.scope;
  if (isWritten(dialect, at)) return 'constant';
  if (/^(?:template_|concatenated_)?string$|_string_literal$/.test(at.type))
    return ofString(context, at, depth);
  return sourceOf(context, at) ?? ofExpression(context, at, depth);
}

/** Names in capitals are constants of a module: `os.P_WAIT`. */
function isWritten(dialect: Dialect, node: SyntaxNode): boolean {
  if (dialect.literals.includes(node.type) || dialect.functions.includes(node.type)) return true;
  return dialect.members[node.type] !== undefined && /\.[A-Z][A-Z0-9_]*$/.test(node.text);
}

function ofExpression(context: ValueContext, node: SyntaxNode, depth: number): Value {
  const { dialect } = context.scope;
  if (node.type === 'identifier') return ofName(context, node, depth);
  if (dialect.joins.includes(node.type)) return ofJoin(context, node, depth);
  if (dialect.calls.includes(node.type)) return ofCall(context, node, depth);
  if (dialect.members[node.type] ?? dialect.subscripts[node.type]) return ofPart(context, node, depth);
  return ofParts(context, node, depth);
}

function sourceOf({ scope, sources }: ValueContext, node: SyntaxNode): Value | undefined {
  const subscript = scope.dialect.subscripts[node.type];
  const name = scope.qualified(subscript ? node.childForFieldName(subscript) : node);
  if (name === '' || !sources.expressions.test(name)) return undefined;
  return sources.local.test(name) ? 'local' : 'tainted';
}

function ofString(context: ValueContext, node: SyntaxNode, depth: number): Value {
  if (stringOf(node) !== undefined) return 'constant';
  const holes = [...walk(node)].filter(({ type }) => context.scope.dialect.interpolations.includes(type));
  if (node.type === 'concatenated_string' && holes.length === 0) return 'constant';
  return builtOf(holes.map((hole) => judgeValue(context, hole.namedChildren[0] ?? hole, depth + 1)));
}

/** Text put together is worse than its parts: a constant stays one. */
function builtOf(values: readonly Value[]): Value {
  const value = worst(values);
  return value === 'unknown' ? 'built' : value;
}

function ofJoin(context: ValueContext, node: SyntaxNode, depth: number): Value {
  const sides = [node.childForFieldName('left'), node.childForFieldName('right')].filter(
    (side) => side !== null,
  );
  const operator = node.childForFieldName('operator')?.text ?? '';
  const values = sides.map((side) => judgeValue(context, side, depth + 1));
  if (operator === '+' || operator === '%') {
    const text = sides.some((side) => /string/.test(bare(side).type)) || values.includes('built');
    return text ? builtOf(values) : worst(values);
  }
  return ['||', '??', '&&', 'or', 'and'].includes(operator) ? worst(values) : 'unknown';
}

function ofName(context: ValueContext, name: SyntaxNode, depth: number): Value {
  const values = context.scope.valuesOf(name);
  if (values.length > 0) return worst(values.map((value) => judgeValue(context, value, depth + 1)));
  for (
    let fn = functionAround(context.scope.dialect, name);
    fn;
    fn = functionAround(context.scope.dialect, fn)
  ) {
    if (context.sources.entry(fn).includes(name.text)) return 'tainted';
    if (parameterNames(fn).includes(name.text)) return 'unknown';
  }
  return 'unknown';
}

const formats =
  /^(?:format|join|concat|replace|replaceAll|strip|trim|encode|decode|lower|upper|toLowerCase|toUpperCase|toString|slice|substring|split|get|pop|format_map|read|json)$/;

function ofCall(context: ValueContext, call: SyntaxNode, depth: number): Value {
  if (context.sources.cleaners.test(context.scope.calleeOf(call))) return 'constant';
  const list = call.childForFieldName('arguments')?.namedChildren.filter((one) => one !== null) ?? [];
  const values = list.map((one) => judgeValue(context, one.childForFieldName('value') ?? one, depth + 1));
  if (context.sources.builders?.test(context.scope.calleeOf(call))) return builtOf(values);
  const object = objectOf(call.childForFieldName('function'));
  if (!object) return passedOn(worst(values));
  const of = judgeValue(context, object, depth + 1);
  const all = worst([of, ...values]);
  if (!formats.test(methodOf(call))) return passedOn(all);
  const isText = /string/.test(bare(object).type) || of === 'built' || of === 'constant';
  return isText ? builtOf([of, ...values]) : all;
}

function objectOf(callee: SyntaxNode | null): SyntaxNode | null {
  return callee?.childForFieldName('object') ?? callee?.childForFieldName('operand') ?? null;
}

/** What a function makes of a value is not known; that it came from outside is not forgotten. */
function passedOn(value: Value): Value {
  return value === 'tainted' || value === 'local' ? value : 'unknown';
}

function ofPart(context: ValueContext, node: SyntaxNode, depth: number): Value {
  const { members, subscripts } = context.scope.dialect;
  const field = members[node.type]?.[0] ?? subscripts[node.type] ?? '';
  const object = node.childForFieldName(field);
  const value = object ? judgeValue(context, object, depth + 1) : 'unknown';
  return value === 'built' ? 'unknown' : value;
}

/** Lists, objects, conditions: as bad as the worst part. */
function ofParts(context: ValueContext, node: SyntaxNode, depth: number): Value {
  const parts = node.type === 'pair' ? [node.childForFieldName('value')] : node.namedChildren;
  const judged = parts
    .filter((part) => part !== null && part.type !== 'comment')
    .map((part) => judgeValue(context, part as SyntaxNode, depth + 1));
  if (judged.length === 0) return /list|tuple|dict|set|array|object/.test(node.type) ? 'constant' : 'unknown';
  return worst(judged);
}
