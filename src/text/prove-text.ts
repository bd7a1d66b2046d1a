import { createHash } from 'node:crypto';
import type { TextProof } from '../domain/effect.ts';

/** GitHub refuses more. */
const charsMax = 65_536;

/** HTML that our own templates write; everything else is somebody's. */
const ownTags = /<\/?(?:details|summary|sub|sup|br|b)\s*\/?>|<!-- pullwright:[^>]*-->/gi;

/**
 * What acts on GitHub in a text outside of code, found by plain patterns and not by the parser that the output filter
 * uses: an error of the one is seen by the other.
 */
const acting: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'an image', pattern: /!\[[^\]]*\]\s*[([]/ },
  { what: 'raw HTML', pattern: /<(?:[a-z][a-z0-9-]*[\s/>]|!--)/i },
  { what: 'a command', pattern: /^\s{0,3}\/[a-z]/m },
  {
    what: 'an invisible character',
    pattern: /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u{e0000}-\u{e007f}]/u,
  },
];

/** Proof that a text which is about to be shown is inert; see `TextProof`. */
export function proveText(text: string): TextProof {
  const prose = withoutCode(text).replace(ownTags, '');
  const live = acting.filter(({ pattern }) => pattern.test(prose)).map(({ what }) => what);
  if (text.length > charsMax) live.push('too many characters');
  return { sha256: createHash('sha256').update(text).digest('hex'), chars: text.length, live };
}

/** Fenced blocks and inline code: what stands there is shown and does nothing. */
function withoutCode(text: string): string {
  const withoutBlocks = text.replace(
    /^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[`~]*\s*$|$(?![\s\S]))/gm,
    '',
  );
  // An escaped sign is taken with its backslash, or an escaped backquote would be taken for the start of code.
  return withoutBlocks.replace(/\\[!-/:-@[-`{-~]|(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
}
