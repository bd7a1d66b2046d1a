import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import type { ForgePull, ForgeRepository } from '../domain/forge.ts';
import { type Actor, ghost, type Role } from '../domain/repository.ts';
import type { FrozenRound } from '../domain/round.ts';
import type { NewRun, Run, RunBranches, RunInput } from '../domain/run.ts';
import { type Asker, acknowledge, type Refusal, refuse, refusedSilently, tell } from './answer-person.ts';
import { readAppChain } from './app-chain.ts';
import { branchName } from './branch-name.ts';
import { freezeInput } from './freeze-input.ts';
import { freezeRemarks } from './freeze-remarks.ts';
import type { PayloadIssue } from './payload-shapes.ts';
import { replyTexts } from './reply-texts.ts';
import { type AskedReview, freezeRound } from './rounds/freeze-round.ts';
import { roundTexts } from './rounds/round-texts.ts';
import type { Thread, TriggerPorts } from './trigger-ports.ts';

/** A trigger that authority has let through. */
export interface AcceptedTrigger {
  readonly thread: Thread;
  readonly issue: PayloadIssue;
  readonly actor: Actor;
  readonly role: Role;
  /** The App that acted, where one did. */
  readonly appId: number | null;
  /** When the label was put on or the command was written, by GitHub's clock. */
  readonly askedAt: Date | null;
  readonly trigger: 'label' | 'fix' | 'plan' | 'review' | 'round' | 'undo';
  readonly triggerKey: string;
  readonly commentId: number | null;
  readonly instruction: string | null;
  readonly delivery: Delivery;
  /** The review that is to be answered. */
  readonly review?: AskedReview;
  /** An earlier run that is done once more or taken back, with the input that was frozen for it. */
  readonly again?: Run;
  /** With `again`: the checkpoint that the work goes on from. */
  readonly from?: NewRun['from'];
  /** Where it was asked for, if that is not the thread of the run: answers go there. */
  readonly askedOn?: Thread;
}

/** Until the run that came between can be named. */
const startedJustNowMs = 1_000;

/** A delivery is taken up once more: the process may have died between the run and its answer. */
export const startedBefore = {
  kind: 'ignored',
  why: 'the same trigger has started a run before',
} as const satisfies DeliveryOutcome;

/** Starts a run on an issue, from the tip of the default branch as GitHub names it now. */
export async function createIssueRun(
  ports: TriggerPorts,
  accepted: AcceptedTrigger,
): Promise<DeliveryOutcome> {
  const { thread, issue } = accepted;
  const fresh = await ports.reader.repository(thread.at);
  if (fresh === undefined) return refusedSilently(ports, thread, 'github-not-found');
  if (fresh.archived)
    return refuse(ports, askerOf(accepted), { code: 'repository-archived', body: replyTexts.archived });
  const input = await readInput(ports, accepted);
  const branches: RunBranches = {
    base: fresh.defaultBranch,
    head: branchName(issue.number, input.title),
    headSha: null,
  };
  const current: Thread = {
    ...thread,
    repository: { ...thread.repository, defaultBranch: fresh.defaultBranch, private: fresh.private },
  };
  return create(ports, { ...accepted, thread: current }, { input, branches, trackingIssue: issue.number });
}

/** Starts a run that updates the branch of an open pull request, or looks at it; forks are refused. */
export async function createPullRun(
  ports: TriggerPorts,
  accepted: AcceptedTrigger,
): Promise<DeliveryOutcome> {
  const { thread, issue } = accepted;
  const found = await readOwnPull(ports, accepted, issue.number);
  if (!found.ok) return found.outcome;
  const { pull, hasIssues } = found;
  const isReview = accepted.trigger === 'review';
  const [closing] = isReview ? [] : await ports.reader.closingIssues(thread.at, issue.number);
  const input = await readInput(ports, accepted);
  if (input.round?.comments.length === 0 && input.instruction === null)
    return refuse(ports, askerOf(accepted), { code: 'review-empty', body: roundTexts.nothingToDo });
  // A review is told where it was asked for. Without an issue tracker no issue can be opened; the pull request's own
  // thread takes the comment then too.
  const own = isReview || !hasIssues;
  return create(ports, accepted, {
    input,
    branches: branchesOf(pull),
    trackingIssue: closing ?? (own ? issue.number : null),
  });
}

/** Starts a run that takes back what runs of ours put on the branch of an open pull request. */
export async function createUndoRun(
  ports: TriggerPorts,
  accepted: AcceptedTrigger & { readonly again: Run },
  pullNumber: number,
): Promise<DeliveryOutcome> {
  const found = await readOwnPull(ports, accepted, pullNumber);
  if (!found.ok) return found.outcome;
  const { trackingIssue } = accepted.again;
  // It answers no review.
  const { round: _, ...input } = accepted.again.input;
  return create(ports, accepted, { input, branches: branchesOf(found.pull), trackingIssue });
}

function branchesOf({ base, headRef, headSha }: ForgePull): RunBranches {
  return { base, head: headRef, headSha };
}

type OwnPull =
  | { readonly ok: true; readonly pull: ForgePull; readonly hasIssues: boolean }
  | { readonly ok: false; readonly outcome: DeliveryOutcome };

