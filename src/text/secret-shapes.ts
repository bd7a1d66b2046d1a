/** Shapes of credentials. Lengths are open-ended: installation tokens have about 520 characters since 2026. */
export const tokenShapes: readonly RegExp[] = [
  /\bgh[oprsu]_[A-Za-z0-9._-]{30,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{30,}/g,
  /\bglpat-[A-Za-z0-9_-]{20,}/g,
  /\bsk-ant-[A-Za-z0-9_-]{16,}/g,
  /\bsk-(?:proj-|or-v1-|svcacct-)?[A-Za-z0-9_-]{24,}/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\bxapp-\d-[A-Za-z0-9-]{10,}/g,
  /https:\/\/hooks\.slack\.com\/services\/[A-Za-z0-9/_-]{20,}/g,
  /\bnpm_[A-Za-z0-9]{36,}/g,
  /\bpypi-[A-Za-z0-9_-]{50,}/g,
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,}/g,
  /\bhf_[A-Za-z0-9]{30,}/g,
  /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
];

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
