import type { DeliveryOutcome } from '../domain/delivery.ts';
import type { Actor, Role } from '../domain/repository.ts';
import { classifyActor } from './actor-class.ts';
import { refuse, refusedSilently } from './answer-person.ts';
import { type ActorClass, decideAuthority, type Verb } from './authority.ts';
import { replyTexts } from './reply-texts.ts';
import type { Thread, TriggerPorts } from './trigger-ports.ts';

/** Whether the actor may go on: with the role that GitHub gave now, or with the outcome that ends the delivery. */
export type Authorised =
  | { readonly ok: true; readonly role: Role }
  | { readonly ok: false; readonly outcome: DeliveryOutcome };

/** The actor of a trigger and its class. */
export interface ClassifiedActor {
  readonly actor: Actor;
  readonly actorClass: ActorClass;
  /** The listed App that acted; null for a person. */
  readonly appId: number | null;
}

/** Ends deliveries of our own bot, of other Apps and of nobody, without a word: bots are never answered. */
export function admitActor(
  ports: TriggerPorts,
  thread: Thread,
  given: { readonly sender: Actor | null; readonly appId: number | null },
): ClassifiedActor | DeliveryOutcome {
  const actorClass = classifyActor(given.sender, given.appId, ports);
  switch (actorClass) {
    case 'user':
    case 'listed-app':
      if (given.sender === null) return refusedSilently(ports, thread, 'actor-absent');
      return { actor: given.sender, actorClass, appId: actorClass === 'user' ? null : given.appId };
    case 'own-bot':
      return { kind: 'ignored', why: 'it was done by this bot itself' };
    case 'other-app':
      return refusedSilently(ports, thread, 'actor-not-trusted');
    case 'absent':
      return refusedSilently(ports, thread, 'actor-absent');
    default:
      return refusedSilently(ports, thread, 'actor-not-trusted');
  }
}

/** Asks GitHub for the role now and decides. A refusal is answered. */
export async function authorise(
  ports: TriggerPorts,
  thread: Thread,
  request: ClassifiedActor & { readonly verb: Verb; readonly isAuthor: boolean },
): Promise<Authorised> {
  const { actor, actorClass } = request;
  // An App is no collaborator. The operator who lists its id gives it the role that starts runs, and no more.
  const role: Role =
    actorClass === 'listed-app' ? 'write' : await ports.reader.roleOf(thread.at, actor.login, actor.id);
  const decision = decideAuthority({
    verb: request.verb,
    role,
    actor: actorClass,
    isAuthor: request.isAuthor,
  });
  if (decision.allowed) return { ok: true, role };
  if (decision.because === 'actor') {
    return { ok: false, outcome: refusedSilently(ports, thread, 'actor-not-trusted') };
  }
  const body = replyTexts.roleMissing(decision.needs, role);
  return { ok: false, outcome: await refuse(ports, { thread, actor }, { code: 'role-missing', body }) };
}
