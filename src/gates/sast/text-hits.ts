import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { type Dialect, methodOf } from './dialect.ts';
import type { Found } from './found.ts';
import { isHarmless } from './guards.ts';
import { judgeValue, reaches, type ValueContext } from './judge-value.ts';
import { textRules } from './rules-text.ts';

/** The outermost expression that puts a text together. */
export function textHits(context: ValueContext, node: SyntaxNode): Found {
  const { dialect } = context.scope;
  if (!putsTogether(dialect, node) || isWithin(dialect, node) || isTold(context, node)) return [];
  const matching = textRules.filter(({ is }) => is.test(node.text.slice(0, 2_000)));
  const value = matching.length === 0 ? 'constant' : judgeValue(context, node);
  return matching
    .filter(({ rule }) => reaches(value, 'tainted', rule) && !isHarmless(context, rule, node))
    .map(({ rule }) => [rule, value === 'tainted' ? 'source' : 'dynamic'] as const);
}

const telling =
  /^(?:console|log(?:ger|ging)?|\w*[lL]ogger|app\.logger|current_app\.logger|winston|self\.log(?:ger)?|this\.log(?:ger)?|req(?:uest)?\.log)\.\w+$|^(?:print|\w*Error|\w*Exception|\w*Warning|warnings\.warn)$/;

/** What is logged or thrown is read by people: no query, no page, no address. */
function isTold({ scope }: ValueContext, node: SyntaxNode): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (scope.dialect.calls.includes(at.type)) return telling.test(scope.calleeOf(at));
    if (/statement$|declarator$|assignment/.test(at.type)) return false;
  }
  return false;
}

function putsTogether(dialect: Dialect, node: SyntaxNode): boolean {
  if (/^(?:template_)?string$/.test(node.type)) {
    return node.namedChildren.some((child) => dialect.interpolations.includes(child?.type ?? ''));
  }
  if (dialect.joins.includes(node.type)) return isJoin(node);
  return dialect.calls.includes(node.type) && /^(?:format|concat)$/.test(methodOf(node));
}

function isJoin(node: SyntaxNode): boolean {
  return ['+', '%'].includes(node.childForFieldName('operator')?.text ?? '');
}

function isWithin(dialect: Dialect, node: SyntaxNode): boolean {
  const parent = node.parent?.type === 'parenthesized_expression' ? node.parent.parent : node.parent;
  return parent !== null && dialect.joins.includes(parent.type) && putsTogether(dialect, parent);
}
