/** What people write where a credential would stand. */
const placeholder =
  /example|placeholder|change.?me|\byour|dummy|fake|x{4}|\*{3}|\.{3}|…|todo|redacted|insert|replace|qwerty|hunter2|foo|bar\b|hello|test|demo|sample|mock|default|abcd|1234|0000|pass(?:w(?:or)?d|phrase)|secret|token|credential|^(?:none|null|nil|true|false|undefined|empty|root|admin|user)/i;
/** What stands for a value that comes from somewhere else. */
const reference = /\$[{(A-Za-z_]|\{\{|\}|%[({sdv]|^%|^@[A-Za-z_]+@?$|<|>|^\$/;
/** An expression, a path, an address, a colour. */
const expression =
  /[()[\]]|::|->|^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$|^\.{0,2}\/|^[a-z][a-z0-9+.-]*:\/\/|^[A-Za-z]:\\|^#[0-9a-f]{3,8}$|@[a-z0-9.-]+\.[a-z]{2,6}$/i;
/** Words joined by dashes and the like, a constant's name, a word with a number behind it. */
const nameLike = /^[A-Za-z]+\d{0,2}$|^(?:[A-Za-z]+\d{0,2}[-_.:/ ])+[A-Za-z]*\d{0,3}$|^[A-Z][A-Z0-9_]*$/;
const number = /^[\d.,:+-]+$/;
/** Not at an end: `Welcome!` is a text for people. */
const innerSign = /.[!@#$%^&*+=?~|\\].*[A-Za-z0-9]/;
/** Random letters and digits change their kind after two characters, words after four or more. */
const runCharsMax = 2.6;

/** Whether a value looks like a credential and not like a name, an expression or a stand-in. */
export function isCredible(value: string, kind: 'password' | 'secret' | 'key'): boolean {
  if (placeholder.test(value) || reference.test(value) || expression.test(value)) return false;
  if (number.test(value) || !/[A-Za-z]/.test(value)) return false;
  return { password: isPassword, secret: isSecret, key: isKey }[kind](value);
}

function isPassword(value: string): boolean {
  if (nameLike.test(value) && runChars(value) > runCharsMax) return false;
  return (/\d/.test(value) || innerSign.test(value)) && value.length >= 6 && distinct(value) >= 5;
}

function isSecret(value: string): boolean {
  return /\d/.test(value) && runChars(value) <= runCharsMax && value.length >= 12 && distinct(value) >= 8;
}

/** Much is called a key that opens nothing: this one has to be mixed of everything. */
function isKey(value: string): boolean {
  return (
    isSecret(value) && /[a-z].*[A-Z]|[A-Z].*[a-z]/.test(value) && value.length >= 16 && distinct(value) >= 12
  );
}

/** How many characters follow each other as one word, one number or one run of capitals, on average. */
function runChars(value: string): number {
  const runs = value.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^A-Za-z0-9]+/g)?.length ?? 1;
  return value.length / runs;
}

/** How many different characters: repeated ones are no credential. */
export function distinct(value: string): number {
  return new Set(value).size;
}
