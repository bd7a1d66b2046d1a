import { isDocumentPath, isSamplePath, isSourcePath, isTestPath } from '../source-paths.ts';
import { isCredible } from './credible-value.ts';

/** A value that is given to something called like a credential. */
export interface AssignedSecret {
  readonly rule: string;
  readonly words: string;
}

const separator = String.raw`["'\x60]?\]?\s*(?::\s*(?:String|str|string)\s*=|:=|=>|[=!]==?|[:=,]|\s)\s*\(?\s*`;
const quotedValue = String.raw`(?:[brfuL@]|\\)?(["'\x60])((?:(?!\2)[^\\\s]){4,200})\\?\2`;
const name = '(?<![A-Za-z0-9_\\]%])([A-Za-z_][A-Za-z0-9_.-]{0,60}(?: [Kk][Ee][Yy])?)';

/** `password = "…"`, `"password": "…"`, `#define PASSWORD "…"`, `if password != "…"`. */
const quoted = new RegExp(`${name}${separator}${quotedValue}`, 'g');
/** `password: …` and `PASSWORD=…` where values stand without quotes. */
const bare = new RegExp(
  String.raw`${name}["']?\s{0,4}(?::=|=>|[:=])\s{0,4}([^\s"'\x60,;|&<>(){}[\]]{6,120})(?![^\s"'\x60,;|&<>(){}[\]])`,
  'g',
);
/** `--password …`, `-Token …`. */
const onCommandLine = /(?:^|\s)--?([A-Za-z][A-Za-z0-9_-]{0,40})[ =]["']?(?!-)([^\s"'`$<>(){}]{6,200})/g;
/** `-pw` and `--pass` take a file, a pipe or the name of a variable as often. */
const inFull = /password|passphrase|secret|token|bearer|credential|auth|key/i;
/** `CREATE USER … IDENTIFIED BY '…'`, `ALTER ROLE … PASSWORD '…'`. */
const inSql =
  /\b(?:create|alter)\s+(?:user|role|login)\b[^;]{0,200}?\b(?:identified\s+(?:with\s+\S{1,60}\s+)?(?:by|as)|password)\s*=?\s*['"\\]{0,2}([^\s'"\\;]{6,100})/gi;
/** `Authorization: Basic …`. */
const inHeader =
  /\bauthorization["']?\s*[:=,]\s*["']?(basic|bearer|ntlm|token|negotiate)\s+([A-Za-z0-9+/=._~-]{16,400})/gi;

/** `postgres://user:…@host`. */
const inAddress = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@'"<>]{0,100}:([^\s/@'"<>]{3,200})@/gi;
/** `?token=…` in an address. */
const inQuery = /[?&]([A-Za-z][A-Za-z0-9_-]{0,40})=([^\s&"'\x60%<>{}]{6,200})/g;
/** `<password>…</password>`. */
const inElement = /<([A-Za-z][A-Za-z0-9_.-]{0,60})(?:\s[^<>]{0,100})?>([^<>\s]{6,120})<\//g;

const passwordName =
  /(?:^|[^a-z]|[a-z](?=pass))p(?:a?s{0,2})?w(?:o?r?s{0,2})?d?s?d?$|pass(?:wd|word|words|phrase)$|(?:^|[^a-z]|sql|user|db)pass(?:w|in|out)?$/i;
const secretName =
  /(?:secret|token|credentials?|bearer)$|(?:^|[^a-z])auth(?:entication|orization)?$|(?:api|access|auth|authentication|private|secret|encryption|signing|account)[_. -]?(?:any)?key$/i;
const keyName = /(?:^|[^a-z])p?key$/i;
/** `userPass`, `cipherKey`: where a word begins in the middle, its capital says so. */
const innerPassword = /[a-z]Pass$/;
const innerKey = /[a-z]Key$/;

/** Where a value without quotes is an expression, not a text. */
const readsAsCode = (path: string): boolean =>
  isSourcePath(path) && !/\.(?:json|ya?ml|toml|sh|bash)$/.test(path);

/** Whether what stands there is written to be read or to be tried: pointed out, no more. */
export function isHarmlessPlace(path: string): boolean {
  return isTestPath(path) || isSamplePath(path) || isDocumentPath(path);
}

/** The first value of a line that is given to something called like a credential and looks like one. */
export function findAssigned(path: string, line: string): AssignedSecret | undefined {
  if (has(line, inSql, (value) => isCredible(value ?? '', 'password'))) {
    return { rule: 'sql-password', words: 'password in an SQL statement' };
  }
  if (has(line, inHeader, (scheme, value) => isCredential(scheme ?? '', value ?? ''))) {
    return { rule: 'authorization-header', words: 'credentials of an Authorization header' };
  }
  if (has(line, inAddress, (value) => isCredible(value ?? '', 'password'))) {
    return { rule: 'address-password', words: 'password in an address' };
  }
  const named = (key?: string, value?: string): boolean => isNamedSecret(key ?? '', value ?? '');
  const found =
    has(line, quoted, (key, _quote, value) => named(key, value)) ||
    has(line, onCommandLine, (key, value) => inFull.test(key ?? '') && named(key, value)) ||
    has(line, inQuery, named) ||
    has(line, inElement, named) ||
    (!readsAsCode(path) && has(line, bare, named));
  return found ? { rule: 'assigned-secret', words: 'value of something named like a credential' } : undefined;
}

/** What `Basic` announces is a name and a password around a colon, in base64 (RFC 7617). */
function isCredential(scheme: string, value: string): boolean {
  if (!isCredible(value, 'secret')) return false;
  return !/^basic$/i.test(scheme) || Buffer.from(value, 'base64').includes(':');
}

function has(
  line: string,
  pattern: RegExp,
  judge: (...groups: readonly (string | undefined)[]) => boolean,
): boolean {
  for (const match of line.matchAll(pattern)) if (judge(...match.slice(1))) return true;
  return false;
}

function isNamedSecret(key: string, value: string): boolean {
  if (passwordName.test(key) || innerPassword.test(key)) return isCredible(value, 'password');
  if (secretName.test(key)) return isCredible(value, 'secret');
  return (keyName.test(key) || innerKey.test(key)) && isCredible(value, 'key');
}
