import { replyTexts } from '../reply-texts.ts';
import { answer, type CommandHandler, findMeantRun, nothingRuns } from './command-request.ts';

/** `/agent stop`: ends the run, whatever it does; also what it waits for is refused with it. */
export const stop: CommandHandler = async (ports, request) => {
  const reason = 'stopped by a command';
  const run = await findMeantRun(ports, request);
  if (!run || !(await ports.runs.requestCancel(run.id, reason))) return await nothingRuns(ports, request);
  ports.log.info('trigger.cancelled', { runId: run.id, reason });
  return await answer(ports, request, {
    outcome: { kind: 'applied', what: 'stop' },
    body: replyTexts.stopping(run),
  });
};
