import { openWait } from '../../domain/waits.ts';
import { replyTexts } from '../reply-texts.ts';
import { statusText } from '../steering-texts.ts';
import { answer, type CommandHandler, eventsOf, findMeantRun } from './command-request.ts';

/** `/agent status`: place in the queue, step, spend, and what is waited for. */
export const status: CommandHandler = async (ports, request) => {
  const outcome = { kind: 'applied', what: 'status' } as const;
  const run = await findMeantRun(ports, request);
  if (!run) return await answer(ports, request, { outcome, body: replyTexts.idle(ports.labelName) });
  const events = await eventsOf(ports, run);
  const step = events.findLast((event) => event.kind === 'step.started');
  const body = statusText(run, {
    place: await ports.runs.queuePlace(run.id),
    step: step?.kind === 'step.started' ? step.step : null,
    turns: events.filter(({ kind }) => kind === 'turn.answered').length,
    spend: await ports.spend.total(run.id),
    wait: openWait(events),
  });
  return await answer(ports, request, { outcome, body });
};
