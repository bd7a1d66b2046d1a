import { mirroredSecrets, type Span } from './mirrored-secrets.ts';
import { otherShapes, tokenShapes } from './secret-shapes.ts';
import { splitSecrets } from './split-secrets.ts';

/** `a://:abc@`. Hostile text can hold thousands of code spans of two letters, each of which comes here. */
const shortest = 9;
const replacement = '(redacted)';
const shapes: readonly RegExp[] = [...tokenShapes, ...otherShapes];

/**
 * Replaces what looks like a credential, in plain and in the encodings that need no key to undo: base64, base64url,
 * hexadecimal, percent-encoding, escapes and character references, reversed, turned by 13 letters, cut into pieces.
 * A last net: no secret is within reach of what writes these texts.
 */
export function redactSecrets(text: string): { readonly text: string; readonly redacted: number } {
  if (text.length < shortest) return { text, redacted: 0 };
  let redacted = 0;
  const hide = (): string => {
    redacted += 1;
    return replacement;
  };
  let clean = text;
  for (const shape of shapes) clean = clean.replace(shape, hide);
  for (const { encoded, decode } of encodings) {
    clean = clean.replace(encoded, (run) => (looksSecret(decode(run)) ? hide() : run));
  }
  for (const find of [mirroredSecrets, splitSecrets]) clean = replaceSpans(clean, find(clean), hide);
  return { text: clean, redacted };
}

function replaceSpans(text: string, spans: readonly Span[], hide: () => string): string {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of spans.toSorted((one, other) => one.start - other.start)) {
    if (start >= at) parts.push(text.slice(at, start), hide());
    at = Math.max(at, end);
  }
  return [...parts, text.slice(at)].join('');
}

const encodings: readonly { readonly encoded: RegExp; readonly decode: (run: string) => string }[] = [
  { encoded: /(?:[0-9a-f]{2}[ :]?){19,}[0-9a-f]{2}/gi, decode: fromHex },
  { encoded: /(?:[A-Za-z0-9._~-]{0,40}%[0-9a-f]{2}){4,}[A-Za-z0-9._~-]{0,600}/gi, decode: fromPercent },
  {
    encoded:
      /(?:[\w.+/=-]{0,40}(?:\\u\{?[0-9a-f]{2,6}\}?|\\x[0-9a-f]{2}|&#x[0-9a-f]{2,6};|&#\d{2,7};)){4,}[\w.+/=-]{0,600}/gi,
    decode: fromEscapes,
  },
  { encoded: /[A-Za-z0-9+/_-]{24,}(?:\n[A-Za-z0-9+/_-]{24,}){0,200}={0,2}/g, decode: fromBase64 },
];

function looksSecret(text: string): boolean {
  return shapes.some((shape) => text.search(shape) >= 0);
}

function fromHex(run: string): string {
  return Buffer.from(run.replace(/[ :]/g, ''), 'hex').toString('latin1');
}

function fromPercent(run: string): string {
  return run.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function fromEscapes(run: string): string {
  const fromHexPoint = (_: string, hex: string): string => pointOf(Number.parseInt(hex, 16));
  return run
    .replace(/\\u([0-9a-f]{4})/gi, fromHexPoint)
    .replace(/\\x([0-9a-f]{2})/gi, fromHexPoint)
    .replace(/(?:\\u\{|&#x)([0-9a-f]{2,6})[};]/gi, fromHexPoint)
    .replace(/&#(\d{2,7});/g, (_, decimal: string) => pointOf(Number.parseInt(decimal, 10)));
}

function pointOf(point: number): string {
  return point <= 0x10ffff ? String.fromCodePoint(point) : '';
}

/** Both decodings of a run whose beginning may be off by one to three characters. */
function fromBase64(run: string): string {
  const packed = run.replace(/\s/g, '');
  return [0, 1, 2, 3].map((skip) => Buffer.from(packed.slice(skip), 'base64').toString('latin1')).join('\n');
}
