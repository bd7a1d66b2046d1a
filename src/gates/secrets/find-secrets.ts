import type { AddedBlock, ScanHit } from '../scan-message.ts';
import { findAssigned, isHarmlessPlace } from './assigned-secrets.ts';
import { distinct } from './credible-value.ts';
import { encodedKey, tokenShapes } from './token-shapes.ts';

/** In documentation; a random token has none of this in it. */
const standIn =
  /example|fake|dummy|sampl[ei]|placeholder|redacted|not.?real|like.?(?:a.?)?real|invalid|foobar|lorem|qwerty|deadbeef|x{6}|\.{3}|0{12}|abcdef|234567|654321|<[a-z]/i;
/** Examples of these stand in every documentation and test of what reads them, and are worth nothing. */
const oftenExamples = new Set(['json-web-token', 'basicauth', 'database-connection-string']);
/** Of 32 random hexadecimal digits fewer than that in less than one case of a million; other tokens have more. */
const distinctMin = 8;
const keyBegins =
  /-----BEGIN (?:PGP PRIVATE KEY BLOCK|(?!PGP|[A-Z0-9 ]{0,40}(?:FAKE|EXAMPLE|DUMMY))[A-Z0-9 ]{0,40}PRIVATE KEY)-----/;
const keyBody = /[A-Za-z0-9+/]{30,}/;

/** What our own rules see in the lines of a block. */
export function findSecrets(block: AddedBlock): readonly ScanHit[] {
  const { path, firstLine, lines } = block;
  const levelHere = isHarmlessPlace(path) ? 'warning' : 'error';
  return lines.flatMap((text, index): readonly ScanHit[] => {
    const place = { path, line: firstLine + index };
    const shapes = [...tokensOf(text), ...keysOf(lines, index)];
    if (shapes.length > 0) {
      return shapes.map((found) => {
        return { ...place, ...found, level: levelOf(found.rule, path) };
      });
    }
    const assigned = findAssigned(path, text);
    return assigned ? [{ ...place, ...assigned, level: levelHere, byName: true }] : [];
  });
}

/** Whether a token is one that documentation shows. An address may name `example.com` and hold a password all the same. */
export function isStandIn(token: string): boolean {
  return !/\s|:\/\//.test(token) && (standIn.test(token) || distinct(token) < distinctMin);
}

/** An example is pointed out where examples stand, and counts elsewhere; everything else counts everywhere. */
export function levelOf(rule: string, path: string): ScanHit['level'] {
  return oftenExamples.has(rule) && isHarmlessPlace(path) ? 'warning' : 'error';
}

type Kind = Pick<ScanHit, 'rule' | 'words'>;

function tokensOf(text: string): readonly Kind[] {
  return tokenShapes.flatMap(({ rule, words, pattern }) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined || isStandIn(found) ? [] : [{ rule, words }];
  });
}

/** A key's beginning with something of the key behind it, on this line or the next ones; in base64 too. */
function keysOf(lines: readonly string[], index: number): readonly Kind[] {
  const text = lines[index] ?? '';
  if (encodedKey.pattern.test(text)) return [encodedKey];
  const begin = keyBegins.exec(text);
  if (!begin) return [];
  const rest = [text.slice(begin.index + begin[0].length), ...lines.slice(index + 1, index + 7)];
  return rest.some((line) => keyBody.test(line)) ? [{ rule: 'private-key', words: 'private key' }] : [];
}
