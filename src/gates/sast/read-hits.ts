import type { Grammar, SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { argumentsOf, conditionsHold, partsOf } from './call-arguments.ts';
import { type Dialect, go, java, python, script, walk } from './dialect.ts';
import { fieldHits } from './field-hits.ts';
import { FileScope } from './file-scope.ts';
import type { Found } from './found.ts';
import { goFields, goSources } from './go-sources.ts';
import { isHarmless } from './guards.ts';
import { javaFields, javaSources } from './java-sources.ts';
import { judgeValue, reaches, type Sources, type ValueContext } from './judge-value.ts';
import { pythonFields, pythonSources } from './python-sources.ts';
import { goSinks } from './rules-go.ts';
import { javaSinks } from './rules-java.ts';
import { pythonSinks } from './rules-python.ts';
import { scriptSinks } from './rules-script.ts';
import type { Certainty, SastClass, SastHit } from './sast-class.ts';
import { scriptFields, scriptSources } from './script-sources.ts';
import type { FieldRule, SinkRule } from './sink-rule.ts';
import { textHits } from './text-hits.ts';
import { trustHits } from './trust-methods.ts';

interface RuleSet {
  readonly dialect: Dialect;
  readonly sources: Sources;
  readonly sinks: readonly SinkRule[];
  readonly fields: readonly FieldRule[];
}

const pythonRules: RuleSet = {
  dialect: python,
  sources: pythonSources,
  sinks: pythonSinks,
  fields: pythonFields,
};
const scriptRules: RuleSet = {
  dialect: script,
  sources: scriptSources,
  sinks: scriptSinks,
  fields: scriptFields,
};
const goRules: RuleSet = { dialect: go, sources: goSources, sinks: goSinks, fields: goFields };
const javaRules: RuleSet = { dialect: java, sources: javaSources, sinks: javaSinks, fields: javaFields };
const ruleSets: { readonly [G in Grammar]?: RuleSet } = {
  python: pythonRules,
  go: goRules,
  java: javaRules,
  javascript: scriptRules,
  typescript: scriptRules,
  tsx: scriptRules,
};

const hitsMax = 500;
const whatChars = 120;

/** Dangerous places of one text, by rules on calls, assignments and options. Empty for grammars without rules. */
export function readHits(root: SyntaxNode, grammar: Grammar): readonly SastHit[] {
  const rules = ruleSets[grammar];
  if (!rules) return [];
  const context: ValueContext = { scope: new FileScope(rules.dialect, root), sources: rules.sources };
  const hits: SastHit[] = [];
  for (const node of walk(root)) {
    for (const [rule, certainty] of hitsAt(rules, context, node)) hits.push(hitOf(rule, certainty, node));
    if (hits.length >= hitsMax) break;
  }
  return onceEach(hits);
}

function hitsAt(rules: RuleSet, context: ValueContext, node: SyntaxNode): Found {
  if (rules.dialect.calls.includes(node.type)) {
    const callee = context.scope.calleeOf(node);
    if (callee === '') return textHits(context, node);
    const found = rules.sinks
      .filter((rule) => rule.callee.test(callee))
      .flatMap((rule) => callHit(context, node, rule));
    return [...found, ...textHits(context, node)];
  }
  return [...fieldHits(rules.fields, context, node), ...textHits(context, node), ...trustHits(node)];
}

function callHit(context: ValueContext, call: SyntaxNode, rule: SinkRule): Found {
  const list = call.childForFieldName('arguments');
  if (!list || !conditionsHold(context.scope, list, rule)) return [];
  const judged = argumentsOf(list, rule)
    .flatMap((one) => partsOf(context.scope, one, rule))
    .filter((one) => !isHarmless(context, rule.rule, one))
    .map((one) => judgeValue(context, one));
  const found = judged.filter((value) => reaches(value, rule.least, rule.rule));
  if (rule.least === 'constant') return [[rule.rule, 'constant']];
  if (found.length === 0) return [];
  return [[rule.rule, found.includes('tainted') ? 'source' : 'dynamic']];
}

function hitOf(rule: SastClass, certainty: Certainty, node: SyntaxNode): SastHit {
  const what = node.text.replace(/\s+/g, ' ').slice(0, whatChars);
  return { rule, certainty, what, line: node.startPosition.row + 1, endLine: node.endPosition.row + 1 };
}

/** Several rules may see one place: the most certain of each class stays. */
function onceEach(hits: readonly SastHit[]): readonly SastHit[] {
  const rank: readonly Certainty[] = ['source', 'constant', 'dynamic'];
  const best = new Map<string, SastHit>();
  for (const hit of hits) {
    const key = `${hit.rule}:${hit.line}`;
    const known = best.get(key);
    if (!known || rank.indexOf(hit.certainty) < rank.indexOf(known.certainty)) best.set(key, hit);
  }
  return [...best.values()];
}
