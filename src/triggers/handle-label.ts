import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import type { LabelEvent } from '../domain/forge.ts';
import type { Actor } from '../domain/repository.ts';
import { refuse, refusedSilently, tell } from './answer-person.ts';
import { admitActor, authorise, type ClassifiedActor } from './authorise.ts';
import { isControlIssue } from './control-issue.ts';
import { controlTexts } from './control-texts.ts';
import { createIssueRun } from './create-run.ts';
import { readOpenIssue } from './open-issue.ts';
import type { IssueLabelPayload, PullLabelPayload } from './payload-shapes.ts';
import { replyTexts } from './reply-texts.ts';
import { isLabel, issueTarget, type Thread, type TriggerPorts, threadOf } from './trigger-ports.ts';

/** `issues.labeled`: starts a run when the label is ours, still there, and was put on by somebody who may. */
export async function handleIssueLabel(
  ports: TriggerPorts,
  delivery: Delivery,
  payload: IssueLabelPayload,
): Promise<DeliveryOutcome> {
  if (!isLabel(ports, payload.label.name)) return { kind: 'ignored', why: 'another label' };
  const thread = threadOf(payload, issueTarget(payload.issue));
  if (thread.target.kind === 'pull-request') return explainPullLabel(ports, thread, payload.sender);
  if (thread.archived) return refusedSilently(ports, thread, 'repository-archived');
  const labeller = await admitLabeller(ports, thread, payload);
  if ('kind' in labeller) return labeller;
  const { admitted, event } = labeller;
  const { actor } = admitted;
  const authorised = await authorise(ports, thread, { ...admitted, verb: 'label', isAuthor: false });
  if (!authorised.ok) return authorised.outcome;
  const open = await readOpenIssue(ports, { thread, actor });
  if (!open.ok) return open.outcome;
  if (!open.issue.labels.some((name) => isLabel(ports, name))) {
    return { kind: 'ignored', why: 'the label was taken off again' };
  }
  return createIssueRun(ports, {
    thread,
    issue: payload.issue,
    actor,
    role: authorised.role,
    appId: admitted.appId,
    askedAt: event?.at ?? payload.issue.updated_at,
    trigger: 'label',
    triggerKey: `label:${thread.target.number}:${event?.id ?? delivery.guid}`,
    commentId: null,
    instruction: null,
    delivery,
  });
}

/** `pull_request.labeled`: the label does nothing there, which people are told. */
export async function handlePullLabel(
  ports: TriggerPorts,
  payload: PullLabelPayload,
): Promise<DeliveryOutcome> {
  if (!isLabel(ports, payload.label.name)) return { kind: 'ignored', why: 'another label' };
  const { number, html_url: htmlUrl } = payload.pull_request;
  return explainPullLabel(
    ports,
    threadOf(payload, { kind: 'pull-request', number, htmlUrl }),
    payload.sender,
  );
}

async function explainPullLabel(
  ports: TriggerPorts,
  thread: Thread,
  sender: Actor | null,
): Promise<DeliveryOutcome> {
  const admitted = admitActor(ports, thread, { sender, appId: null });
  if ('kind' in admitted) return admitted;
  const { actor } = admitted;
  const day = ports.clock.now().toISOString().slice(0, 10);
  const key = `pull-label:${thread.at.repositoryId}:${thread.target.number}:${actor.id}:${day}`;
  await tell(ports, { thread, actor }, { key, body: replyTexts.pullLabelled(ports.labelName) });
  return { kind: 'refused', code: 'label-on-pull' };
}

interface Labeller {
  readonly admitted: ClassifiedActor;
  /** Undefined where GitHub does not list it (yet). */
  readonly event: LabelEvent | undefined;
}

async function admitLabeller(
  ports: TriggerPorts,
  thread: Thread,
  payload: IssueLabelPayload,
): Promise<Labeller | DeliveryOutcome> {
  const { sender } = payload;
  // Our own bot is turned away before anything is asked of GitHub: it must not cost a request for each label.
  const unread = admitActor(ports, thread, { sender, appId: null });
  const isOtherBot = sender?.type === 'Bot' && 'kind' in unread && unread.kind === 'refused';
  if ('kind' in unread && !(isOtherBot && ports.trustedAppIds.length > 0)) return unread;
  const event = await newestEvent(ports, thread, payload);
  const admitted = admitActor(ports, thread, { sender, appId: event?.appId ?? null });
  if ('kind' in admitted) return admitted;
  if (!(await isControlIssue(ports, thread, payload.issue))) return { admitted, event };
  const asker = { thread, actor: admitted.actor };
  return await refuse(ports, asker, { code: 'control-issue', body: controlTexts.nothingStarts });
}

/** The payload does not name the event; the newest one by the same actor is it, or a later one of the same person. */
async function newestEvent(
  ports: TriggerPorts,
  thread: Thread,
  payload: IssueLabelPayload,
): Promise<LabelEvent | undefined> {
  const { sender } = payload;
  if (sender === null) return undefined;
  const events = await ports.reader.labelEvents(thread.at, thread.target.number, payload.label.name);
  return events.findLast(({ actor }) => actor.id === sender.id);
}
