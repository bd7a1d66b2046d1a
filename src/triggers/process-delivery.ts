import type { z } from 'zod';
import { AppError, isAppError } from '../domain/app-error.ts';
import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import { type Asker, refuse } from './answer-person.ts';

import { handleBoxes } from './handle-boxes.ts';

import { handleButton, handleRerun } from './handle-button.ts';

import { handleCheckRun, handleCheckSuite, handleStatus, handleWorkflowRun } from './handle-checks.ts';

import {
  handleIssueClosed,
  handleIssueGone,
  handleIssueLocked,
  handlePullClosed,
  handleRemovedRepositories,
  handleUninstall,
  handleUnlabel,
} from './handle-ending.ts';
import { handleIssueLabel, handlePullLabel } from './handle-label.ts';
import { handlePush, handleSynchronize } from './handle-moved.ts';
import { handleComment, handleReview, handleReviewComment } from './handle-said.ts';
import {
  checkRunPayload,
  checkSuitePayload,
  commentPayload,
  endedCheckPayload,
  installationPayload,
  issueEditedPayload,
  issueLabelPayload,
  issuesPayload,
  pullLabelPayload,
  pullMovedPayload,
  pullPayload,
  pushPayload,
  removedRepositoriesPayload,
  reviewCommentPayload,
  reviewPayload,
  statusPayload,
  workflowRunPayload,
} from './payload-shapes.ts';

import { replyTexts } from './reply-texts.ts';
import { issueTarget, type TriggerPorts, threadOf } from './trigger-ports.ts';

/** Turns stored deliveries into runs, cancellations and answers. */
export interface DeliveryProcessor {
  /**
   * Never throws for what a payload holds. Throws what may be better later (`github-unavailable`,
   * `postgres-unavailable`, ...); then the delivery is to be tried again, which repeats no visible effect.
   */
  process(delivery: Delivery): Promise<DeliveryOutcome>;
}

type Handler = (ports: TriggerPorts, delivery: Delivery) => Promise<DeliveryOutcome>;

/** A payload that lacks a part that we read ends here, with the place of the first thing that is wrong. */
function reading<S extends z.ZodType>(
  schema: S,
  handle: (ports: TriggerPorts, payload: z.output<S>, delivery: Delivery) => Promise<DeliveryOutcome>,
): Handler {
  return async (ports, delivery) => {
    const parsed = schema.safeParse(delivery.payload);
    if (parsed.success) return handle(ports, parsed.data, delivery);
    const place = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
    return { kind: 'ignored', why: `malformed payload at ${place === '' ? 'the top' : place}` };
  };
}

const handlers: Readonly<Record<string, Handler>> = {
  'issues.labeled': reading(issueLabelPayload, (ports, payload, delivery) =>
    handleIssueLabel(ports, delivery, payload),
  ),
  'issues.unlabeled': reading(issueLabelPayload, handleUnlabel),
  'issues.closed': reading(issuesPayload, handleIssueClosed),
  'issues.edited': reading(issueEditedPayload, handleBoxes),
  'issues.locked': reading(issuesPayload, handleIssueLocked),
  'issues.deleted': reading(issuesPayload, handleIssueGone),
  'issues.transferred': reading(issuesPayload, handleIssueGone),
  'issue_comment.created': reading(commentPayload, (ports, payload, delivery) =>
    handleComment(ports, delivery, payload),
  ),
  'pull_request_review.submitted': reading(reviewPayload, handleReview),
  'pull_request_review_comment.created': reading(reviewCommentPayload, handleReviewComment),
  'pull_request.labeled': reading(pullLabelPayload, handlePullLabel),
  'check_run.completed': reading(endedCheckPayload, handleCheckRun),
  'check_suite.completed': reading(checkSuitePayload, handleCheckSuite),
  'status.': reading(statusPayload, handleStatus),
  'workflow_run.completed': reading(workflowRunPayload, handleWorkflowRun),
  'pull_request.closed': reading(pullPayload, handlePullClosed),
  'pull_request.synchronize': reading(pullMovedPayload, handleSynchronize),
  'push.': reading(pushPayload, handlePush),
  'check_run.requested_action': reading(checkRunPayload, handleButton),
  'check_run.rerequested': reading(checkRunPayload, handleRerun),
  'installation.deleted': reading(installationPayload, handleUninstall),
  'installation.suspend': reading(installationPayload, handleUninstall),
  'installation_repositories.removed': reading(removedRepositoriesPayload, handleRemovedRepositories),
};

/** See `DeliveryProcessor`. */
export function createDeliveryProcessor(ports: TriggerPorts): DeliveryProcessor {
  return {
    async process(delivery) {
      const name = `${delivery.event}.${delivery.action ?? ''}`;
      const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
      if (handler === undefined) return { kind: 'ignored', why: `nothing to do for ${name}` };
      try {
        return await handler(ports, delivery);
      } catch (error) {
        return await refusedByGithub(ports, delivery, error);
      }
    },
  };
}

/** What GitHub will answer next time too ends the delivery; the operator's log says what to change. */
async function refusedByGithub(
  ports: TriggerPorts,
  delivery: Delivery,
  error: unknown,
): Promise<DeliveryOutcome> {
  if (!isAppError(error) || error.disposition === 'retry') throw asError(error);
  const { code } = error;
  ports.log.error('trigger.failed', {
    guid: delivery.guid,
    event: delivery.event,
    code,
    cause: error.message,
  });
  const asker = code === 'github-forbidden' ? askerOf(delivery) : undefined;
  if (asker === undefined) return { kind: 'refused', code };
  return refuse(ports, asker, { code, body: replyTexts.permissionMissing });
}

/** Whoever labelled or wrote a command is told; the other events are nobody's request. */
function askerOf(delivery: Delivery): Asker | undefined {
  if (delivery.action !== 'labeled' && delivery.action !== 'created') return undefined;
  const parsed = issuesPayload.safeParse(delivery.payload);
  if (!parsed.success || parsed.data.sender === null) return undefined;
  return { thread: threadOf(parsed.data, issueTarget(parsed.data.issue)), actor: parsed.data.sender };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new AppError('internal', 'A trigger failed', { cause: error });
}
