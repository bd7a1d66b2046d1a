import type { Delivery, DeliveryOutcome } from '../../domain/delivery.ts';
import type { PublishableText } from '../../domain/ids.ts';
import type { JournalEvent } from '../../domain/journal-event.ts';
import type { Role } from '../../domain/repository.ts';
import type { Run } from '../../domain/run.ts';
import {
  messageKey,
  type NewRunMessage,
  type PostResult,
  type RunMessageKind,
} from '../../domain/run-inbox.ts';
import { sanitise } from '../../text/sanitise.ts';
import { findRunOfThread } from '../active-runs.ts';
import { tell } from '../answer-person.ts';
import type { ClassifiedActor } from '../authorise.ts';
import type { Command } from '../parse-command.ts';
import type { PayloadIssue } from '../payload-shapes.ts';
import { replyTexts } from '../reply-texts.ts';
import { type Said, saidKey } from '../said.ts';
import type { Thread, TriggerPorts } from '../trigger-ports.ts';

/** A command of somebody who may use it. */
export interface CommandRequest extends ClassifiedActor {
  readonly thread: Thread;
  readonly issue: PayloadIssue;
  readonly said: Said;
  readonly command: Command;
  readonly delivery: Delivery;
  readonly role: Role;
}

export type CommandHandler = (ports: TriggerPorts, request: CommandRequest) => Promise<DeliveryOutcome>;

/** Between GitHub's clock and the database's. */
const clockSkewMs = 60_000;

/**
 * The run that is meant, if it goes on. A command can arrive hours late; it does not mean a run that was started after
 * it. Taken up once more after a crash it means the run that has heard it, which may be over by now.
 */
export async function findMeantRun(ports: TriggerPorts, request: CommandRequest): Promise<Run | undefined> {
  const { thread, said } = request;
  const heardBy = await ports.inbox.runOf(saidKey(said));
  if (heardBy !== undefined) return await ports.runs.get(heardBy);
  const run = await findRunOfThread(ports, thread, await headRefOf(ports, thread));
  // One that is being stopped takes nothing any more.
  if (run === undefined || run.cancelReason !== null) return undefined;
  return wasThere(run, said.writtenAt) ? run : undefined;
}

/** Whether the run was there when the words were written; where nobody says when that was, it may be meant. */
export function wasThere({ createdAt }: Run, writtenAt: Date | null): boolean {
  return writtenAt === null || createdAt.getTime() <= writtenAt.getTime() + clockSkewMs;
}

/** On a pull request of our own the run belongs to the issue; the branch leads to it. */
export async function headRefOf(ports: TriggerPorts, thread: Thread): Promise<string | null> {
  if (thread.target.kind !== 'pull-request') return null;
  const pull = await ports.reader.pull(thread.at, thread.target.number);
  return pull?.headRepositoryId === thread.at.repositoryId ? pull.headRef : null;
}

/** A command that acts on the run that goes on; where there is none, the answer says so. */
export function onMeantRun(
  act: (ports: TriggerPorts, request: CommandRequest, run: Run) => Promise<DeliveryOutcome>,
): CommandHandler {
  return async (ports, request) => {
    const run = await findMeantRun(ports, request);
    return run ? await act(ports, request, run) : await nothingRuns(ports, request);
  };
}

/** What the run's journal says so far. */
export async function eventsOf(ports: TriggerPorts, { id }: Run): Promise<readonly JournalEvent[]> {
  return (await ports.journal.read(id)).map(({ event }) => event);
}

/** What it said when the command came: what the run took from the command on is left out where it was taken before a crash. */
export async function eventsBefore(
  ports: TriggerPorts,
  { id }: Run,
  { said }: Pick<CommandRequest, 'said'>,
): Promise<readonly JournalEvent[]> {
  const entries = await ports.journal.read(id);
  const taken = entries.findIndex(({ key }) => key === messageKey({ triggerKey: saidKey(said) }));
  return entries.slice(0, taken === -1 ? entries.length : taken).map(({ event }) => event);
}

/** Hands the words to the run; frozen here, so that an edit afterwards changes nothing. */
export async function postTo(
  ports: TriggerPorts,
  run: Run,
  request: Pick<CommandRequest, 'said' | 'actor' | 'role'>,
  message: { readonly kind: RunMessageKind; readonly text: string },
): Promise<PostResult> {
  const { said, actor, role } = request;
  const posted: NewRunMessage = {
    runId: run.id,
    kind: message.kind,
    text: sanitise(message.text, 'command').text,
    actor,
    role,
    commentId: said.where === 'comment' ? said.id : null,
    triggerKey: saidKey(said),
  };
  const result = await ports.inbox.post(posted);
  ports.log.info('trigger.message', { runId: run.id, kind: message.kind, result });
  return result;
}

/** Answers the command once. */
export async function answer(
  ports: TriggerPorts,
  request: CommandRequest,
  given: { readonly outcome: DeliveryOutcome; readonly body: PublishableText },
): Promise<DeliveryOutcome> {
  await tell(ports, request, { key: `answer:${saidKey(request.said)}`, body: given.body });
  return given.outcome;
}

/** The command has nothing that it could act on; the answer says what to do instead. */
export function refuseCommand(
  ports: TriggerPorts,
  request: CommandRequest,
  refusal: { readonly code: string; readonly body: PublishableText },
): Promise<DeliveryOutcome> {
  return answer(ports, request, { outcome: { kind: 'refused', code: refusal.code }, body: refusal.body });
}

/** There is no run to act on. */
export function nothingRuns(ports: TriggerPorts, request: CommandRequest): Promise<DeliveryOutcome> {
  const body = replyTexts.idle(ports.labelName);
  return refuseCommand(ports, request, { code: 'nothing-running', body });
}
