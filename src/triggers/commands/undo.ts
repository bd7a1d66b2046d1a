import type { DeliveryOutcome } from '../../domain/delivery.ts';
import type { ForgePull } from '../../domain/forge.ts';
import { isWork, type Run } from '../../domain/run.ts';
import { branchOf, findRunOfThread, findRunsOfThread } from '../active-runs.ts';
import { createUndoRun, startedBefore } from '../create-run.ts';
import { replyTexts } from '../reply-texts.ts';
import { saidKey } from '../said.ts';
import type { TriggerPorts } from '../trigger-ports.ts';
import {
  answer,
  type CommandHandler,
  type CommandRequest,
  headRefOf,
  refuseCommand,
} from './command-request.ts';
import { acceptedOf } from './retry.ts';

/** How many of an issue's newest runs are asked for an open pull request. */
const runsAsked = 10;

/**
 * `/agent undo`: takes back our commits on an open pull request. A run like any other, so that it is fenced, recorded
 * and taken up after a crash like any other; which commits are ours is for it to prove.
 */
export const undo: CommandHandler = async (ports, request) => {
  const { thread } = request;
  const onPull = thread.target.kind === 'pull-request';
  const runs = await findRunsOfThread(ports, thread, await headRefOf(ports, thread));
  const mine = runs.find(({ triggerKey }) => triggerKey === saidKey(request.said));
  const work = runs.filter(isWork);
  const pull = onPull
    ? await ports.reader.pull(thread.at, thread.target.number)
    : await openPullOf(ports, request, work);
  if (mine && pull) return await answerOnce(ports, request, pull);
  const active = await findRunOfThread(ports, thread, pull?.headRef ?? null);
  if (active) {
    const body = replyTexts.undoActive(active, await ports.runs.queuePlace(active.id));
    return await refuseCommand(ports, request, { code: 'run-active', body });
  }
  const [newest] = work;
  if (!pull || !newest)
    return await refuseCommand(ports, request, { code: 'nothing-to-undo', body: replyTexts.nothingToUndo });
  const accepted = { ...acceptedOf(request, newest), trigger: 'undo', again: newest } as const;
  const outcome = await createUndoRun(ports, accepted, pull.number);
  if (outcome.kind !== 'accepted') return outcome;
  return await answer(ports, request, { outcome, body: replyTexts.undoing(pull.number) });
};

/** The newest run of an issue whose branch has an open pull request. */
async function openPullOf(
  ports: TriggerPorts,
  { thread: { at } }: CommandRequest,
  runs: readonly Run[],
): Promise<ForgePull | undefined> {
  for (const run of runs.slice(0, runsAsked)) {
    const pull = await ports.reader.openPullByHead(at, await branchOf(ports, run));
    if (pull) return pull;
  }
  return undefined;
}

/** The delivery is taken up once more: the process may have died between the run and its answer. */
async function answerOnce(
  ports: TriggerPorts,
  request: CommandRequest,
  { number }: ForgePull,
): Promise<DeliveryOutcome> {
  return await answer(ports, request, { outcome: startedBefore, body: replyTexts.undoing(number) });
}
