import { controlMarker } from '../text/effect-marker.ts';
import { classifyActor } from './actor-class.ts';
import type { PayloadIssue } from './payload-shapes.ts';
import type { Thread, TriggerPorts } from './trigger-ports.ts';

/**
 * Whether a thread is the control issue: nothing is ever started on it. By our record, and where that is lost by the
 * marker of one that our own account wrote.
 */
export async function isControlIssue(
  ports: Pick<TriggerPorts, 'controls' | 'bot' | 'trustedAppIds'>,
  { at }: Pick<Thread, 'at'>,
  { number, user, body }: PayloadIssue,
): Promise<boolean> {
  if (classifyActor(user, null, ports) !== 'own-bot') return false;
  if (body?.includes(controlMarker(at.repositoryId)) === true) return true;
  return (await ports.controls.get(at.repositoryId))?.number === number;
}
