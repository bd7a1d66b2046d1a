import type { DeliveryOutcome } from '../../domain/delivery.ts';
import type { Run } from '../../domain/run.ts';
import { replyTexts } from '../reply-texts.ts';
import type { SaidWhere } from '../said.ts';
import type { TriggerPorts } from '../trigger-ports.ts';
import {
  answer,
  type CommandHandler,
  type CommandRequest,
  findMeantRun,
  nothingRuns,
} from './command-request.ts';

/** `/agent stop`: ends the run, whatever it does; also what it waits for is refused with it. */
export const stop: CommandHandler = async (ports, request) =>
  await stopRun(ports, request, await findMeantRun(ports, request));

const pressed: Readonly<Partial<Record<SaidWhere, string>>> = { button: 'button', box: 'box' };

/** Ends exactly this run; one that is over is said to be. */
export async function stopRun(
  ports: TriggerPorts,
  request: CommandRequest,
  run: Run | undefined,
): Promise<DeliveryOutcome> {
  const reason = `stopped by a ${pressed[request.said.where] ?? 'command'}`;
  if (!run || !(await ports.runs.requestCancel(run.id, reason))) return await nothingRuns(ports, request);
  ports.log.info('trigger.cancelled', { runId: run.id, reason });
  return await answer(ports, request, {
    outcome: { kind: 'applied', what: 'stop' },
    body: replyTexts.stopping(run),
  });
}
