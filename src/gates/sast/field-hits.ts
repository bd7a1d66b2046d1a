import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { keyOf } from './call-arguments.ts';
import { bare, type Dialect } from './dialect.ts';
import type { Found } from './found.ts';
import { isHarmless } from './guards.ts';
import { judgeValue, reaches, type ValueContext } from './judge-value.ts';
import type { FieldRule } from './sink-rule.ts';

/** Assignments, options and attributes whose name is dangerous with such a value. */
export function fieldHits(fields: readonly FieldRule[], context: ValueContext, node: SyntaxNode): Found {
  const place = fieldPlace(context.scope.dialect, node);
  if (!place) return [];
  const { name, value, where } = place;
  const matching = fields.filter(
    (rule) => (rule.where === where || rule.where === 'both') && rule.name.test(name),
  );
  return matching.flatMap(({ rule, is, least, soft }): Found => {
    if (is) return is.test(bare(value).text) ? [[rule, soft ? 'dynamic' : 'constant']] : [];
    const judged = judgeValue(context, value);
    if (!reaches(judged, least ?? 'unknown', rule)) return [];
    if (isHarmless(context, rule, value)) return [];
    return [[rule, judged === 'tainted' ? 'source' : 'dynamic']];
  });
}

interface Place {
  readonly name: string;
  readonly value: SyntaxNode;
  readonly where: 'assignment' | 'option';
}

const options = new Set(['pair', 'keyword_argument', 'jsx_attribute', 'keyed_element']);

function fieldPlace(dialect: Dialect, node: SyntaxNode): Place | undefined {
  const fields = dialect.assignments[node.type];
  if (!fields) return options.has(node.type) ? optionPlace(node) : undefined;
  const [target, value] = [node.childForFieldName(fields[0]), node.childForFieldName(fields[1])];
  return target && value ? { name: target.text, value, where: 'assignment' } : undefined;
}

function optionPlace(node: SyntaxNode): Place | undefined {
  const value = node.childForFieldName('value') ?? node.namedChildren[1];
  const name = node.childForFieldName('name') ?? node.namedChildren[0];
  if (!value || !name) return undefined;
  return { name: node.type === 'pair' ? keyOf(node) : name.text, value, where: 'option' };
}
