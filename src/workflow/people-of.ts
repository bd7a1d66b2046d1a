import type { AgentPeople } from '../agent/agent-options.ts';
import { boundaryOf, dataSection } from '../agent/message-text.ts';
import type { Wait } from '../domain/journal-event.ts';
import type { RunMessage } from '../domain/run-inbox.ts';
import { awaitPerson, type Judgement } from './await-person.ts';
import { obeyPause } from './obey-pause.ts';
import type { RunContext } from './run-context.ts';
import { isWords } from './words.ts';

const answerCharsMax = 8_000;

/** The people around this run; undefined in local mode, where nobody can be asked. */
export function peopleOf(context: RunContext): AgentPeople | undefined {
  if (context.run.trigger === 'local') return undefined;
  return {
    async words() {
      await obeyPause(context);
      return (await context.pendingMessages()).filter(isWords);
    },
    ask: (callId, question) => ask(context, { id: `answer:${callId}`, kind: 'answer', callId, question }),
  };
}

async function ask(context: RunContext, wait: Extract<Wait, { kind: 'answer' }>): Promise<string> {
  await context.refresh();
  const { by, text } = await awaitPerson(context, wait, judgeAnswer);
  if (by === null) return `${text} Decide yourself if you can, or finish and say what is open.`;
  const section = dataSection(boundaryOf(context.run), `answer from ${by.login}`, {
    text,
    charsMax: answerCharsMax,
  });
  return `A person with write access answered:\n\n${section}`;
}

function judgeAnswer(message: RunMessage): Judgement {
  if (isWords(message)) return { end: 'answered', text: message.text };
  if (message.kind === 'approve') return { taken: 'nothing waited for an approval' };
  if (message.kind === 'pause') return { taken: 'the run stands still already: it waits for an answer' };
  if (message.kind === 'resume') return { taken: 'the run is not paused: it waits for an answer' };
  return 'keep';
}
