import type { z } from 'zod';
import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import type { RunId } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';
import { refuse, refusedSilently } from './answer-person.ts';
import { admitActor, authorise } from './authorise.ts';
import type { CommandRequest } from './commands/command-request.ts';
import { issueOf, retry } from './commands/retry.ts';
import { stopRun } from './commands/stop.ts';
import type { checkRunPayload } from './payload-shapes.ts';
import { replyTexts } from './reply-texts.ts';
import { saidByButton } from './said.ts';
import { type TriggerPorts, trackingThread } from './trigger-ports.ts';

type CheckRunPayload = z.output<typeof checkRunPayload>;
type Press = (ports: TriggerPorts, request: CommandRequest, run: Run) => Promise<DeliveryOutcome>;

/** What each button does: the command of its name, by whoever may use that; `stop` means the run of its check. */
const buttons: Readonly<Record<'stop' | 'retry', Press>> = {
  stop: (ports, request, run) => stopRun(ports, request, run),
  retry: (ports, request) => retry(ports, request),
};

/** `check_run.requested_action`: somebody pressed a button of one of our checks. */
export async function handleButton(
  ports: TriggerPorts,
  payload: CheckRunPayload,
  delivery: Delivery,
): Promise<DeliveryOutcome> {
  const word = payload.requested_action?.identifier;
  if (word !== 'stop' && word !== 'retry') return { kind: 'ignored', why: 'a button that is not ours' };
  const run = await runOf(ports, payload);
  if (!run) return { kind: 'ignored', why: 'the check belongs to no run of ours' };
  const { sender } = payload;
  const thread = trackingThread(payload, run);
  const admitted = admitActor(ports, thread, { sender, appId: null });
  if ('kind' in admitted) return admitted;
  if (thread.archived) return refusedSilently(ports, thread, 'repository-archived');
  const isAuthor = run.input.author.id === admitted.actor.id;
  const authorised = await authorise(ports, thread, { ...admitted, verb: word, isAuthor });
  if (!authorised.ok) return authorised.outcome;
  const said = saidByButton(payload.check_run.id, sender, delivery.guid);
  const asked = { thread, issue: issueOf(run), said, command: { word, text: '' }, delivery };
  return await buttons[word](ports, { ...admitted, ...asked, role: authorised.role }, run);
}

/** `check_run.rerequested`: GitHub's own button on every check. A verdict is about a tree, which is still the same. */
export async function handleRerun(ports: TriggerPorts, payload: CheckRunPayload): Promise<DeliveryOutcome> {
  const run = await runOf(ports, payload);
  if (!run) return { kind: 'ignored', why: 'the check belongs to no run of ours' };
  const thread = trackingThread(payload, run);
  const admitted = admitActor(ports, thread, { sender: payload.sender, appId: null });
  if ('kind' in admitted) return admitted;
  return await refuse(ports, { thread, actor: admitted.actor }, { code: 'rerun', body: replyTexts.rerun });
}

/** Checks name their run in the external id, which only their own App can write; ours are known by the App's id. */
async function runOf(
  ports: TriggerPorts,
  { check_run: check, repository, installation }: CheckRunPayload,
): Promise<Run | undefined> {
  if (check.app !== ports.bot.appId) return undefined;
  const [id = ''] = check.external_id.split(':');
  const run = await ports.runs.get(id as RunId);
  const isHere = run?.repository.id === repository.id && run.installationId === installation.id;
  return isHere ? run : undefined;
}
