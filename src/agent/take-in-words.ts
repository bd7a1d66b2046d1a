import { messageKey } from '../domain/run-inbox.ts';
import type { AgentSession } from './agent-session.ts';
import { wordsText } from './message-text.ts';

/** Takes in what people said since the last turn; true when there was something. */
export async function takeInWords(session: AgentSession): Promise<boolean> {
  const { people, run } = session.options;
  const words = (await people?.words()) ?? [];
  for (const message of words) {
    const { actor, role, commentId } = message;
    const text = wordsText(run, message);
    const by = { id: actor.id, login: actor.login, role, commentId };
    await session.say(text, { type: 'message', by }, messageKey(message));
  }
  return words.length > 0;
}
