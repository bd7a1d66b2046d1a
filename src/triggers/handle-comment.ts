import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import type { PublishableText } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';
import { findRunOfThread } from './active-runs.ts';
import { acknowledge, refusedSilently, tell } from './answer-person.ts';
import { admitActor, authorise, type ClassifiedActor } from './authorise.ts';
import type { Verb } from './authority.ts';
import { createIssueRun, createPullRun } from './create-run.ts';
import { type AvailableVerb, type KnownWord, readVerb } from './known-verbs.ts';
import { readOpenIssue } from './open-issue.ts';
import { type Command, parseCommand } from './parse-command.ts';
import type { CommentPayload } from './payload-shapes.ts';
import { replyTexts } from './reply-texts.ts';
import { issueTarget, type Thread, type TriggerPorts, threadOf } from './trigger-ports.ts';

/** Between GitHub's clock and the database's. */
const clockSkewMs = 60_000;

/** `issue_comment.created`: the first command of the comment, if there is one. Edited comments never come here. */
export async function handleComment(
  ports: TriggerPorts,
  delivery: Delivery,
  payload: CommentPayload,
): Promise<DeliveryOutcome> {
  const command = parseCommand(payload.comment.body);
  if (command === undefined) return { kind: 'ignored', why: 'no command' };
  const thread = threadOf(payload, issueTarget(payload.issue));
  const { comment, sender } = payload;
  if (sender?.id !== comment.user?.id) return refusedSilently(ports, thread, 'actor-absent');
  const admitted = admitActor(ports, thread, { sender, appId: comment.performed_via_github_app });
  if ('kind' in admitted) return admitted;
  if (thread.archived) return refusedSilently(ports, thread, 'repository-archived');
  await acknowledge(ports, thread, comment.id);
  const word = readVerb(command.word);
  const authorised = await authorise(ports, thread, {
    ...admitted,
    verb: verbOf(word),
    isAuthor: payload.issue.user !== null && payload.issue.user.id === admitted.actor.id,
  });
  if (!authorised.ok) return authorised.outcome;
  const request: CommandRequest = { ...admitted, thread, payload, command, delivery, role: authorised.role };
  switch (word.kind) {
    case 'available':
      return perform(ports, request, word.verb);
    case 'later':
      return answerOnly(ports, request, { code: 'command-later', body: replyTexts.later(word.verb) });
    case 'unknown':
      return answerOnly(ports, request, {
        code: 'command-unknown',
        body: replyTexts.unknown(command.word, word.nearest),
      });
    default:
      return { kind: 'ignored', why: 'no command' };
  }
}

interface CommandRequest extends ClassifiedActor {
  readonly thread: Thread;
  readonly payload: CommentPayload;
  readonly command: Command;
  readonly delivery: Delivery;
  readonly role: Parameters<typeof createIssueRun>[1]['role'];
}

/** A word that nobody knows is answered to everybody who may ask for help. */
function verbOf(word: KnownWord): Verb {
  return word.kind === 'unknown' ? 'help' : word.verb;
}

async function perform(
  ports: TriggerPorts,
  request: CommandRequest,
  verb: AvailableVerb,
): Promise<DeliveryOutcome> {
  switch (verb) {
    case 'fix':
      return fix(ports, request);
    case 'stop':
      return stop(ports, request);
    case 'status':
      return status(ports, request);
    case 'help':
      await tellOnce(ports, request, replyTexts.help(ports.labelName));
      return { kind: 'applied', what: 'help' };
    default:
      return { kind: 'ignored', why: 'no command' };
  }
}

async function fix(ports: TriggerPorts, request: CommandRequest): Promise<DeliveryOutcome> {
  const { thread, payload, command, actor, role, delivery } = request;
  const accepted = {
    thread,
    issue: payload.issue,
    actor,
    role,
    appId: request.appId,
    askedAt: payload.comment.created_at,
    trigger: 'fix',
    triggerKey: triggerKeyOf(request),
    commentId: payload.comment.id,
    instruction: command.text === '' ? null : command.text,
    delivery,
  } as const;
  if (thread.target.kind === 'pull-request') return createPullRun(ports, accepted);
  const open = await readOpenIssue(ports, request);
  if (!open.ok) return open.outcome;
  return createIssueRun(ports, accepted);
}

async function stop(ports: TriggerPorts, request: CommandRequest): Promise<DeliveryOutcome> {
  const run = await findRunOfThread(ports, request.thread, await headRefOf(ports, request.thread));
  const meant = run !== undefined && !isYounger(run, request.payload.comment.created_at);
  const stopping = meant && (await ports.runs.requestCancel(run.id, 'stopped by a command'));
  if (!stopping) {
    return answerOnly(ports, request, { code: 'nothing-running', body: replyTexts.idle(ports.labelName) });
  }
  ports.log.info('trigger.cancelled', { runId: run.id, reason: 'stopped by a command' });
  await tellOnce(ports, request, replyTexts.stopping(run));
  return { kind: 'applied', what: 'stop' };
}

/** A command can arrive hours late; it does not mean a run that was started after it was written. */
function isYounger({ createdAt }: Run, writtenAt: Date | null): boolean {
  return writtenAt !== null && createdAt.getTime() > writtenAt.getTime() + clockSkewMs;
}

async function status(ports: TriggerPorts, request: CommandRequest): Promise<DeliveryOutcome> {
  const run = await findRunOfThread(ports, request.thread, await headRefOf(ports, request.thread));
  const body =
    run === undefined
      ? replyTexts.idle(ports.labelName)
      : replyTexts.status(run, await ports.runs.queuePlace(run.id));
  await tellOnce(ports, request, body);
  return { kind: 'applied', what: 'status' };
}

/** On a pull request of our own the run belongs to the issue; the branch leads to it. */
async function headRefOf(ports: TriggerPorts, thread: Thread): Promise<string | null> {
  if (thread.target.kind !== 'pull-request') return null;
  const pull = await ports.reader.pull(thread.at, thread.target.number);
  return pull?.headRepositoryId === thread.at.repositoryId ? pull.headRef : null;
}

async function answerOnly(
  ports: TriggerPorts,
  request: CommandRequest,
  answer: { readonly code: string; readonly body: PublishableText },
): Promise<DeliveryOutcome> {
  await tellOnce(ports, request, answer.body);
  return { kind: 'refused', code: answer.code };
}

function tellOnce(ports: TriggerPorts, request: CommandRequest, body: PublishableText): Promise<void> {
  return tell(ports, request, { key: `answer:${triggerKeyOf(request)}`, body });
}

function triggerKeyOf(request: CommandRequest): string {
  return `comment:${request.payload.comment.id}`;
}
