import type { IntegrityProblem } from './integrity-problem.ts';
import type { OutlinedStatement } from './test-outline.ts';

const strong =
  /\b(?:toBe|toEqual|toStrictEqual|toHaveLength|toThrowErrorMatchingInlineSnapshot|strictEqual|deepEqual|deepStrictEqual|equal|eql|equals|is|same|assert(?:Equal|Equals|Is|List|Dict|Tuple|Set|Sequence|MultiLine|Count)\w*)\b|^assert\b.*\s(?:==|is)\s/;
const weak =
  /\b(?:toBeTruthy|toBeFalsy|toBeDefined|toBeUndefined|ok|not|notEqual|doesNotThrow|assertTrue|assertIsNotNone|assertIsNone|assertFalse|toHaveBeenCalled|assertNotEqual|isOk|exist)\b|\bany ?\(|\banything ?\(|^assert\b(?!.*\s(?:==|is|in)\s)/;
const constant =
  /^(?:assert (?:True|1|not False)|expect \( (true|false|null|1|"[^"]*") \) \. toBe\w* \( ?\1? ?\)|self \. assertTrue \( True|self \. assertEqual \( (\S+) , \2 \)|assert(?: \. ok)? \( true)/;

/** Regular expressions backtrack on length, and the text is the attacker's. */
const textCharsMax = 2_000;

/**
 * What became of a statement that is gone from a test: removed, loosened, or changed to another. Undefined where a weak
 * assertion became a strong one about the same thing.
 */
export function describeChange(
  gone: OutlinedStatement,
  added: readonly OutlinedStatement[],
  at: { readonly where: string; readonly line: number },
): IntegrityProblem | undefined {
  const replacement = closest(gone, added);
  const line = replacement?.line ?? at.line;
  const before = `\`${shown(gone)}\` (line ${gone.line} on base)`;
  if (!gone.isAssertion) {
    const after = replacement ? ` became \`${shown(replacement)}\`` : ' is gone';
    return { rule: 'edited-test', line, message: `in ${at.where} ${before}${after}` };
  }
  if (!replacement) {
    return { rule: 'removed-assertion', line, message: `in ${at.where} the assertion ${before} is gone` };
  }
  const change = strengthOf(replacement) - strengthOf(gone);
  if (change > 0 && subjectOf(gone) === subjectOf(replacement)) return undefined;
  const rule = change < 0 || isWiderTolerance(gone, replacement) ? 'loosened-assertion' : 'changed-assertion';
  return { rule, line, message: `in ${at.where} ${before} became \`${shown(replacement)}\`` };
}

function shown({ text }: OutlinedStatement): string {
  return text.replaceAll('`', "'").slice(0, 160);
}

/** The added statement of the same kind with the longest common beginning; none when they share nothing. */
function closest(
  gone: OutlinedStatement,
  added: readonly OutlinedStatement[],
): OutlinedStatement | undefined {
  let best: OutlinedStatement | undefined;
  let length = 3;
  for (const candidate of added) {
    if (candidate.isAssertion !== gone.isAssertion) continue;
    const common = commonLength(candidate.text, gone.text);
    if (common > length) [best, length] = [candidate, common];
  }
  return best;
}

function commonLength(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  return at;
}

/** 0 for an assertion of constants, 1 for one that many values satisfy, 3 for equality, 2 for the others. */
function strengthOf({ text }: OutlinedStatement): number {
  const words = text.slice(0, textCharsMax);
  if (constant.test(words)) return 0;
  if (weak.test(words)) return 1;
  return strong.test(words) ? 3 : 2;
}

/** What an assertion is about: the argument of `expect`, or the first one of an `assert` function. */
function subjectOf({ text: whole }: OutlinedStatement): string {
  const text = whole.slice(0, textCharsMax);
  const expected = /^(?:await )?expect \( (.*?) \)(?: \. (?:resolves|rejects|not))* \. \w+/.exec(text)?.[1];
  const asserted = /\bassert\w*(?: \. \w+)? \( (.*?)(?: ,|\)$)/.exec(text)?.[1];
  return expected ?? asserted ?? text;
}

/** The same assertion with a larger delta or fewer places. */
function isWiderTolerance(gone: OutlinedStatement, now: OutlinedStatement): boolean {
  const numbers = ({ text }: OutlinedStatement): readonly number[] =>
    [...text.slice(0, textCharsMax).matchAll(/-?\d+(?:\.\d+)?(?:e-?\d+)?/gi)].map(Number);
  if (!/toBeCloseTo|assertAlmostEqual|approx|isclose|delta|tolerance|places|rtol|atol/.test(now.text))
    return false;
  const [before, after] = [numbers(gone).at(-1) ?? 0, numbers(now).at(-1) ?? 0];
  const byPlaces = /toBeCloseTo|places|assertAlmostEqual/.test(now.text) && !/delta/.test(now.text);
  return byPlaces ? after < before : after > before;
}
