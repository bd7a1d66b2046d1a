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

/** Without a shell a written text is a program's name, and of a list only the program matters, or what a shell is told. */
export function partsOf(node: SyntaxNode, { shape }: SinkRule): readonly SyntaxNode[] {
  if (shape !== 'command') return [node];
  const at = bare(node);
  if (!/^(?:list|tuple|array)$/.test(at.type)) return /string|operator|^call$/.test(at.type) ? [] : [at];
  const [program, ...rest] = at.namedChildren.filter((one): one is SyntaxNode => one !== null);
  const shell = /^(?:.*\/)?(?:ba|da|z|k)?sh$|^cmd(?:\.exe)?$|^python\d?$|^perl$/.test(
    stringOf(program) ?? '',
  );
  const told = shell && /^(?:-\w*c|\/c|-e)$/i.test(stringOf(rest[0]) ?? '');
  return told ? rest.slice(1) : program ? [program] : [];
}

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
