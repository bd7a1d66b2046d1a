import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { bare, methodOf, objectOf, stringOf } from './dialect.ts';
import { judgeValue, type ValueContext } from './judge-value.ts';

/** A text in the order in which it is put together: what is written, and the expressions between. */
type Part = string | SyntaxNode;

const depthMax = 8;
const fixedHost = /^(?:\w+:)?\/\/[^/\s"'`?#]+[/?#]/;
const fixedPlace = /^\/(?![/\\])|^\.?\/?[\w-]+\/|^[?#]/;
/** `scheme://` with no host yet: the next part is the host. */
const hostNext = /^(?:\w+:)?\/\/[^/?#]*$/;

/** Where the request came to; a text that begins with it stays on this host. */
const ownAddress =
  /(?:^|\.)(?:req|request)\.(?:path|full_path|url|base_url|url_root|host_url|host|script_root|originalUrl|baseUrl|hostname|protocol|get_full_path\(\)|get_host\(\)|build_absolute_uri\(\))$|^(?:(?:window|document|self)\.)?location\.(?:origin|host|hostname|pathname|href|protocol)$|headers\.host$/;

/**
 * Whether a value from outside can only reach what stands behind the host of an address. `stays`: an address of this
 * very host does no harm, as when people are sent on.
 */
export function isFixedAddress(context: ValueContext, node: SyntaxNode, stays: boolean): boolean {
  let start = '';
  const parts = partsOf(context, node, 0);
  for (const part of parts) {
    if (typeof part === 'string') {
      start += part;
      if (fixedHost.test(start) || (stays && fixedPlace.test(start))) return true;
      continue;
    }
    const own = stays && start === '' && ownAddress.test(context.scope.qualified(part));
    if (own || judgeValue(context, part) === 'tainted') return own;
    // `${base}/users/${id}`: what decides the host did not come in with the request.
    if (start === '') return parts.length > 1;
    start += hostNext.test(start) ? 'host' : '';
  }
  return false;
}

function partsOf(context: ValueContext, node: SyntaxNode, depth: number): readonly Part[] {
  const at = bare(node);
  const { scope } = context;
  const text = stringOf(at);
  if (text !== undefined || depth > depthMax) return [text ?? at];
  if (at.type === 'identifier') {
    const [value, ...more] = scope.valuesOf(at);
    return value && more.length === 0 ? partsOf(context, value, depth + 1) : [at];
  }
  if (/string/.test(at.type)) return stringParts(context, at, depth);
  if (scope.dialect.joins.includes(at.type)) return joinedParts(context, at, depth);
  if (scope.dialect.calls.includes(at.type)) return callParts(context, at, depth);
  return [at];
}

/** The fragments and holes of a template. */
function stringParts(context: ValueContext, node: SyntaxNode, depth: number): readonly Part[] {
  return node.namedChildren.flatMap((child): readonly Part[] => {
    if (!child || /_(?:start|end)$/.test(child.type)) return [];
    if (!context.scope.dialect.interpolations.includes(child.type)) return [child.text];
    const [inner] = child.namedChildren;
    return inner ? partsOf(context, inner, depth + 1) : [];
  });
}

function joinedParts(context: ValueContext, node: SyntaxNode, depth: number): readonly Part[] {
  const [left, right] = [node.childForFieldName('left'), node.childForFieldName('right')];
  const operator = node.childForFieldName('operator')?.text;
  if (!left || !right || (operator !== '+' && operator !== '%')) return [node];
  const [first, second] = [left, right].map((side) => partsOf(context, side, depth + 1));
  if (operator === '+') return [...(first ?? []), ...(second ?? [])];
  const given = right.type === 'tuple' ? listed(right) : [right];
  return filled(context, { form: left, holes: /%[-+ #0-9.]*[a-zA-Z]/, given }, depth);
}

/** `"…{}…".format(a)` and `fmt.Sprintf("…%s…", a)`. */
function callParts(context: ValueContext, call: SyntaxNode, depth: number): readonly Part[] {
  const given = listed(call.childForFieldName('arguments'));
  const object = objectOf(call);
  if (object && methodOf(call) === 'format' && stringOf(object) !== undefined)
    return filled(context, { form: object, holes: /\{[^{}]*\}/, given }, depth);
  const [form, ...rest] = given;
  if (form && /^fmt\.\w*rint\w*$|^String\.format$/.test(context.scope.calleeOf(call)))
    return filled(context, { form, holes: /%[-+ #0-9.]*[a-zA-Z]/, given: rest }, depth);
  return [call];
}

interface Form {
  readonly form: SyntaxNode;
  readonly holes: RegExp;
  readonly given: readonly SyntaxNode[];
}

/** The written text with the values in its holes, in their order. */
function filled(context: ValueContext, { form, holes, given }: Form, depth: number): readonly Part[] {
  const texts = (context.scope.textOf(form) ?? '').split(holes);
  return texts.flatMap((text, index): readonly Part[] => {
    const value = given[index];
    const named = value?.childForFieldName('value') ?? value;
    return index < texts.length - 1 && named ? [text, ...partsOf(context, named, depth + 1)] : [text];
  });
}

function listed(node: SyntaxNode | null): readonly SyntaxNode[] {
  return (node?.namedChildren ?? []).filter(
    (one): one is SyntaxNode => one !== null && one.type !== 'comment',
  );
}
