import { createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyIdOf, openEvidenceKey, readEnvelope } from '../../src/app/evidence-key.ts';

describe('the key of the evidence', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pullwright-key-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('is made once, for the owner only, and is the same ever after', async () => {
    const file = join(directory, 'deep', 'evidence-key.pem');
    const first = openEvidenceKey(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(openEvidenceKey(file).keyId).toBe(first.keyId);
    expect(first.keyId).toBe(keyIdOf(createPublicKey(await readFile(file))));
  });

  it('signs what can be read back with the public half, and with no other', () => {
    const key = openEvidenceKey(join(directory, 'a.pem'));
    const other = openEvidenceKey(join(directory, 'b.pem'));
    const envelope = key.sign({ a: 'ü' });
    expect(envelope).toMatchObject({
      payloadType: 'application/vnd.in-toto+json',
      signatures: [{ keyid: key.keyId }],
    });
    expect(readEnvelope(envelope, key.publicKey)).toBe('{"a":"ü"}');
    expect(readEnvelope(envelope, other.publicKey)).toBeUndefined();
    const payload = Buffer.from('{"a":"x"}').toString('base64');
    expect(readEnvelope({ ...envelope, payload }, key.publicKey)).toBeUndefined();
    expect(readEnvelope({ ...envelope, signatures: [] }, key.publicKey)).toBeUndefined();
  });

  it('is refused by name of the file when it is no key', async () => {
    const file = join(directory, 'bad.pem');
    await writeFile(file, 'no key');
    expect(() => openEvidenceKey(file)).toThrow(`${file} holds no private key`);
  });
});
