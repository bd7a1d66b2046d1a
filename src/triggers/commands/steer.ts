import type { DeliveryOutcome } from '../../domain/delivery.ts';
import type { PublishableText } from '../../domain/ids.ts';
import type { Run } from '../../domain/run.ts';
import type { RunMessageKind } from '../../domain/run-inbox.ts';
import { openWait } from '../../domain/waits.ts';
import { steeringTexts } from '../steering-texts.ts';
import type { TriggerPorts } from '../trigger-ports.ts';
import {
  answer,
  type CommandHandler,
  type CommandRequest,
  eventsBefore,
  findMeantRun,
  nothingRuns,
  onMeantRun,
  postTo,
  refuseCommand,
} from './command-request.ts';

/** `/agent revise <text>`: words for the next turn. */
export const revise: CommandHandler = async (ports, request) => {
  if (request.command.text === '')
    return await refuseCommand(ports, request, { code: 'text-missing', body: steeringTexts.reviseWhat });
  const run = await findMeantRun(ports, request);
  if (!run) return await nothingRuns(ports, request);
  return await pass(ports, request, { run, kind: 'revise', body: steeringTexts.revising });
};

/** `/agent answer <text>`: ends the wait for an answer. */
export const answerQuestion = onMeantRun(async (ports, request, run) => {
  const wait = openWait(await eventsBefore(ports, run, request));
  if (wait?.kind !== 'answer' || request.command.text === '') {
    const body = wait?.kind === 'answer' ? steeringTexts.answerWhat : steeringTexts.noQuestion;
    return await refuseCommand(ports, request, { code: 'nothing-asked', body });
  }
  return await pass(ports, request, { run, kind: 'answer', body: steeringTexts.answered });
});

/** `/agent pause`: at the end of the turn or step that is under way. */
export const pause = onMeantRun(async (ports, request, run) => {
  const wait = openWait(await eventsBefore(ports, run, request));
  if (wait)
    return await refuseCommand(ports, request, {
      code: 'waits-already',
      body: steeringTexts.waitsAlready(wait),
    });
  return await pass(ports, request, { run, kind: 'pause', body: steeringTexts.pausing });
});

/** `/agent resume`: after a pause; also after one that the run has not come to yet. */
export const resume = onMeantRun((ports, request, run) => resumeRun(ports, request, run));

/** Has exactly this run go on. */
export async function resumeRun(
  ports: TriggerPorts,
  request: CommandRequest,
  run: Run,
): Promise<DeliveryOutcome> {
  const wait = openWait(await eventsBefore(ports, run, request));
  const pausing = (await ports.inbox.pending(run.id)).some(({ kind }) => kind === 'pause');
  if (wait?.kind !== 'pause' && !pausing) {
    const body = wait ? steeringTexts.waitsAlready(wait) : steeringTexts.notPaused;
    return await refuseCommand(ports, request, { code: 'not-paused', body });
  }
  return await pass(ports, request, { run, kind: 'resume', body: steeringTexts.resuming });
}

async function pass(
  ports: TriggerPorts,
  request: CommandRequest,
  to: { readonly run: Run; readonly kind: RunMessageKind; readonly body: PublishableText },
): Promise<DeliveryOutcome> {
  const posted = await postTo(ports, to.run, request, { kind: to.kind, text: request.command.text });
  if (posted === 'over') return await nothingRuns(ports, request);
  return await answer(ports, request, { outcome: { kind: 'applied', what: to.kind }, body: to.body });
}
