import type { Claim } from './claim.ts';

const charactersMax = 20_000;
const claimsMax = 60;

/** Words that make a sentence a wish, a condition or a denial. */
const hedged =
  /\b(?:should|would|could|might|may|please|todo|not|n't|never|cannot|if|unless|until|will|expect(?:ed)? to|hopefully|need(?:s|ed)? to|try|tried)\b/i;
const file =
  /`([^`\s]+\.[A-Za-z0-9]{1,6})`|(?<![\w/.-])((?:[\w.-]+\/)+[\w.-]+\.[A-Za-z]{1,5}|[\w-]+\.(?:[cm]?[jt]sx?|py|go|rs|java|rb|php|cs|c|h|cpp|md|json|ya?ml|toml))(?![\w/])/g;
const changeVerb =
  /\b(?:chang|updat|modif|edit|add|creat|remov|delet|renam|rewr|refactor|fix|adjust|extend|patch|touch|implement|introduc|replac)\w*\b/i;

type Rule = readonly [kind: Claim['kind'], pattern: RegExp, value?: number];

const rules: readonly Rule[] = [
  [
    'test-count',
    /\b(?:all\s+)?(\d{1,6})\s+(?:\w+\s+)?tests?\s+(?:now\s+)?(?:pass|passed|passing|are\s+green|succeed)/i,
    1,
  ],
  ['test-count', /\b(\d{1,6})\s+passed\b/i, 1],
  [
    'tests-pass',
    /\btests?(?:\s+suite)?\b[^.]{0,40}?\b(?:now\s+)?(?:pass(?:es|ing|ed)?|green|succeed(?:s|ed)?)\b|\b(?:passing|green)\s+(?:tests?|suite)\b/i,
  ],
  [
    'test-added',
    /\b(?:add|wrote|written|creat|includ|introduc|cover)\w*\b[^.]{0,60}\b(?:unit |regression |new |failing |more )*tests?(?:\s+cases?)?\b|\bnew\s+(?:unit\s+|regression\s+)?tests?\b/i,
  ],
  [
    'reproduced',
    /\breproduc(?:ed|es|ing)\b|\bconfirmed\s+(?:the\s+)?(?:bug|issue|failure)\b|\bfail(?:s|ed)?\s+(?:before|without)\b/i,
  ],
  [
    'checks-clean',
    /\b(?:lint(?:er|ing)?|eslint|ruff|biome|type[- ]?check(?:s|er|ing)?|tsc|mypy|clippy)\b[^.]{0,40}\b(?:pass(?:es|ed)?|clean|green|no\s+(?:errors|warnings|issues))\b/i,
  ],
  [
    'coverage',
    /\bcoverage\b[^.%]{0,40}?(\d{1,3}(?:\.\d+)?)\s*(?:%|percent)|(\d{1,3}(?:\.\d+)?)\s*(?:%|percent)\s+(?:line\s+|test\s+)?coverage/i,
    1,
  ],
  [
    'measured',
    /\b(\d+(?:\.\d+)?)\s*(?:x|times|%|percent|ms|seconds?)\b[^.]{0,20}\b(?:faster|slower|quicker|speed-?up|improvement|less memory|smaller)\b/i,
    1,
  ],
];

/** What the summary asserts, sentence by sentence. Wishes, conditions and denials assert nothing. */
export function extractClaims(summary: string): readonly Claim[] {
  const claims: Claim[] = [];
  for (const text of sentencesOf(summary.slice(0, charactersMax))) {
    if (hedged.test(text)) continue;
    claims.push(...claimsOf(text));
  }
  return claims.slice(0, claimsMax);
}

/** A sentence ends with a mark and white space, or with its line; a dot within a file's name does not end it. */
function sentencesOf(text: string): readonly string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, '').trim())
    .filter((sentence) => sentence !== '');
}

function claimsOf(text: string): readonly Claim[] {
  const claims: Claim[] = [];
  for (const [kind, pattern, group] of rules) {
    const found = pattern.exec(text);
    if (
      !found ||
      claims.some((claim) => claim.kind === kind || (kind === 'tests-pass' && claim.kind === 'test-count'))
    )
      continue;
    const value = group === undefined ? '' : (found[group] ?? found[group + 1] ?? '');
    claims.push({ text, kind, value });
  }
  if (changeVerb.test(text)) {
    for (const found of text.matchAll(file))
      claims.push({ text, kind: 'file-changed', value: found[1] ?? found[2] ?? '' });
  }
  return claims;
}
