import type { DeliveryOutcome } from '../../domain/delivery.ts';
import type { Run } from '../../domain/run.ts';
import { activeStates, findRunsOfThread } from '../active-runs.ts';
import { replyTexts } from '../reply-texts.ts';
import type { SaidWhere } from '../said.ts';
import type { TriggerPorts } from '../trigger-ports.ts';
import {
  answer,
  type CommandHandler,
  type CommandRequest,
  findMeantRun,
  headRefOf,
  nothingRuns,
  wasThere,
} from './command-request.ts';

/** `/agent stop`: ends the run, whatever it does; also what it waits for is refused with it. */
export const stop: CommandHandler = async (ports, request) =>
  await stopRun(
    ports,
    request,
    (await findMeantRun(ports, request)) ?? (await stoppedAlready(ports, request)),
  );

/** Taken up once more after a crash: the run that is being stopped or was, since the words were written. */
async function stoppedAlready(ports: TriggerPorts, request: CommandRequest): Promise<Run | undefined> {
  const { thread, said } = request;
  const runs = await findRunsOfThread(ports, thread, await headRefOf(ports, thread));
  return runs.find((run) => wasThere(run, said.writtenAt) && isStopped(run, request));
}

function isStopped({ state, cancelReason, endedAt }: Run, { said }: CommandRequest): boolean {
  if (cancelReason !== reasonOf(said)) return false;
  if (activeStates.includes(state)) return true;
  return endedAt !== null && said.writtenAt !== null && endedAt.getTime() >= said.writtenAt.getTime();
}

const pressed: Readonly<Partial<Record<SaidWhere, string>>> = { button: 'button', box: 'box' };

function reasonOf({ where }: CommandRequest['said']): string {
  return `stopped by a ${pressed[where] ?? 'command'}`;
}

/** Ends exactly this run; one that is over is said to be. */
export async function stopRun(
  ports: TriggerPorts,
  request: CommandRequest,
  run: Run | undefined,
): Promise<DeliveryOutcome> {
  const reason = reasonOf(request.said);
  if (!run) return await nothingRuns(ports, request);
  const isNow = await ports.runs.requestCancel(run.id, reason);
  if (!isNow && !isStopped(run, request)) return await nothingRuns(ports, request);
  ports.log.info('trigger.cancelled', { runId: run.id, reason });
  return await answer(ports, request, {
    outcome: { kind: 'applied', what: 'stop' },
    body: replyTexts.stopping(run),
  });
}
