import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import type { Actor, Role } from '../domain/repository.ts';
import type { NewRun, Run, RunBranches, RunInput } from '../domain/run.ts';
import { type Asker, acknowledge, refuse, refusedSilently, tell } from './answer-person.ts';
import { readAppChain } from './app-chain.ts';
import { branchName } from './branch-name.ts';
import { freezeInput } from './freeze-input.ts';
import { freezeRemarks } from './freeze-remarks.ts';
import type { PayloadIssue } from './payload-shapes.ts';
import { replyTexts } from './reply-texts.ts';
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
  readonly trigger: 'label' | 'fix' | 'plan';
  readonly triggerKey: string;
  readonly commentId: number | null;
  readonly instruction: string | null;
  readonly delivery: Delivery;
  /** An earlier run that is done once more, with the input that was frozen for it. */
  readonly again?: Run;
  /** Where it was asked for, if that is not the thread of the run: answers go there. */
  readonly askedOn?: Thread;
}

const noAuthor: Actor = { id: 0, login: 'ghost', type: 'Unknown' };

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

/** Starts a run that updates the branch of an open pull request; forks are refused, we write to one repository only. */
export async function createPullRun(
  ports: TriggerPorts,
  accepted: AcceptedTrigger,
): Promise<DeliveryOutcome> {
  const { thread, issue } = accepted;
  const asker = askerOf(accepted);
  const { at } = thread;
  const fresh = await ports.reader.repository(at);
  const pull = await ports.reader.pull(at, issue.number);
  if (fresh === undefined || pull === undefined) return refusedSilently(ports, thread, 'github-not-found');
  if (fresh.archived) return refuse(ports, asker, { code: 'repository-archived', body: replyTexts.archived });
  if (pull.state !== 'open')
    return refuse(ports, asker, { code: 'pull-closed', body: replyTexts.pullClosed });
  if (pull.headRepositoryId === null) {
    return refuse(ports, asker, { code: 'fork-deleted', body: replyTexts.forkDeleted });
  }
  if (pull.headRepositoryId !== at.repositoryId || pull.baseRepositoryId !== at.repositoryId) {
    return refuse(ports, asker, { code: 'fork', body: replyTexts.fork });
  }
  if (pull.headRef === fresh.defaultBranch) {
    return refuse(ports, asker, { code: 'head-is-default', body: replyTexts.headIsDefault });
  }
  const [closing] = await ports.reader.closingIssues(at, issue.number);
  return create(ports, accepted, {
    input: await readInput(ports, accepted),
    branches: { base: pull.base, head: pull.headRef, headSha: pull.headSha },
    // Without an issue tracker no issue can be opened; the pull request's own thread takes the comment then.
    trackingIssue: closing ?? (fresh.hasIssues ? null : issue.number),
  });
}

function askerOf({ thread, actor, askedOn }: AcceptedTrigger): Asker {
  return { thread: askedOn ?? thread, actor };
}

async function readInput(ports: TriggerPorts, accepted: AcceptedTrigger): Promise<RunInput> {
  if (accepted.again) return accepted.again.input;
  const { issue, instruction, thread } = accepted;
  const discussion = await freezeRemarks(ports, thread, accepted);
  const author = issue.user ?? noAuthor;
  return freezeInput({ title: issue.title, body: issue.body ?? null, author, instruction, discussion });
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
    ...(accepted.again ? { retryOf: accepted.again.id } : {}),
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
      return { kind: 'ignored', why: 'the same trigger has started a run before' };
    case 'active': {
      const place = await ports.runs.queuePlace(result.run.id);
      const key = `answer:${accepted.triggerKey}`;
      await tell(ports, askerOf(accepted), { key, body: replyTexts.active(result.run, place) });
      return { kind: 'refused', code: 'run-active' };
    }
    default:
      return { kind: 'ignored', why: 'unknown answer of the run store' };
  }
}
