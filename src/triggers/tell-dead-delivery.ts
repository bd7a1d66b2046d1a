import type { Delivery } from '../domain/delivery.ts';
import type { Actor } from '../domain/repository.ts';
import { newlyTicked } from '../text/boxes.ts';
import { type TellPorts, tell } from './answer-person.ts';
import { parseCommand } from './parse-command.ts';
import {
  checkRunPayload,
  commentPayload,
  issueEditedPayload,
  issueLabelPayload,
  reviewPayload,
} from './payload-shapes.ts';
import { replyTexts } from './reply-texts.ts';
import { issueOfPull } from './said.ts';
import { issueTarget, type Thread, threadOf } from './trigger-ports.ts';

export interface TellDeadPorts extends TellPorts {
  readonly labelName: string;
}

/**
 * Tells the person whose request died on the way to a run, which would otherwise end in silence; once per person and
 * thread a day, as refusals. Deliveries that ask for nothing are nobody's request.
 */
export async function tellDeadDelivery(ports: TellDeadPorts, delivery: Delivery): Promise<void> {
  const request = requestOf(ports, delivery);
  if (!request?.actor) return;
  const { thread, actor } = request;
  const day = delivery.receivedAt.toISOString().slice(0, 10);
  const key = `dead:${thread.at.repositoryId}:${thread.target.number}:${actor.id}:${day}`;
  await tell(ports, { thread, actor }, { key, body: replyTexts.notProcessed });
}

type Request = { readonly thread: Thread; readonly actor: Actor | null } | undefined;

/** What in a delivery of this kind may be somebody's request. */
const requests: Readonly<Record<string, (payload: unknown, labelName: string) => Request>> = {
  'issues.labeled': requestOfLabel,
  'issues.edited': requestOfBox,
  'issue_comment.created': requestOfComment,
  'pull_request_review.submitted': reviewRequest,
  'check_run.requested_action': requestOfButton,
};

function requestOf({ labelName }: TellDeadPorts, { event, action, payload }: Delivery): Request {
  return requests[`${event}.${action}`]?.(payload, labelName);
}

function requestOfLabel(payload: unknown, labelName: string): Request {
  const { data } = issueLabelPayload.safeParse(payload);
  if (data?.label.name.toLowerCase() !== labelName.toLowerCase()) return undefined;
  return { thread: threadOf(data, issueTarget(data.issue)), actor: data.sender };
}

function requestOfComment(payload: unknown): Request {
  const { data } = commentPayload.safeParse(payload);
  if (!data || parseCommand(data.comment.body) === undefined) return undefined;
  return { thread: threadOf(data, issueTarget(data.issue)), actor: data.comment.user };
}

/** Changes requested on a bot's pull request may have been meant for us; on a person's they were not. */
function reviewRequest(payload: unknown): Request {
  const { data } = reviewPayload.safeParse(payload);
  if (!data) return undefined;
  const { review, pull_request: pull } = data;
  const isRequest = review.state === 'changes_requested' && pull.user?.type === 'Bot';
  if (!isRequest && parseCommand(review.body ?? '') === undefined) return undefined;
  return { thread: threadOf(data, issueTarget(issueOfPull(pull))), actor: review.user };
}

/** Only what a bot wrote can hold a box of ours. */
function requestOfBox(payload: unknown): Request {
  const { data } = issueEditedPayload.safeParse(payload);
  const from = data?.changes?.body?.from;
  if (!data || from === undefined || data.issue.user?.type !== 'Bot') return undefined;
  if (newlyTicked(from, data.issue.body ?? '').length === 0) return undefined;
  return { thread: threadOf(data, issueTarget(data.issue)), actor: data.sender };
}

/** The check's run cannot be asked for here; the pull request that it stands on is in the payload. */
function requestOfButton(payload: unknown): Request {
  const { data } = checkRunPayload.safeParse(payload);
  const [pull] = data?.check_run.pull_requests ?? [];
  if (!data || !pull) return undefined;
  const htmlUrl = `${data.repository.html_url}/pull/${pull.number}`;
  return {
    thread: threadOf(data, { kind: 'pull-request', number: pull.number, htmlUrl }),
    actor: data.sender,
  };
}
