import { AppError } from '../domain/app-error.ts';
import type { MessageAuthor, Wait } from '../domain/journal-event.ts';
import { messageKey, type RunMessage } from '../domain/run-inbox.ts';
import { type WaitEnded, waitEnded } from '../domain/waits.ts';
import type { RunContext } from './run-context.ts';

/** After this long without an answer nobody will give one. */
export const patienceMs = 14 * 24 * 3_600_000;

/** What a message means for a wait: its end, nothing but an entry that says why, or nothing here and now. */
export type Judgement =
  | { readonly end: WaitEnded['outcome']; readonly text: string }
  | { readonly taken: string }
  | 'keep';

/**
 * Waits for a person without a worker: journals the wait, looks whether somebody has answered, and otherwise throws
 * `person-awaited`, upon which the run is parked. When it is claimed again the step comes back here.
 */
export async function awaitPerson(
  context: RunContext,
  wait: Wait,
  judge: (message: RunMessage) => Judgement,
): Promise<WaitEnded> {
  await beginWait(context, wait);
  const ended = endOf(context, wait) ?? (await hearMessages(context, wait, judge));
  if (ended) return ended;
  if (isForgotten(context, wait)) {
    const text = 'Nobody answered within 14 days.';
    await context.append(
      { kind: 'wait.ended', waitId: wait.id, outcome: 'void', by: null, text },
      `wait-over:${wait.id}`,
    );
    const over = endOf(context, wait);
    if (over) return over;
  }
  throw new AppError('person-awaited', waitingFor[wait.kind]);
}

const waitingFor: Readonly<Record<Wait['kind'], string>> = {
  protected: 'the change touches protected paths',
  plan: 'the plan needs an approval',
  held: 'the draft needs an approval of what is held',
  budget: 'a budget is used up',
  answer: 'the agent asks a question',
  pause: 'the run is paused',
  checks: 'checks of others have not ended',
};

/** An entry with the key `message:…` can have begun it, where a message asked for the wait. */
export async function beginWait(context: RunContext, wait: Wait): Promise<void> {
  if (context.last('wait.begun', (event) => event.wait.id === wait.id)) return;
  await context.append({ kind: 'wait.begun', wait }, `wait:${wait.id}`);
}

/** How the wait ended; undefined while it goes on. */
export function endOf(context: RunContext, { id }: Pick<Wait, 'id'>): WaitEnded | undefined {
  const events = context.entries.map(({ event }) => event);
  return waitEnded(events, id);
}

async function hearMessages(
  context: RunContext,
  wait: Wait,
  judge: (message: RunMessage) => Judgement,
): Promise<WaitEnded | undefined> {
  for (const message of await context.pendingMessages()) {
    const judged = judge(message);
    if (judged === 'keep') continue;
    if ('taken' in judged) {
      await takeMessage(context, message, judged.taken);
      continue;
    }
    const { end: outcome, text } = judged;
    const by = authorOf(message);
    await context.append({ kind: 'wait.ended', waitId: wait.id, outcome, by, text }, messageKey(message));
    return endOf(context, wait);
  }
  return undefined;
}

/** Takes a message that ends no wait. */
export async function takeMessage(context: RunContext, message: RunMessage, outcome: string): Promise<void> {
  const { kind, text } = message;
  await context.append(
    { kind: 'message.taken', message: kind, by: authorOf(message), text, outcome },
    messageKey(message),
  );
}

/** Who said it, as the journal names people. */
export function authorOf({ actor, role, commentId }: RunMessage): MessageAuthor {
  return { id: actor.id, login: actor.login, role, commentId };
}

function isForgotten(context: RunContext, wait: Wait): boolean {
  const begun = context.entryOf('wait.begun', (event) => event.wait.id === wait.id);
  return begun !== undefined && context.ports.clock.now().getTime() - begun.at.getTime() >= patienceMs;
}
