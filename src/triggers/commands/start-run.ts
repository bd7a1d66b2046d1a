import type { DeliveryOutcome } from '../../domain/delivery.ts';
import { type AcceptedTrigger, createIssueRun, createPullRun } from '../create-run.ts';
import { readOpenIssue } from '../open-issue.ts';
import { replyTexts } from '../reply-texts.ts';
import { startRound } from '../rounds/start-round.ts';
import { saidKey } from '../said.ts';
import type { TriggerPorts } from '../trigger-ports.ts';
import { type CommandHandler, type CommandRequest, refuseCommand } from './command-request.ts';

/** `/agent fix`: on an issue the label with a text, on a pull request work on its branch. */
export const fix: CommandHandler = (ports, request) => start(ports, request, 'fix');

/** `/agent plan`: the same, up to a plan that waits for its approval. */
export const plan: CommandHandler = (ports, request) => start(ports, request, 'plan');

/** `/agent review`: a look at a pull request, without changing anything. */
export const review: CommandHandler = (ports, request) =>
  request.thread.target.kind === 'pull-request'
    ? start(ports, request, 'review')
    : refuseCommand(ports, request, { code: 'no-pull', body: replyTexts.reviewWhat });

async function start(
  ports: TriggerPorts,
  request: CommandRequest,
  trigger: 'fix' | 'plan' | 'review',
): Promise<DeliveryOutcome> {
  const { thread, issue, said, command, actor, role, delivery } = request;
  const accepted = {
    thread,
    issue,
    actor,
    role,
    appId: request.appId,
    askedAt: said.writtenAt,
    triggerKey: saidKey(said),
    commentId: said.where === 'comment' ? said.id : null,
    instruction: command.text === '' ? null : command.text,
    delivery,
  } as const;
  if (thread.target.kind === 'pull-request')
    return await startOnPull(ports, request, { ...accepted, trigger });
  const open = await readOpenIssue(ports, request);
  return open.ok ? await createIssueRun(ports, { ...accepted, trigger }) : open.outcome;
}

/** In the text of a review it is meant for the review's comments. */
async function startOnPull(
  ports: TriggerPorts,
  { said, actor }: CommandRequest,
  accepted: AcceptedTrigger,
): Promise<DeliveryOutcome> {
  if (said.where !== 'review' || accepted.trigger !== 'fix') return await createPullRun(ports, accepted);
  return await startRound(ports, {
    ...accepted,
    review: { id: said.id, reviewer: actor, at: said.writtenAt },
  });
}
