import type { DeliveryOutcome } from '../../domain/delivery.ts';
import type { Wait } from '../../domain/journal-event.ts';
import type { Run } from '../../domain/run.ts';
import { namesHash, openWait } from '../../domain/waits.ts';
import { decideAuthority } from '../authority.ts';
import { replyTexts } from '../reply-texts.ts';
import { steeringTexts } from '../steering-texts.ts';
import type { TriggerPorts } from '../trigger-ports.ts';
import {
  answer,
  type CommandRequest,
  eventsBefore,
  nothingRuns,
  onMeantRun,
  postTo,
  refuseCommand,
} from './command-request.ts';

type Approvable = Extract<Wait, { kind: 'protected' | 'plan' | 'held' }>;

/**
 * `/agent approve`: releases exactly what the run waits for now. What is posted is the whole hash, so that an approval
 * that comes late never fits something else.
 */
export const approve = onMeantRun((ports, request, run) => approveRun(ports, request, run));

/** Releases what exactly this run waits for. */
export async function approveRun(
  ports: TriggerPorts,
  request: CommandRequest,
  run: Run,
): Promise<DeliveryOutcome> {
  const wait = openWait(await eventsBefore(ports, run, request));
  if (wait?.kind !== 'protected' && wait?.kind !== 'plan' && wait?.kind !== 'held')
    return await refuseCommand(ports, request, { code: 'nothing-waits', body: steeringTexts.nothingWaits });
  return (await refusalOf(ports, request, wait)) ?? (await release(ports, request, { run, wait }));
}

async function refusalOf(
  ports: TriggerPorts,
  request: CommandRequest,
  wait: Approvable,
): Promise<DeliveryOutcome | undefined> {
  const { role, actorClass: actor, command } = request;
  if (wait.kind !== 'plan') {
    const verb = wait.kind === 'protected' ? 'approve-protected' : 'approve';
    const decision = decideAuthority({ verb, role, actor, isAuthor: false });
    if (!decision.allowed) {
      const body = replyTexts.roleMissing(verb === 'approve' ? 'write' : 'maintain', role);
      return await refuseCommand(ports, request, { code: 'role-missing', body });
    }
  }
  const written = command.text.split(/\s+/)[0] ?? '';
  if (written === '' && wait.kind === 'plan') return undefined;
  if (namesHash(written, wait.hash)) return undefined;
  const body =
    written === '' ? steeringTexts.hashNeeded(wait.hash) : steeringTexts.otherHash(written, wait.hash);
  return await refuseCommand(ports, request, { code: 'hash-differs', body });
}

async function release(
  ports: TriggerPorts,
  request: CommandRequest,
  { run, wait }: { readonly run: Run; readonly wait: Approvable },
): Promise<DeliveryOutcome> {
  const posted = await postTo(ports, run, request, { kind: 'approve', text: wait.hash });
  if (posted === 'over') return await nothingRuns(ports, request);
  return await answer(ports, request, {
    outcome: { kind: 'applied', what: 'approve' },
    body: steeringTexts.approved(wait),
  });
}
