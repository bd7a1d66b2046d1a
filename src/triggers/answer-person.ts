import { isAppError } from '../domain/app-error.ts';
import type { DeliveryOutcome } from '../domain/delivery.ts';
import type { ReactionPlace } from '../domain/forge.ts';
import type { PublishableText } from '../domain/ids.ts';
import type { Actor } from '../domain/repository.ts';
import type { Said } from './said.ts';
import type { Thread, TriggerPorts } from './trigger-ports.ts';

/** What telling a person needs. */
export type TellPorts = Pick<TriggerPorts, 'replies' | 'log'>;

/** Whom an answer is for, and where. */
export interface Asker {
  readonly thread: Thread;
  readonly actor: Actor;
}

/** A code for the operator and the words for the person. */
export interface Refusal {
  readonly code: string;
  readonly body: PublishableText;
}

/**
 * Refuses a trigger. People are told why, once per person and thread a day, whatever they try; bots never are: two
 * of them would answer each other for ever.
 */
export async function refuse(ports: TriggerPorts, asker: Asker, refusal: Refusal): Promise<DeliveryOutcome> {
  const { at, target } = asker.thread;
  const day = ports.clock.now().toISOString().slice(0, 10);
  const key = `refusal:${at.repositoryId}:${target.number}:${asker.actor.id}:${day}`;
  await tell(ports, asker, { key, body: refusal.body });
  return refusedSilently(ports, asker.thread, refusal.code);
}

/** Refuses without a word on GitHub; the operator's log has it. */
export function refusedSilently(ports: TriggerPorts, thread: Thread, code: string): DeliveryOutcome {
  const { at, target } = thread;
  ports.log.info('trigger.refused', { code, repositoryId: at.repositoryId, number: target.number });
  return { kind: 'refused', code };
}

/** Answers a person once for the key. Where GitHub takes no comment (archived, locked, no permission) the log has it. */
export async function tell(
  ports: TellPorts,
  { thread, actor }: Asker,
  answer: { readonly key: string; readonly body: PublishableText },
): Promise<void> {
  if (actor.type !== 'User') return;
  try {
    await ports.replies.reply(thread.at, thread.target.number, answer.key, answer.body);
  } catch (error) {
    if (!isAppError(error) || error.disposition === 'retry') throw error;
    const fields = { repositoryId: thread.at.repositoryId, number: thread.target.number, code: error.code };
    ports.log.warn('trigger.reply-refused', fields);
  }
}

/** 👀. That it cannot be given is no reason to drop the trigger; our own database, away for a moment, is one to try again. */
export async function acknowledge(
  ports: TriggerPorts,
  thread: Thread,
  on: ReactionPlace,
  id: number,
): Promise<void> {
  try {
    await ports.replies.react(thread.at, on, id, 'eyes');
  } catch (error) {
    if (isAppError(error, 'postgres-unavailable')) throw error;
    const fields = { repositoryId: thread.at.repositoryId, number: thread.target.number };
    ports.log.warn('trigger.reaction-failed', {
      ...fields,
      code: isAppError(error) ? error.code : 'internal',
    });
  }
}

/** 👀 on what somebody wrote. GitHub has no reactions on the text of a review, nor on a button. */
export async function acknowledgeSaid(
  ports: TriggerPorts,
  thread: Thread,
  { where, id }: Pick<Said, 'where' | 'id'>,
): Promise<void> {
  if (where === 'comment' || where === 'review-comment') await acknowledge(ports, thread, where, id);
}
