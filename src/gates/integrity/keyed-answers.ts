import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { type Answer, answersIn, plainQuotes } from './answers-in-code.ts';
import type { IntegrityProblem } from './integrity-problem.ts';
import type { TestOutline } from './test-outline.ts';

/** What a test feeds and what it expects, both as written. */
export interface TestCasePair {
  readonly input: string;
  readonly expected: string;
}

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
      const value = (word: string): string => plainQuotes(variables.get(word) ?? word);
      pairs.push({ input: value((found[1] ?? '').trim()), expected: value((found[2] ?? '').trim()) });
    }
    return pairs;
  });
}

/** Answers of tests written into the code: a literal input beside the literal that a test expects for it. */
export function keyedAnswers(
  root: SyntaxNode,
  addedLines: ReadonlySet<number>,
  pairs: readonly TestCasePair[],
): readonly IntegrityProblem[] {
  if (pairs.length === 0) return [];
  const byPlace = Map.groupBy(answersIn(root).slice(0, answersMax), ({ place }) => place);
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
