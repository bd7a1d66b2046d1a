/** Sixteen credentials of as many kinds: the shapes are real, no owner is. */
export const canaries: Readonly<Record<string, string>> = {
  'GitHub installation token': `ghs_${'1234567_eyJhbGciOiJSUzI1NiJ9.k3'.repeat(17)}`.slice(0, 520),
  'GitHub personal token': `ghp_${'a1B2c3D4e'.repeat(4)}`,
  'GitHub fine-grained token': `github_pat_${'11AB2cD3eF4'.repeat(7)}`,
  'GitLab token': `glpat-${'x9Y8z7'.repeat(4)}`,
  'Anthropic key': `sk-ant-api03-${'q1W2e3R4'.repeat(10)}`,
  'OpenAI key': `sk-proj-${'t5Y6u7I8'.repeat(6)}`,
  'Google key': `AIza${'S1yD2fG3h'.repeat(4)}`,
  'AWS key id': 'AKIAI44QH8DHBEX4MPLE',
  'Slack bot token': `xoxb-${'123456789012-'.repeat(2)}aB3dE6gH9kL2`,
  'Slack app token': 'xapp-1-A0123456789-0123456789-abcdef0123456789',
  'npm token': `npm_${'a1B2c3D4e5F6'.repeat(3)}`,
  'PyPI token': `pypi-AgEIcHlwaS5vcmc${'CJ1a2B3'.repeat(8)}`,
  'Stripe key': `sk_live_${'51H7x2K9'.repeat(4)}`,
  'Hugging Face token': `hf_${'aB1cD2eF3g'.repeat(4)}`,
  'SendGrid key': `SG.${'a1B2c3D4e5'.repeat(2)}.${'f6G7h8I9j0'.repeat(4)}`,
  'private key': `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA1234567890abcdefABCDEF+/\n'.repeat(6)}-----END RSA PRIVATE KEY-----`,
};

const pieces = (text: string, size: number): readonly string[] =>
  text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
const codePoints = (text: string, show: (hex: string) => string): string =>
  Array.from(text, (character) => show((character.codePointAt(0) ?? 0).toString(16).padStart(4, '0'))).join(
    '',
  );

/** Ten ways to write a text so that it reads as something else, and needs no key to be read again. */
const encodings: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  base64: (secret) => Buffer.from(secret).toString('base64'),
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
  hexadecimal: (secret) => Buffer.from(secret).toString('hex'),
  rot13: (secret) =>
    secret.replace(/[A-Za-z]/g, (letter) => {
      const first = letter <= 'Z' ? 65 : 97;
      return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
    }),
  reversed: (secret) => Array.from(secret).reverse().join(''),
  'zero-width': (secret) => Array.from(secret).join('\u200b'),
  split: (secret) =>
    pieces(secret, 7)
      .map((piece) => `"${piece}"`)
      .join(' + '),
  'url-encoded': (secret) => Buffer.from(secret).toString('hex').replace(/../g, '%$&'),
  'unicode-escaped': (secret) => codePoints(secret, (hex) => `\\u${hex}`),
};

/** Every canary in every encoding, with what must not be found of it. */
export const hiddenCanaries: readonly {
  readonly name: string;
  readonly encoding: string;
  readonly secret: string;
  readonly hidden: string;
}[] = Object.entries(canaries).flatMap(([name, secret]) =>
  Object.entries(encodings).map(([encoding, encode]) => ({ name, encoding, secret, hidden: encode(secret) })),
);
