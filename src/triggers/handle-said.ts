import type { z } from 'zod';
import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import { acknowledgeSaid, refusedSilently } from './answer-person.ts';
import { admitActor, authorise } from './authorise.ts';
import { type KnownWord, readWord } from './command-grammar.ts';
import { commandHandlers } from './commands/command-handlers.ts';
import { type CommandRequest, refuseCommand } from './commands/command-request.ts';
import { isControlIssue } from './control-issue.ts';
import { controlTexts } from './control-texts.ts';
import { hearWords } from './hear-words.ts';
import { parseCommand } from './parse-command.ts';
import type { CommentPayload, PayloadIssue, reviewCommentPayload, reviewPayload } from './payload-shapes.ts';
import { requestChanges } from './rounds/request-changes.ts';
import { issueOfPull, type Said, saidInComment, saidInReview, saidOnLine } from './said.ts';
import { steeringTexts } from './steering-texts.ts';
import { issueTarget, type TriggerPorts, threadOf } from './trigger-ports.ts';

interface Heard {
  readonly said: Said;
  readonly issue: PayloadIssue;
  readonly delivery: Delivery;
}

/** `issue_comment.created`. Edited comments never come here. */
export function handleComment(
  ports: TriggerPorts,
  delivery: Delivery,
  payload: CommentPayload,
): Promise<DeliveryOutcome> {
  return hear(ports, payload, { said: saidInComment(payload), issue: payload.issue, delivery });
}

/** `pull_request_review.submitted`: what the review says as a whole, and the changes that it requests. */
export function handleReview(
  ports: TriggerPorts,
  payload: z.output<typeof reviewPayload>,
  delivery: Delivery,
): Promise<DeliveryOutcome> {
  // A command says itself what is wanted.
  const isCommand = parseCommand(payload.review.body ?? '') !== undefined;
  if (payload.review.state === 'changes_requested' && !isCommand)
    return requestChanges(ports, payload, delivery);
  const issue = issueOfPull(payload.pull_request);
  return hear(ports, payload, { said: saidInReview(payload), issue, delivery });
}

/** `pull_request_review_comment.created`: a comment on a line. */
export function handleReviewComment(
  ports: TriggerPorts,
  payload: z.output<typeof reviewCommentPayload>,
  delivery: Delivery,
): Promise<DeliveryOutcome> {
  const issue = issueOfPull(payload.pull_request);
  return hear(ports, payload, { said: saidOnLine(payload), issue, delivery });
}

/** On which thread, and who sent it, is in the payload of all three. */
type SaidPayload = Pick<CommentPayload, 'installation' | 'repository' | 'sender'>;

/** The first command of the text, if there is one; otherwise the words may be meant for a run under way. */
async function hear(
  ports: TriggerPorts,
  payload: SaidPayload,
  { said, issue, delivery }: Heard,
): Promise<DeliveryOutcome> {
  const { sender } = payload;
  const thread = threadOf(payload, issueTarget(issue));
  const command = parseCommand(said.text);
  if (command === undefined) return await hearWords(ports, { said, thread, sender });
  if (sender?.id !== said.author?.id) return refusedSilently(ports, thread, 'actor-absent');
  const admitted = admitActor(ports, thread, { sender, appId: said.appId });
  if ('kind' in admitted) return admitted;
  if (thread.archived) return refusedSilently(ports, thread, 'repository-archived');
  await acknowledgeSaid(ports, thread, said);
  const word = readWord(command.word);
  const authorised = await authorise(ports, thread, {
    ...admitted,
    // A word that nobody knows is answered to everybody who may ask for help.
    verb: word.kind === 'known' ? word.entry.verb : 'help',
    isAuthor: issue.user?.id === admitted.actor.id,
  });
  if (!authorised.ok) return authorised.outcome;
  const { role } = authorised;
  return await obey(ports, { ...admitted, thread, issue, said, command, delivery, role }, word);
}

async function obey(ports: TriggerPorts, request: CommandRequest, word: KnownWord): Promise<DeliveryOutcome> {
  if (word.kind === 'unknown') {
    const body = steeringTexts.unknown(request.command.word, word.nearest);
    return await refuseCommand(ports, request, { code: 'command-unknown', body });
  }
  const { thread, issue } = request;
  if (word.entry.least !== 'read' && (await isControlIssue(ports, thread, issue)))
    return await refuseCommand(ports, request, { code: 'control-issue', body: controlTexts.nothingStarts });
  return await commandHandlers[word.entry.word](ports, request);
}
