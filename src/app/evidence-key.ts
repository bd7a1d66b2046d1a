import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Settings } from '../config/read-settings.ts';
import { AppError } from '../domain/app-error.ts';
import type { EvidenceEnvelope, EvidenceSigner } from '../domain/evidence.ts';

const payloadType = 'application/vnd.in-toto+json';

/** The instance's Ed25519 key at `file`, made at first use, readable by the owner only. */
export function openEvidenceKey(file: string): EvidenceSigner & { readonly publicKey: KeyObject } {
  if (!existsSync(file)) makeKey(file);
  const privateKey = readKey(file);
  const publicKey = createPublicKey(privateKey);
  const keyId = keyIdOf(publicKey);
  return {
    keyId,
    publicKey,
    sign(statement) {
      const payload = Buffer.from(JSON.stringify(statement));
      const sig = sign(null, preAuthentication(payload), privateKey).toString('base64');
      return { payloadType, payload: payload.toString('base64'), signatures: [{ keyid: keyId, sig }] };
    },
  };
}

/** Where the key lies. */
export function evidenceKeyFile(settings: Pick<Settings, 'EVIDENCE_KEY_PATH' | 'stateDir'>): string {
  return settings.EVIDENCE_KEY_PATH ?? join(settings.stateDir, 'evidence-key.pem');
}

/** Two processes may start at once: the first file that is there whole counts. */
function makeKey(file: string): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readKey(file: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(file));
  } catch (error) {
    throw new AppError('config-invalid', `${file} holds no private key in PEM`, { cause: error });
  }
}

/** SHA-256 of the public key's SPKI, in hex. */
export function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** The statement's text where one of the signatures is of this key; undefined where none is. */
export function readEnvelope(envelope: EvidenceEnvelope, key: KeyObject): string | undefined {
  const payload = Buffer.from(envelope.payload, 'base64');
  const good = envelope.signatures.some(({ sig }) =>
    verify(null, preAuthentication(payload), key, Buffer.from(sig, 'base64')),
  );
  return good && envelope.payloadType === payloadType ? payload.toString('utf8') : undefined;
}

/** What is signed, so that a payload cannot be taken for one of another type: DSSE's PAE. */
function preAuthentication(payload: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `),
    payload,
  ]);
}
