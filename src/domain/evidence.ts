/**
 * A signed statement in a DSSE envelope.
 * https://github.com/secure-systems-lab/dsse/blob/master/envelope.md
 */
export interface EvidenceEnvelope {
  readonly payloadType: 'application/vnd.in-toto+json';
  /** Base64 of the statement's bytes. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** Signs with the instance's key, which only the bot's host holds. */
export interface EvidenceSigner {
  /** SHA-256 of the public key (SPKI, DER), in hex. */
  readonly keyId: string;
  sign(statement: unknown): EvidenceEnvelope;
}
