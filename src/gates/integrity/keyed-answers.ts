import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import type { IntegrityProblem } from './integrity-problem.ts';
import { lineOf, type TestOutline, wordsOf } from './test-outline.ts';

/** What a test feeds and what it expects, both as written. */
export interface TestCasePair {
  readonly input: string;
  readonly expected: string;
}

const literalTypes = new Set([
  'string',
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
const hitsMin = 2;
const textCharsMax = 1_000;
const answersMax = 1_000;
const pairsMax = 5_000;
/** Of the answers in one place at least this share has to be of tests: a real table knows more than the tests ask. */
const shareMin = 0.8;

/** Input and expectation of every assertion that has both as literals, directly or by a variable of the test. */
export function pairsOf(outline: TestOutline): readonly TestCasePair[] {
  return outline.tests.flatMap(({ statements }) => {
    const variables = new Map<string, string>();
    const pairs: TestCasePair[] = [];
    for (const { text } of statements) {
      // Longer ones are no literal that anybody would copy, and what backtracks does so on length.
      if (text.length > textCharsMax) continue;
      const assigned = /^(?:(?:const|let|var) )?([A-Za-z_$][\w$]*) = (.+)$/.exec(text);
      if (assigned) variables.set(assigned[1] ?? '', assigned[2] ?? '');
      const found =
        /expect \( (?:await )?[\w$. ]+? \( (.*) \) \) (?:\. resolves )?\. to\w+ \( (.*) \)$/.exec(text) ??
        /assert\w*(?: \. \w+)? \( (?:await )?[\w$. ]+? \( (.*) \) , (.*?) \)$/.exec(text) ??
        /^assert [\w$. ]+? \( (.*) \) == (.*)$/.exec(text);
      if (!found) continue;
      const value = (word: string): string => variables.get(word) ?? word;
      pairs.push({ input: value((found[1] ?? '').trim()), expected: value((found[2] ?? '').trim()) });
    }
    return pairs;
  });
}

interface Answer {
  readonly key: string;
  readonly value: string;
  readonly line: number;
  /** The table, switch or function that holds it. */
  readonly place: number;
}

/** Answers of tests written into the code: a literal input beside the literal that a test expects for it. */
export function keyedAnswers(
  root: SyntaxNode,
  addedLines: ReadonlySet<number>,
  pairs: readonly TestCasePair[],
): readonly IntegrityProblem[] {
  if (pairs.length === 0) return [];
  const answers: Answer[] = [];
  collect(root, root.id, answers);
  const byPlace = Map.groupBy(answers.slice(0, answersMax), ({ place }) => place);
  return [...byPlace.values()].flatMap((group) => judgePlace(group, addedLines, pairs.slice(0, pairsMax)));
}

function judgePlace(
  group: readonly Answer[],
  addedLines: ReadonlySet<number>,
  pairs: readonly TestCasePair[],
): readonly IntegrityProblem[] {
  const hits = group.filter(
    ({ key, value }) => isTelling(key) && pairs.some((pair) => matches(pair, key, value)),
  );
  if (hits.length < hitsMin || hits.length / group.length < shareMin) return [];
  return hits
    .filter(({ line }) => addedLines.has(line))
    .map(({ key, value, line }) => ({
      rule: 'special-cased',
      line,
      message: `the code holds the answer of a test: \`${key.slice(0, 60)}\` gives \`${value.slice(0, 60)}\``,
    }));
}

function matches(pair: TestCasePair, key: string, value: string): boolean {
  return pair.expected === value && (pair.input === key || pair.input.split(' , ').includes(key));
}

/** Small numbers and letters are keys of honest tables too. */
function isTelling(key: string): boolean {
  return key.replaceAll(/["'\s]/g, '').length >= 2;
}

function collect(node: SyntaxNode, place: number, answers: Answer[]): void {
  const own = /^(?:object|dictionary|switch_body|function\w*|method_definition|arrow_function)$/.test(
    node.type,
  )
    ? node.id
    : place;
  const found = answerOf(node);
  if (found) answers.push({ ...found, line: lineOf(node), place: own });
  for (const child of node.namedChildren) if (child) collect(child, own, answers);
}

function answerOf(node: SyntaxNode): { readonly key: string; readonly value: string } | undefined {
  switch (node.type) {
    case 'pair':
      return keyed(node.childForFieldName('key'), node.childForFieldName('value'));
    case 'if_statement':
      return keyed(
        comparedLiteral(node.childForFieldName('condition')),
        returned(node.childForFieldName('consequence')),
      );
    case 'ternary_expression':
      return keyed(
        comparedLiteral(node.childForFieldName('condition')),
        node.childForFieldName('consequence'),
      );
    case 'switch_case':
      return keyed(node.childForFieldName('value'), returned(node));
    case 'case_clause':
      return keyed(node.namedChildren[0]?.namedChildren[0], returned(node.childForFieldName('consequence')));
    default:
      return undefined;
  }
}

function keyed(key: SyntaxNode | null | undefined, value: SyntaxNode | null | undefined) {
  if (!key || !value || !literalTypes.has(value.type)) return undefined;
  if (!literalTypes.has(key.type) && key.type !== 'property_identifier') return undefined;
  return { key: key.type === 'property_identifier' ? `"${key.text}"` : wordsOf(key), value: wordsOf(value) };
}

/** The literal of `x === literal`, also with `JSON.stringify(x) === literal`. */
function comparedLiteral(condition: SyntaxNode | null | undefined): SyntaxNode | undefined {
  if (!condition) return undefined;
  const inner = condition.type === 'parenthesized_expression' ? condition.namedChildren[0] : condition;
  if (!inner || !/^(?:binary_expression|comparison_operator|boolean_operator)$/.test(inner.type))
    return undefined;
  if (inner.type === 'boolean_operator' || /&&/.test(inner.childForFieldName('operator')?.text ?? '')) {
    return comparedLiteral(inner.namedChildren[0]);
  }
  if (!/(?:^|[^!<>=])===?(?:[^=]|$)/.test(inner.text)) return undefined;
  return inner.namedChildren.find((child) => child !== null && literalTypes.has(child.type)) ?? undefined;
}

function returned(block: SyntaxNode | null | undefined): SyntaxNode | undefined {
  const statement =
    block?.type === 'return_statement'
      ? block
      : block?.namedChildren.find((child) => child?.type === 'return_statement');
  return statement?.namedChildren[0] ?? undefined;
}
