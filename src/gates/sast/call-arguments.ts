import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { bare, stringOf } from './dialect.ts';
import type { FileScope } from './file-scope.ts';
import type { SinkRule } from './sink-rule.ts';

/** Whether option, absence and written text are as the rule wants them. */
export function conditionsHold(scope: FileScope, list: SyntaxNode, rule: SinkRule): boolean {
  const { option, unless, text } = rule;
  if (unless !== undefined && isThere(list, unless)) return false;
  if (option && !option.is.test(namedValue(list, option.name)?.text ?? '')) return false;
  if (!text) return true;
  const value = scope.textOf(positional(list)[text.arg]);
  return value !== undefined && text.is.test(value);
}

function isThere(list: SyntaxNode, what: string | RegExp): boolean {
  return what instanceof RegExp ? what.test(list.text) : namedValue(list, what) !== undefined;
}

function positional(list: SyntaxNode): readonly SyntaxNode[] {
  return list.namedChildren.filter(
    (one): one is SyntaxNode => one !== null && one.type !== 'comment' && one.type !== 'keyword_argument',
  );
}

/** What of an argument the rule looks at. */
export function partsOf(scope: FileScope, node: SyntaxNode, { shape }: SinkRule): readonly SyntaxNode[] {
  if (shape === undefined) return [node];
  const origin = originOf(scope, node);
  const isObject = /^(?:object|dictionary)$/.test(origin.type);
  if (shape === 'answer') return isObject ? [] : [node];
  if (shape === 'address') return isObject ? addressesIn(origin) : [node];
  if (shape === 'command-line' && !list.test(origin.type)) return [node];
  return commandsIn(origin, bare(node));
}

/** The expression, or the one value that its name was given; of an array of Java what stands in it. */
function originOf(scope: FileScope, node: SyntaxNode): SyntaxNode {
  const at = bare(node);
  const given = at.type === 'identifier' ? scope.valuesOf(at) : [];
  const origin = given.length === 1 && given[0] ? bare(given[0]) : at;
  const items = origin.type === 'array_creation_expression' ? origin.childForFieldName('value') : null;
  return items ?? origin;
}

const list = /^(?:list|tuple|array|array_initializer)$/;

/** Without a shell a written text is a program's name, and of a list only the program matters, or what a shell is told. */
function commandsIn(origin: SyntaxNode, at: SyntaxNode): readonly SyntaxNode[] {
  if (!list.test(origin.type)) return /string|operator|^call$/.test(at.type) ? [] : [at];
  const [program, ...rest] = origin.namedChildren.filter((one): one is SyntaxNode => one !== null);
  const shell = /^(?:.*\/)?(?:ba|da|z|k)?sh$|^cmd(?:\.exe)?$|^python\d?$|^perl$/.test(
    stringOf(program) ?? '',
  );
  const told = shell && /^(?:-\w*c|\/c|-e)$/i.test(stringOf(rest[0]) ?? '');
  return told ? rest.slice(1) : program ? [program] : [];
}

/** `{ url, headers, body }`: only the first says where it goes. */
function addressesIn(object: SyntaxNode): readonly SyntaxNode[] {
  return object.namedChildren.flatMap((one): readonly SyntaxNode[] => {
    if (one?.type === 'shorthand_property_identifier') return address.test(one.text) ? [one] : [];
    const value = one?.childForFieldName('value');
    return one && value && address.test(keyOf(one)) ? [value] : [];
  });
}

const address = /^(?:url|uri|href|host|hostname|base_?url|origin)$/i;

/** The arguments that the rule looks at. */
export function argumentsOf(list: SyntaxNode, { args, keyword }: SinkRule): readonly SyntaxNode[] {
  const all = positional(list);
  const chosen = args === undefined ? all : args.flatMap((index) => all[index] ?? []);
  const named = keyword === undefined ? undefined : namedValue(list, keyword);
  const rest =
    args === undefined
      ? list.namedChildren.flatMap((one) =>
          one?.type === 'keyword_argument' ? (one.childForFieldName('value') ?? []) : [],
        )
      : [];
  return [...chosen, ...(named ? [named] : []), ...rest];
}

/** A keyword argument, a property of an object among the arguments, or `#n` for a position. */
function namedValue(list: SyntaxNode, name: string): SyntaxNode | undefined {
  if (name.startsWith('#')) return positional(list)[Number(name.slice(1))];
  const pairs = list.namedChildren.flatMap((one) => (one?.type === 'object' ? one.namedChildren : [one]));
  const found = pairs.find((one) => one && nameOf(one) === name);
  return found?.childForFieldName('value') ?? undefined;
}

function nameOf(node: SyntaxNode): string | undefined {
  if (node.type === 'keyword_argument') return node.childForFieldName('name')?.text;
  return node.type === 'pair' ? keyOf(node) : undefined;
}

/** The name of a property, without quotes. */
export function keyOf(pair: SyntaxNode): string {
  return (pair.childForFieldName('key')?.text ?? '').replace(/^["']|["']$/g, '');
}
