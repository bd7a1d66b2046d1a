import { describe, expect, it } from 'vitest';
import { createSecretsGate } from '../../src/gates/secrets-gate.ts';
import { gateInput } from './gate-input.ts';
import { labelledLines } from './secrets-corpus.ts';

// Put together here, so that no scanner takes this file for a leak.
const token = `ghp_${'a1B2c3D4'.repeat(4)}e5F6`;
const longToken = `ghs_${'123456_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.'.repeat(12)}`.slice(0, 520);
const key = ['-----BEGIN RSA ', 'PRIVATE KEY-----'].join('');

const added = (path: string, texts: readonly string[], firstLine = 1) =>
  texts.map((text, index) => ({ path, line: firstLine + index, text }));

const judge = (lines: ReturnType<typeof added>, timeoutMs?: number) =>
  createSecretsGate(timeoutMs === undefined ? {} : { timeoutMs }).judge(gateInput({ addedLines: lines }));

describe('the secrets gate', () => {
  it('passes on ordinary lines and says how many it saw', async () => {
    const verdict = await judge(
      added('a.js', ['const a = 1;', 'const hash = "9fceb02d0ae598e95dc970b74767f19372d61af8";']),
    );
    expect(verdict).toMatchObject({ status: 'pass', blocking: true, summary: 'no secret in 2 added lines' });
  });

  it('passes when nothing was added', async () => {
    expect(await judge([])).toMatchObject({ status: 'pass', summary: 'no line was added' });
  });

  it.each([
    ['a GitHub token', token],
    ['an installation token of 520 characters', longToken],
    ['an Anthropic key', `sk-ant-api03-${'a1B2'.repeat(20)}`],
    ['an AWS key', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz'],
  ])('blocks %s, names the line on head, and never repeats it', async (_, secret) => {
    const lines = [
      ...added('a.js', ['x']),
      ...added('src/b.js', ['const a = 1;', `const t = "${secret}";`], 40),
    ];
    const verdict = await judge(lines);
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.findings[0]).toMatchObject({ path: 'src/b.js', line: 41, level: 'error' });
    expect(JSON.stringify(verdict)).not.toContain(secret.slice(-16));
    expect(verdict.feedback).toContain('src/b.js:41');
  });

  it('sees a private key that runs over several lines', async () => {
    const body = Array.from(
      { length: 8 },
      (_, line) => `MIIEpAIBAAKCAQEA${line}abcdefghijklmnopqrstuvwxyz0123456789ABCDEF`,
    );
    const verdict = await judge(added('key.pem', [key, ...body, key.replace('BEGIN', 'END')]));
    expect(verdict.status).toBe('fail');
  });

  it('identifies a finding by its line and not by its number', async () => {
    const [first, second] = await Promise.all([
      judge(added('a.js', [`t = "${token}"`], 1)),
      judge(added('a.js', [`  t =  "${token}"`], 90)),
    ]);
    expect(first?.findings[0]?.identity).toBe(second?.findings[0]?.identity);
  });

  it('says which lines it scanned only in part', async () => {
    const verdict = await judge(added('a.js', ['x'.repeat(100_000)]));
    expect(verdict.summary).toBe('no secret in 1 added lines (1 of them only to 4000 characters)');
  });

  it('is killed at its time limit and is then an error, not a pass', async () => {
    const started = performance.now();
    const verdict = await judge(
      added(
        'a.js',
        Array.from({ length: 2_000 }, () => 'a '.repeat(2_000)),
      ),
      1,
    );
    expect(verdict).toMatchObject({ status: 'error', blocking: true });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('scans on after it was killed', async () => {
    expect(await judge(added('a.js', ['a '.repeat(2_000)]), 0)).toMatchObject({ status: 'error' });
    expect(await judge(added('a.js', [`t = "${token}"`]))).toMatchObject({ status: 'fail' });
  });

  it('ends at once when the run is stopped', async () => {
    const stop = new AbortController();
    const lines = added(
      'a.js',
      Array.from({ length: 2_000 }, () => 'a '.repeat(2_000)),
    );
    const judging = createSecretsGate().judge(gateInput({ addedLines: lines, signal: stop.signal }));
    stop.abort(new Error('stopped by a person'));
    await expect(judging).rejects.toThrow('stopped by a person');
  });

  it('points out what is only named like a credential in tests and documents, and does not block for it', async () => {
    const value = ['aB3d', '#9xQ', 'z7'].join('');
    const line = `login({ password: '${value}' });`;
    const pointedOut = await judge(added('test/a.test.js', [line]));
    expect(pointedOut).toMatchObject({ status: 'fail', blocking: false });
    expect(pointedOut.findings).toMatchObject([{ level: 'warning', rule: 'assigned-secret' }]);
    expect(pointedOut.summary).toBe('1 to look at in 1 added lines');
    expect(await judge(added('docs/a.md', [line]))).toMatchObject({ blocking: false });
    expect(await judge(added('src/a.js', [line]))).toMatchObject({ status: 'fail', blocking: true });
    expect(JSON.stringify(pointedOut)).not.toContain(value);
  });

  it('blocks for a known shape in tests and documents too', async () => {
    for (const path of ['test/a.test.js', 'docs/a.md']) {
      expect(await judge(added(path, [`t = "${token}"`]))).toMatchObject({ status: 'fail', blocking: true });
    }
  });

  it('names what blocks first, and both kinds in its summary', async () => {
    const verdict = await judge([
      ...added('test/a.test.js', [`password = '${['aB3d', '#9xQ', 'z7'].join('')}'`]),
      ...added('src/b.js', [`t = "${token}"`]),
    ]);
    expect(verdict.findings.map(({ level }) => level)).toEqual(['error', 'warning']);
    expect(verdict.summary).toBe('1 possible secrets and 1 to look at in 2 added lines');
  });

  it('sees a private key in one line, in base64 and of PGP, and none in a mention', async () => {
    const body = 'MIIEpAIBAAKCAQEA0abcdefghijklmnopqrstuvwxyz0123456789ABCDEF';
    const pgp = ['-----BEGIN PGP ', 'PRIVATE KEY BLOCK-----'].join('');
    const oneLine = `key = "${key}\\n${body}\\n"`;
    const encoded = Buffer.from(`${key}\n${body}`).toString('base64');
    for (const lines of [
      [oneLine],
      [`data: ${encoded}`],
      [pgp, '', 'lQOYBF0abcdefghijklmnopqrstuvwxyz0123456789ABC'],
    ]) {
      expect(await judge(added('src/a.txt', lines))).toMatchObject({ status: 'fail' });
    }
    expect((await judge(added('src/a.js', [`if (text.startsWith('${key}')) return;`]))).status).toBe('pass');
  });

  const [half, other] = ['k3f9a2qz7m1x8c4v', 'p6w0r5t2y9u3i8o1'];
  const keyId = ['AK', 'IA'].join('');
  const basic = (text: string): string => Buffer.from(text).toString('base64');
  const age = 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'.repeat(2).slice(0, 58);

  it.each([
    [
      'base32 and other digits in an AWS key id',
      `id = "${keyId}KQ7M2XWD4HZRT5BN"`,
      `id = "${keyId}KQ1M8XWD9HZRT0BN"`,
    ],
    ['bech32 and other letters in an age key', `AGE-SECRET-KEY-1${age}`, `AGE-SECRET-KEY-1B${age.slice(1)}`],
    [
      'an Akamai token and a host',
      `t: akab-${half}-${other}`,
      `t: akab-${half}-${other}.luna.akamaiapis.net`,
    ],
    [
      'credentials of Basic and something else',
      `Authorization: Basic ${basic('alice:kV7#xq93Lm')}`,
      `Authorization: Basic ${basic('alice.kV7#xq93Lm')}`,
    ],
    ['names in full on a command line', 'run --password kV7#xq93Lm', 'run --pass kV7#xq93Lm'],
    [
      'a random token and one that says what it is',
      `t = "ghp_${'k3Jf9aQz'.repeat(4)}e5F6"`,
      `t = "ghp_notReal${'k3Jf9aQz'.repeat(3)}e5F6z"`,
    ],
  ])('tells apart %s', async (_, secret, harmless) => {
    expect(await judge(added('src/a.txt', [secret]))).toMatchObject({ status: 'fail', blocking: true });
    expect(await judge(added('src/a.txt', [harmless]))).toMatchObject({ status: 'pass' });
  });

  it('keeps a precision of 0.9 at a recall of 0.75 on labelled lines', async () => {
    const [found, missed, falsely] = [[], [], []] as [string[], string[], string[]];
    for (const { path, text, secret } of labelledLines) {
      const blocked = (await judge(added(path, [text]))).findings.some(({ level }) => level === 'error');
      if (secret) (blocked ? found : missed).push(path);
      else if (blocked) falsely.push(path);
    }
    expect(missed).toEqual(['src/odd.ts', 'config/weak.yml']);
    expect(falsely).toEqual(['src/t.ts']);
    expect(found.length / (found.length + falsely.length)).toBeGreaterThanOrEqual(0.9);
    expect(found.length / (found.length + missed.length)).toBeGreaterThanOrEqual(0.75);
  });
});
