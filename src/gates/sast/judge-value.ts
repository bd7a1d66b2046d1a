import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { cleansByName, looksUpByName } from './call-names.ts';
import { bare, type Dialect, functionAround, methodOf, objectOf, stringOf, walk } from './dialect.ts';
import { type FileScope, parameterNames } from './file-scope.ts';
import type { SastClass } from './sast-class.ts';

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

/** Attacks on people and on a server's network: whoever starts the program gains nothing by them. */
const remoteOnly: readonly SastClass[] = ['xss', 'ssrf', 'open-redirect'];

/** From `least` on; what asks for a value from outside takes one from the command line too, where that can do harm. */
export function reaches(value: Value, least: Value, rule: SastClass): boolean {
  const asked = least === 'tainted' && !remoteOnly.includes(rule) ? 'local' : least;
  return order.indexOf(value) >= order.indexOf(asked);
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
  if (/^(?:template_|concatenated_)?string$|string_literal$/.test(at.type))
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
  if (answers.has(node.type) || isNegated(node)) return 'constant';
  if (choices.has(node.type))
    return worst(branchesOf(node).map((one) => judgeValue(context, one, depth + 1)));
  return ofParts(context, node, depth);
}

/** Comparisons: the answer holds nothing of what was compared. */
const answers = new Set([
  'comparison_operator',
  'not_operator',
  'update_expression',
  'instanceof_expression',
]);
const choices = new Set(['ternary_expression', 'conditional_expression']);

/** `!x`, `+x`, `typeof x`. */
function isNegated(node: SyntaxNode): boolean {
  return node.type === 'unary_expression' && /^(?:[!+~-]|typeof|void)/.test(node.text);
}

/** What a choice may give; what it asks is none of it. */
function branchesOf(node: SyntaxNode): readonly SyntaxNode[] {
  const named = [node.childForFieldName('consequence'), node.childForFieldName('alternative')];
  const all = named[0] ? named : [node.namedChildren[0], node.namedChildren[2]];
  return all.filter((one): one is SyntaxNode => one !== null && one !== undefined);
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
  if (operator === '%' && takesOnlyNumbers(sides[0])) return 'constant';
  const values = sides.map((side) => judgeValue(context, side, depth + 1));
  if (operator === '+' || operator === '%') {
    const text = sides.some((side) => /string/.test(bare(side).type)) || values.includes('built');
    return text ? builtOf(values) : worst(values);
  }
  return ['||', '??', '&&', 'or', 'and'].includes(operator) ? worst(values) : 'unknown';
}

/** `"id = %d" % n`. */
function takesOnlyNumbers(text: SyntaxNode | undefined): boolean {
  const holes = stringOf(text)?.match(/%(?!%)[-+ #0-9.]*[a-zA-Z(]/g) ?? [];
  return holes.length > 0 && holes.every((hole) => /[dioxXeEfFgGc]$/.test(hole));
}

function ofName(context: ValueContext, name: SyntaxNode, depth: number): Value {
  if (context.scope.isNumber(name)) return 'constant';
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

/** Of written texts they make a text that is written as well. */
const textual =
  /^(?:textwrap\.)?(?:dedent|indent)$|^(?:str|repr|bytes|String|Buffer\.from)$|^(?:os\.)?path(?:\.posix)?\.(?:join|resolve|normpath|abspath)$/;

function ofCall(context: ValueContext, call: SyntaxNode, depth: number): Value {
  const callee = context.scope.calleeOf(call);
  const { cleaners, builders } = context.sources;
  if (cleaners.test(callee) || cleansByName(callee)) return 'constant';
  const list = call.childForFieldName('arguments')?.namedChildren.filter((one) => one !== null) ?? [];
  const values = list.map((one) => judgeValue(context, one.childForFieldName('value') ?? one, depth + 1));
  if (builders?.test(callee)) return builtOf(values);
  if (textual.test(callee) && isAllWritten(values)) return 'constant';
  const object = objectOf(call);
  if (!object) return passedOn(worst(values));
  const of = judgeValue(context, object, depth + 1);
  if (looksUpByName(callee) && !comesFromOutside(of)) return 'unknown';
  return ofMethod(call, object, [of, ...values]);
}

function isAllWritten(values: readonly Value[]): boolean {
  return values.length > 0 && values.every((value) => value === 'constant');
}

/** `values`: of the object and of what its method is given. */
function ofMethod(call: SyntaxNode, object: SyntaxNode, values: readonly Value[]): Value {
  if (!formats.test(methodOf(call))) return passedOn(worst(values));
  const isText = /string/.test(bare(object).type) || values[0] === 'built' || values[0] === 'constant';
  return isText ? builtOf(values) : worst(values);
}

/** What a function makes of a value is not known; that it came from outside is not forgotten. */
function passedOn(value: Value): Value {
  return comesFromOutside(value) ? value : 'unknown';
}

function comesFromOutside(value: Value): boolean {
  return value === 'tainted' || value === 'local';
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
