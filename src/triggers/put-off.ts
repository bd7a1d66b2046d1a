import type { Delivery } from '../domain/delivery.ts';
import type { TriggerPorts } from './trigger-ports.ts';

const laterMsMin = 5_000;
const laterMsMax = 10 * 60_000;

/**
 * When a delivery that waits for the end of a run is taken up again: a tenth of what has passed so far, so soon at
 * first, and few requests when a run waits for days. It stays in the database until then.
 */
export function laterMs({ clock }: TriggerPorts, { receivedAt }: Delivery): number {
  const passedMs = clock.now().getTime() - receivedAt.getTime();
  return Math.min(laterMsMax, Math.max(laterMsMin, passedMs / 10));
}
