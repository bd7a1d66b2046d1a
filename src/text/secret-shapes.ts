/** Shapes of credentials. Lengths are open-ended: installation tokens have about 520 characters since 2026. */
const tokens: readonly RegExp[] = [
  /gh[oprsu]_[A-Za-z0-9._-]{30,}/,
  /github_pat_[A-Za-z0-9_]{30,}/,
  /glpat-[A-Za-z0-9_-]{20,}/,
  /sk-ant-[A-Za-z0-9_-]{16,}/,
  /sk-(?:proj-|or-v1-|svcacct-)?[A-Za-z0-9_-]{24,}/,
  /AIza[A-Za-z0-9_-]{30,}/,
  /(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/,
  /xox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /xapp-\d-[A-Za-z0-9-]{10,}/,
  /https:\/\/hooks\.slack\.com\/services\/[A-Za-z0-9/_-]{20,}/,
  /npm_[A-Za-z0-9]{36,}/,
  /pypi-[A-Za-z0-9_-]{50,}/,
  /[rs]k_(?:live|test)_[A-Za-z0-9]{20,}/,
  /hf_[A-Za-z0-9]{30,}/,
  /SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/,
  /eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/,
];

/** Also behind an escaped line end: in JSON the letter of `\n` touches the first one of the token. */
const begins = String.raw`(?:\b|(?<=\\[nrt]))`;

export const tokenShapes: readonly RegExp[] = tokens.map(({ source }) => new RegExp(begins + source, 'g'));

/** The same without a beginning, each bounded, for a text whose separators were taken out. */
export const squeezedTokens: readonly RegExp[] = tokens.map(
  ({ source }) => new RegExp(source.replace(/\\b$/, '').replaceAll(',}', ',600}'), 'g'),
);

/** Shapes that hold blanks or whose beginning says little; they are looked for as they stand and when decoded. */
export const otherShapes: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,20000}?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,100}:[^\s/@]{3,300}@/gi,
];

/** A key without its blanks, as it looks once pieces are put together. */
export const squeezedKey =
  /-----BEGIN[A-Z0-9]{0,40}PRIVATEKEY(?:BLOCK)?-----[A-Za-z0-9/=]{0,20000}(?:-----END[A-Z0-9]{0,40}PRIVATEKEY(?:BLOCK)?-----)?/g;

/** Whether a text looks random enough to be a credential: words of a language mix neither digits nor cases. */
export function isDense(text: string): boolean {
  const count = (pattern: RegExp, charsMax: number): number =>
    text.slice(0, charsMax).match(pattern)?.length ?? 0;
  if (count(/\d/g, 30) >= 3) return true;
  return count(/\d/g, 40) >= 1 && count(/[a-z]/g, 40) >= 3 && count(/[A-Z]/g, 40) >= 3;
}