/** An open pull request whose branch we may write to. */
async function readOwnPull(ports: TriggerPorts, accepted: AcceptedTrigger, number: number): Promise<OwnPull> {
  const { at } = accepted.thread;
  const fresh = await ports.reader.repository(at);
  const pull = await ports.reader.pull(at, number);
  if (fresh === undefined || pull === undefined)
    return { ok: false, outcome: refusedSilently(ports, accepted.thread, 'github-not-found') };
  const refusal = whyNoPullRun(accepted, fresh, pull);
  if (refusal) return { ok: false, outcome: await refuse(ports, askerOf(accepted), refusal) };
  return { ok: true, pull, hasIssues: fresh.hasIssues };
}

function askerOf({ thread, actor, askedOn }: AcceptedTrigger): Asker {
  return { thread: askedOn ?? thread, actor };
}

/** We write to one repository only, and run nothing for a fork: whoever can push to it need not be able to write here. */
function whyNoPullRun(
  { thread, trigger }: AcceptedTrigger,
  fresh: ForgeRepository,
  pull: ForgePull,
): Refusal | undefined {
  const { repositoryId } = thread.at;
  const texts = textsFor(trigger);
  if (fresh.archived) return { code: 'repository-archived', body: replyTexts.archived };
  if (pull.state !== 'open') return { code: 'pull-closed', body: texts.closed };
  if (pull.headRepositoryId === null) return { code: 'fork-deleted', body: texts.forkDeleted };
  if (pull.headRepositoryId !== repositoryId || pull.baseRepositoryId !== repositoryId)
    return { code: 'fork', body: texts.fork };
  if (trigger !== 'review' && pull.headRef === fresh.defaultBranch)
    return { code: 'head-is-default', body: replyTexts.headIsDefault };
  return undefined;
}

function textsFor(trigger: AcceptedTrigger['trigger']): typeof replyTexts.noFix {
  if (trigger === 'review') return replyTexts.noReview;
  return trigger === 'undo' ? { ...replyTexts.noFix, closed: replyTexts.undoClosed } : replyTexts.noFix;
}

async function readInput(ports: TriggerPorts, accepted: AcceptedTrigger): Promise<RunInput> {
  if (accepted.again) return accepted.again.input;
  const { issue, instruction, thread } = accepted;
  const review = accepted.review ? await freezeRound(ports, thread, accepted.review) : undefined;
  const taken = review ? takenIn(review.round) : undefined;
  const discussion = await freezeRemarks(ports, thread, { ...accepted, taken });
  const author = issue.user ?? ghost;
  const words = { title: issue.title, body: issue.body ?? null, instruction };
  return freezeInput({ ...words, author, discussion, review });
}

/** What is the task itself is no remark about it. */
function takenIn({ review, comments }: FrozenRound): ReadonlySet<string> {
  return new Set([`review:${review}`, ...comments.map(({ id }) => `line-comment:${id}`)]);
}

/** Which run is done once more, and from which of its checkpoints. */
function originOf({ again, trigger, from }: AcceptedTrigger): Pick<NewRun, 'retryOf' | 'from'> {
  if (!again || trigger === 'undo') return {};
  return { retryOf: again.id, ...(from ? { from } : {}) };
}

async function create(
  ports: TriggerPorts,
  accepted: AcceptedTrigger,
  found: Pick<NewRun, 'input' | 'branches' | 'trackingIssue'>,
): Promise<DeliveryOutcome> {
  const { thread, actor, appId } = accepted;
  const chain = appId === null ? { kind: 'person' as const } : await readAppChain(ports, thread, found);
  if (chain.kind === 'too-long') return refusedSilently(ports, thread, 'app-loop');
  const result = await ports.runs.create({
    id: ports.newRunId(),
    installationId: thread.at.installationId,
    repository: thread.repository,
    target: thread.target,
    ...found,
    requestedBy: actor,
    requestedByRole: accepted.role,
    ...(chain.kind === 'app' && appId !== null ? { requestedByApp: appId, appDepth: chain.depth } : {}),
    trigger: accepted.trigger,
    ...originOf(accepted),
    triggerKey: accepted.triggerKey,
    deliveryGuid: accepted.delivery.guid,
    commentId: accepted.commentId,
  });
  ports.log.info(`trigger.run-${result.kind}`, { runId: result.run.id, number: thread.target.number });
  // Also when repeated: the process may have died between the run and its 👀, and GitHub keeps only one.
  if (accepted.trigger === 'label' && !accepted.again)
    await acknowledge(ports, thread, 'issue', thread.target.number);
  switch (result.kind) {
    case 'created':
      return { kind: 'accepted', runId: result.run.id };
    case 'repeated':
      return startedBefore;
    case 'active': {
      // It began while this review was read: the review waits for it.
      if (accepted.review) return { kind: 'later', why: 'another run began here', delayMs: startedJustNowMs };
      const place = await ports.runs.queuePlace(result.run.id);
      const key = `answer:${accepted.triggerKey}`;
      await tell(ports, askerOf(accepted), { key, body: replyTexts.active(result.run, place) });
      return { kind: 'refused', code: 'run-active' };
    }
    default:
      return { kind: 'ignored', why: 'unknown answer of the run store' };
  }
}
