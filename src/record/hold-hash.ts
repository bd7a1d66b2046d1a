import { createHash } from 'node:crypto';
import type { Verdict } from '../domain/gate.ts';
import { holdMaterial } from '../domain/verdicts.ts';

/**
 * Twelve hexadecimal digits that stand for everything held: one more changed line gives another hash, so an approval
 * never covers what its giver has not seen. Null when nothing is held.
 */
export function holdHash(verdicts: readonly Verdict[]): string | null {
  const material = holdMaterial(verdicts);
  return material === null ? null : createHash('sha256').update(material).digest('hex').slice(0, 12);
}
