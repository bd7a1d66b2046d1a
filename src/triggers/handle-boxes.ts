import type { z } from 'zod';
import { boxId, type ControlBox, type ControlIssue, readBoxId } from '../domain/control-issue.ts';
import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import { isWork, type Run } from '../domain/run.ts';
import { boxesIn, newlyTicked } from '../text/boxes.ts';
import { findRunsOfThread } from './active-runs.ts';
import { refuse, refusedSilently } from './answer-person.ts';
import { admitActor, authorise, type ClassifiedActor } from './authorise.ts';
import { approveRun } from './commands/approve.ts';
import { type CommandRequest, headRefOf, nothingRuns, refuseCommand } from './commands/command-request.ts';
import { issueOf, retry } from './commands/retry.ts';
import { resumeRun } from './commands/steer.ts';
import { stopRun } from './commands/stop.ts';
import { controlTexts } from './control-texts.ts';
import type { issueEditedPayload } from './payload-shapes.ts';
import { saidByBox, saidKey } from './said.ts';
import { issueTarget, type Thread, type TriggerPorts, threadOf, trackingThread } from './trigger-ports.ts';

type EditedPayload = z.output<typeof issueEditedPayload>;
type Tick = (ports: TriggerPorts, request: CommandRequest, run: Run) => Promise<DeliveryOutcome>;

/** What each box does: the command of its name, on exactly the run that it names. */
const ticks: Readonly<Record<ControlBox['word'], Tick>> = {
  approve: unlessOver(approveRun),
  resume: unlessOver(resumeRun),
  stop: (ports, request, run) => stopRun(ports, request, run),
  retry: retryNewest,
};

/** `issues.edited`: somebody ticked boxes of the control issue. Every other edit of every other issue passes by. */
export async function handleBoxes(
  ports: TriggerPorts,
  payload: EditedPayload,
  delivery: Delivery,
): Promise<DeliveryOutcome> {
  const from = payload.changes?.body?.from;
  const ticked = from === undefined ? [] : newlyTicked(from, payload.issue.body ?? '');
  if (ticked.length === 0) return { kind: 'ignored', why: 'no box was ticked' };
  const { repository, installation, issue, sender } = payload;
  const control = await ports.controls.get(repository.id);
  if (control?.number !== issue.number || control.repository.installationId !== installation.id)
    return { kind: 'ignored', why: 'not the control issue' };
  const thread = threadOf(payload, issueTarget(issue));
  const admitted = admitActor(ports, thread, { sender, appId: null });
  if ('kind' in admitted) {
    // Not shown anew at once: a program that ticks boxes whenever the text changes would go on for ever.
    await ports.controls.take(thread.at, { boxes: ticked, handled: [] });
    return admitted;
  }
  if (thread.archived) return refusedSilently(ports, thread, 'repository-archived');
  return await takeAll(ports, { payload, thread, control, admitted, delivery }, ticked);
}

async function takeAll(
  ports: TriggerPorts,
  ticked: Ticked,
  boxes: readonly string[],
): Promise<DeliveryOutcome> {
  const { control, delivery, thread } = ticked;
  const offered = boxes.filter((id) => isOffered(control, delivery, id));
  // Of what we never wrote one is answered, however many somebody wrote there.
  const forged = boxes.filter((id) => !offered.includes(id)).slice(0, 1);
  const outcomes: DeliveryOutcome[] = [];
  for (const id of [...offered, ...forged]) outcomes.push(await take(ports, ticked, id));
  await ports.controls.take(thread.at, { boxes, handled: offered.map((id) => tickOf(delivery, id)) });
  await ports.controls.show(thread.at);
  return mostTelling(outcomes);
}

interface Ticked {
  readonly payload: EditedPayload;
  readonly thread: Thread;
  readonly control: ControlIssue;
  readonly admitted: ClassifiedActor;
  readonly delivery: Delivery;
}

/**
 * One box. Whoever can edit the issue can write any id there: what counts is what stood in the text that we wrote, and
 * which run of this repository that names.
 */
async function take(ports: TriggerPorts, ticked: Ticked, id: string): Promise<DeliveryOutcome> {
  const { payload, thread, control, admitted, delivery } = ticked;
  const asker = { thread, actor: admitted.actor };
  if (wasMissed(control, payload, id))
    return await refuse(ports, asker, { code: 'box-missed', body: controlTexts.missed });
  const box = isOffered(control, delivery, id) ? readBoxId(id) : undefined;
  const run = box && (await ports.runs.get(box.runId));
  const isHere = run?.repository.id === thread.at.repositoryId;
  if (!box || !run || !isHere || run.installationId !== thread.at.installationId)
    return await refuse(ports, asker, { code: 'box-unknown', body: controlTexts.notOffered });
  const isAuthor = run.input.author.id === admitted.actor.id;
  const authorised = await authorise(ports, thread, { ...admitted, verb: box.word, isAuthor });
  if (!authorised.ok) return authorised.outcome;
  const said = saidByBox(payload.issue.number, admitted.actor, { guid: delivery.guid, box: boxId(box) });
  const command = { word: box.word, text: box.hash ?? '' };
  const request = { thread: trackingThread(payload, run), issue: issueOf(run), said, command, delivery };
  return await ticks[box.word](ports, { ...admitted, ...request, role: authorised.role }, run);
}

/** It stood in what we wrote; or it did when this very delivery was taken up before, and was written over since. */
function isOffered({ body, sending, handled }: ControlIssue, delivery: Delivery, id: string): boolean {
  if (boxesIn(body).has(id) || (sending !== null && boxesIn(sending).has(id))) return true;
  return handled.includes(tickOf(delivery, id));
}

function tickOf({ guid }: Delivery, id: string): string {
  return `${guid}:${id}`;
}

/** Its delivery comes after people were told that it was not taken. */
function wasMissed({ missed, missedUntil }: ControlIssue, { issue }: EditedPayload, id: string): boolean {
  if (missedUntil === null || issue.updated_at === null) return false;
  return missed.includes(id) && issue.updated_at <= missedUntil;
}

/** What a run has heard is answered as it would have been, although the run may be over when it is taken up once more. */
function unlessOver(act: Tick): Tick {
  return async (ports, request, run) => {
    const isOver = run.endedAt !== null || run.cancelReason !== null;
    if (isOver && (await ports.inbox.runOf(saidKey(request.said))) !== run.id)
      return await nothingRuns(ports, request);
    return await act(ports, request, run);
  };
}

/** `/agent retry` means the newest run of a thread: another one has come since the box was written, or this is it. */
async function retryNewest(ports: TriggerPorts, request: CommandRequest, run: Run): Promise<DeliveryOutcome> {
  const headRef = await headRefOf(ports, request.thread);
  const newest = (await findRunsOfThread(ports, request.thread, headRef)).find(isWork);
  if (newest?.id === run.id || newest?.triggerKey === saidKey(request.said))
    return await retry(ports, request);
  return await refuseCommand(ports, request, { code: 'box-stale', body: controlTexts.notNewest });
}

/** Of several boxes in one edit: what was started, else what was done, else why not. */
function mostTelling(outcomes: readonly DeliveryOutcome[]): DeliveryOutcome {
  const kinds = ['accepted', 'applied', 'refused'] as const;
  for (const kind of kinds) {
    const found = outcomes.find((outcome) => outcome.kind === kind);
    if (found) return found;
  }
  return outcomes[0] ?? { kind: 'ignored', why: 'no box was ticked' };
}
