import type { DeliveryOutcome } from '../../domain/delivery.ts';
import { isWork, type Run, type Work } from '../../domain/run.ts';
import { namesHash } from '../../domain/waits.ts';
import { findRunOfThread, findRunsOfThread } from '../active-runs.ts';
import { type AcceptedTrigger, createIssueRun, createPullRun, startedBefore } from '../create-run.ts';
import type { PayloadIssue } from '../payload-shapes.ts';
import { replyTexts } from '../reply-texts.ts';
import { saidKey } from '../said.ts';
import type { TriggerPorts } from '../trigger-ports.ts';
import {
  answer,
  type CommandHandler,
  type CommandRequest,
  eventsOf,
  headRefOf,
  refuseCommand,
} from './command-request.ts';

/**
 * `/agent retry`: the newest run of the thread once more. Its input is the one that was frozen then: whoever edited
 * the issue since has asked for nothing.
 */
export const retry: CommandHandler = async (ports, request) => {
  const headRef = await headRefOf(ports, request.thread);
  const runs = await findRunsOfThread(ports, request.thread, headRef);
  const mine = runs.find(({ triggerKey }) => triggerKey === saidKey(request.said));
  if (mine) return await answerOnce(ports, request, mine);
  const active = await findRunOfThread(ports, request.thread, headRef);
  if (active) return await refuseActive(ports, request, active);
  const work = runs.filter(isWork);
  const [newest] = work;
  if (!newest) {
    const body = replyTexts.nothingToRetry(ports.labelName);
    return await refuseCommand(ports, request, { code: 'nothing-to-retry', body });
  }
  if (request.command.text === '') return await startAgain(ports, request, { again: newest });
  return await goOn(ports, request, await keptCheckpoints(ports, work));
};

/** A checkpoint by its beginning, in backquotes or not. */
const fromCheckpoint = /^from\s+`?([0-9a-f]{1,64})`?$/i;
/** Of a thread, how many of the newest runs are asked for what they kept. */
const runsAsked = 20;

interface Start {
  readonly again: Work;
  readonly from?: NonNullable<Run['from']>;
}

async function keptCheckpoints(
  ports: TriggerPorts,
  work: readonly Work[],
): Promise<readonly Required<Start>[]> {
  const kept: Required<Start>[] = [];
  for (const again of work.slice(0, runsAsked)) {
    const event = (await eventsOf(ports, again)).findLast(({ kind }) => kind === 'checkpoints.kept');
    if (event?.kind !== 'checkpoints.kept') continue;
    for (const tree of event.trees) kept.push({ again, from: { run: again.id, tree } });
  }
  return kept;
}

/** `from <checkpoint>`: what is not kept, or fits several, is answered with those that are. */
async function goOn(
  ports: TriggerPorts,
  request: CommandRequest,
  kept: readonly Required<Start>[],
): Promise<DeliveryOutcome> {
  const { text } = request.command;
  const written = fromCheckpoint.exec(text.trim())?.[1] ?? '';
  const named = kept.filter(({ from }) => namesHash(written, from.tree));
  const trees = new Set(named.map(({ from }) => from.tree));
  const [start] = named;
  if (start && trees.size === 1) return await startAgain(ports, request, start);
  const known = [...new Set(kept.map(({ from }) => from.tree))];
  const body = replyTexts.noCheckpoint(written === '' ? text : written, known);
  return await refuseCommand(ports, request, { code: 'checkpoint-unknown', body });
}

/** The delivery is taken up once more: the process may have died between the run and its answer. */
async function answerOnce(ports: TriggerPorts, request: CommandRequest, mine: Run): Promise<DeliveryOutcome> {
  return await answer(ports, request, {
    outcome: startedBefore,
    body: replyTexts.retrying(mine.retryOf ?? mine.id, mine),
  });
}

async function refuseActive(
  ports: TriggerPorts,
  request: CommandRequest,
  active: Run,
): Promise<DeliveryOutcome> {
  const body = replyTexts.active(active, await ports.runs.queuePlace(active.id));
  return await refuseCommand(ports, request, { code: 'run-active', body });
}

async function startAgain(
  ports: TriggerPorts,
  request: CommandRequest,
  { again, from }: Start,
): Promise<DeliveryOutcome> {
  const accepted = { ...acceptedOf(request, again), ...(from ? { from } : {}) };
  if (again.target.kind === 'issue') {
    const { number } = again.target;
    const issue = await ports.reader.issue(request.thread.at, number);
    if (issue?.state !== 'open')
      return await refuseCommand(ports, request, {
        code: 'issue-closed',
        body: replyTexts.retryClosed(number),
      });
  }
  const outcome =
    again.target.kind === 'issue'
      ? await createIssueRun(ports, accepted)
      : await createPullRun(ports, accepted);
  if (outcome.kind !== 'accepted') return outcome;
  return await answer(ports, request, { outcome, body: replyTexts.retrying(again.id, again) });
}

/** A run like another one, in the name of whoever asks now; where it was asked for is where answers go. */
export function acceptedOf(request: CommandRequest, again: Work): AcceptedTrigger {
  const { thread, said, actor, role, appId, delivery } = request;
  return {
    thread: { ...thread, target: again.target },
    askedOn: thread,
    issue: issueOf(again),
    actor,
    role,
    appId,
    askedAt: said.writtenAt,
    trigger: again.trigger,
    triggerKey: saidKey(said),
    commentId: said.where === 'comment' ? said.id : null,
    instruction: again.input.instruction,
    delivery,
    again,
  };
}

/** The issue or pull request as it was frozen. */
export function issueOf({ target, input }: Run): PayloadIssue {
  const { number, htmlUrl } = target;
  const { title, body, author } = input;
  return { number, title, body, html_url: htmlUrl, user: author, updated_at: null };
}
