import type { Delivery } from '../domain/delivery.ts';
import type { ForgePull } from '../domain/forge.ts';
import { writingRoles } from '../domain/repository.ts';
import type { NewRun, Run, RunTrigger } from '../domain/run.ts';
import { findRunOfThread, findRunsOfThread } from './active-runs.ts';
import { classifyActor } from './actor-class.ts';
import type { Thread, TriggerPorts } from './trigger-ports.ts';

/** After a merge that could not be pushed the same branch is left alone for so long: people were told. */
const patienceMs = 24 * 3_600_000;
const unknownMsMax = 3_600_000;

/** What a pull request is asked for by; a review or an update of it is by somebody else, for something else. */
const madeBy: ReadonlySet<RunTrigger> = new Set(['label', 'fix', 'plan']);

/** What became of one pull request whose base or branch moved. */
export type Following =
  | { readonly kind: 'started'; readonly runId: string }
  /** To be looked at again: GitHub does not know yet, or a run works on it and may push what is in conflict as well. */
  | { readonly kind: 'later'; readonly why: string }
  | { readonly kind: 'left'; readonly why: string };

/** Why somebody looks: the base moved, or a person moved the branch, perhaps because a run asked for it. */
export type Cause = 'base' | 'branch';

/**
 * Starts a run that brings the base into a pull request of ours, where GitHub says that it is in conflict, or behind a
 * base that takes nothing which is. It works for whoever asked for the pull request, with the right they have now.
 */
export async function followBase(
  ports: TriggerPorts,
  seen: { readonly thread: Thread; readonly delivery: Delivery; readonly cause: Cause },
): Promise<Following> {
  const { thread, cause } = seen;
  const pull = await ports.reader.pull(thread.at, thread.target.number);
  if (!pull || pull.state !== 'open') return left('the pull request is not open');
  if (!isOwnPull(ports, thread, pull)) return left('not a pull request of ours');
  const runs = await findRunsOfThread(ports, thread, pull.headRef);
  const [newest] = runs;
  const asked = runs.find(({ trigger }) => madeBy.has(trigger));
  if (!newest || !asked) return left('no run of ours made it');
  if (cause === 'base' && pull.mergeable === 'unknown') return unknown(ports, seen.delivery);
  const due = cause === 'branch' ? await wasAskedFor(ports, newest) : isDue(ports, pull, runs);
  if (due !== true) return left(due);
  return (await notNow(ports, thread, { pull, asked })) ?? (await start(ports, seen, { pull, asked }));
}

/** Why nothing is started though it would be due; undefined: nothing is in the way. */
async function notNow(
  ports: TriggerPorts,
  thread: Thread,
  { pull, asked }: { readonly pull: ForgePull; readonly asked: Run },
): Promise<Following | undefined> {
  if (await findRunOfThread(ports, thread, pull.headRef)) return later('a run works on it');
  if (!(await ports.followsBase(thread.at, pull.base))) return left('the repository wants no updates');
  if (!(await mayStill(ports, thread, asked))) return left('whoever asked for it may not write any more');
  return undefined;
}

/** GitHub finds out in seconds once somebody asks; what takes it an hour will be asked about by the next push. */
function unknown({ clock }: TriggerPorts, { receivedAt }: Delivery): Following {
  const isOld = clock.now().getTime() - receivedAt.getTime() > unknownMsMax;
  return (isOld ? left : later)('GitHub has not found out how it stands to its base');
}

function later(why: string): Following {
  return { kind: 'later', why };
}

function left(why: string): Following {
  return { kind: 'left', why };
}

/** By our own account and in this very repository. */
export function isOwnPull(ports: TriggerPorts, { at }: Pick<Thread, 'at'>, pull: ForgePull): boolean {
  const isHere = pull.headRepositoryId === at.repositoryId && pull.baseRepositoryId === at.repositoryId;
  return isHere && classifyActor(pull.author, null, ports) === 'own-bot';
}

function isDue(
  { clock }: TriggerPorts,
  { mergeable, headSha }: ForgePull,
  runs: readonly Run[],
): true | string {
  if (mergeable === 'clean') return 'it can be merged as it is';
  const tried = runs.find(({ trigger, branches }) => trigger === 'update' && branches.headSha === headSha);
  if (tried?.state === 'refused' && clock.now().getTime() - tried.createdAt.getTime() < patienceMs)
    return 'it was tried on this commit, and people were told';
  return true;
}

/** Only where a merge of ours waited for a person to move the branch. */
async function wasAskedFor(ports: TriggerPorts, newest: Run): Promise<true | string> {
  const entries = await ports.journal.read(newest.id);
  const merged = entries.map(({ event }) => event).findLast((event) => event.kind === 'base.merged');
  return (merged?.workflows.length ?? 0) > 0 || 'nobody was asked to move the branch';
}

async function mayStill(ports: TriggerPorts, { at }: Thread, asked: Run): Promise<boolean> {
  const { requestedBy, requestedByApp } = asked;
  if (requestedByApp !== undefined) return ports.trustedAppIds.includes(requestedByApp);
  return writingRoles.has(await ports.reader.roleOf(at, requestedBy.login, requestedBy.id));
}

async function start(
  ports: TriggerPorts,
  { thread, delivery }: { readonly thread: Thread; readonly delivery: Delivery },
  { pull, asked }: { readonly pull: ForgePull; readonly asked: Run },
): Promise<Following> {
  const tip = await ports.reader.branchTip(thread.at, pull.base);
  const { installationId, requestedBy, requestedByRole, input, trackingIssue } = asked;
  const run: NewRun = {
    id: ports.newRunId(),
    installationId,
    repository: thread.repository,
    target: thread.target,
    branches: { base: pull.base, head: pull.headRef, headSha: pull.headSha },
    input,
    requestedBy,
    requestedByRole,
    ...(asked.requestedByApp === undefined ? {} : { requestedByApp: asked.requestedByApp }),
    trigger: 'update',
    triggerKey: `update:${thread.at.repositoryId}:${pull.number}:${pull.headSha}:${tip ?? ''}`,
    deliveryGuid: delivery.guid,
    trackingIssue,
    commentId: null,
  };
  const result = await ports.runs.create(run);
  ports.log.info(`trigger.run-${result.kind}`, { runId: result.run.id, number: pull.number });
  if (result.kind === 'created') return { kind: 'started', runId: result.run.id };
  if (result.kind === 'active') return later('a run works on it');
  return left('the same commits were merged before');
}
