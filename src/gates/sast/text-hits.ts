import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { type Dialect, methodOf } from './dialect.ts';
import type { Found } from './found.ts';
import { isHarmless } from './guards.ts';
import { judgeValue, reaches, type ValueContext } from './judge-value.ts';
import { textRules } from './rules-text.ts';

/** The outermost expression that puts a text together. */
export function textHits(context: ValueContext, node: SyntaxNode): Found {
  const { dialect } = context.scope;
  if (!putsTogether(dialect, node) || isWithin(dialect, node)) return [];
  const matching = textRules.filter(({ is }) => is.test(node.text.slice(0, 2_000)));
  const value = matching.length === 0 ? 'constant' : judgeValue(context, node);
  if (!reaches(value, 'tainted')) return [];
  return matching
    .filter(({ rule }) => !isHarmless(context.scope, rule, node))
    .map(({ rule }) => [rule, value === 'tainted' ? 'source' : 'dynamic'] as const);
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
