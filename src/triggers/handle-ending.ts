import type { z } from 'zod';
import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import type { ForgeIssue } from '../domain/forge.ts';
import type { Run } from '../domain/run.ts';
import { cancelRuns, findActiveRuns, pushes } from './active-runs.ts';
import type {
  IssueLabelPayload,
  installationPayload,
  issuesPayload,
  pullPayload,
  removedRepositoriesPayload,
} from './payload-shapes.ts';
import { isLabel, issueTarget, type TriggerPorts, threadOf } from './trigger-ports.ts';

/** The label taken off: cancels, unless it is on again by now (deliveries can be late and out of order). */
export async function handleUnlabel(
  ports: TriggerPorts,
  payload: IssueLabelPayload,
): Promise<DeliveryOutcome> {
  if (!isLabel(ports, payload.label.name)) return { kind: 'ignored', why: 'another label' };
  if (issueTarget(payload.issue).kind === 'pull-request')
    return { kind: 'ignored', why: 'the label does nothing here' };
  return await cancelUnlessUndone(ports, payload, {
    reason: 'the label was removed',
    isUndone: ({ labels }) => labels.some((name) => isLabel(ports, name)),
    why: 'the label is on again',
  });
}

/** The issue closed: cancels, unless it is open again by now. */
export async function handleIssueClosed(
  ports: TriggerPorts,
  payload: z.output<typeof issuesPayload>,
): Promise<DeliveryOutcome> {
  return await cancelUnlessUndone(ports, payload, {
    reason: 'the issue was closed',
    isUndone: ({ state }) => state === 'open',
    why: 'the issue is open again',
  });
}

/** The issue locked: nobody can steer the run any more, so it ends, unless it is open to comments again by now. */
export async function handleIssueLocked(
  ports: TriggerPorts,
  payload: z.output<typeof issuesPayload>,
): Promise<DeliveryOutcome> {
  return await cancelUnlessUndone(ports, payload, {
    reason: 'the issue was locked',
    isUndone: ({ locked }) => !locked,
    why: 'the issue is not locked any more',
  });
}

/** The issue deleted or moved to another repository. */
export function handleIssueGone(
  ports: TriggerPorts,
  payload: z.output<typeof issuesPayload>,
): Promise<DeliveryOutcome> {
  return cancelIssueRun(ports, payload, 'the issue is gone');
}

/** Deliveries can be late and out of order, so the issue is read again. */
async function cancelUnlessUndone(
  ports: TriggerPorts,
  payload: z.output<typeof issuesPayload>,
  ending: {
    readonly reason: string;
    isUndone(fresh: ForgeIssue): boolean;
    readonly why: string;
  },
): Promise<DeliveryOutcome> {
  const { at, target } = threadOf(payload, issueTarget(payload.issue));
  const fresh = await ports.reader.issue(at, target.number);
  if (fresh && ending.isUndone(fresh)) return { kind: 'ignored', why: ending.why };
  return await cancelIssueRun(ports, payload, ending.reason);
}

async function cancelIssueRun(
  ports: TriggerPorts,
  payload: z.output<typeof issuesPayload>,
  reason: string,
): Promise<DeliveryOutcome> {
  const { at, target } = threadOf(payload, issueTarget(payload.issue));
  const run = await ports.runs.findActive(at.repositoryId, target);
  return outcomeOf(await cancelRuns(ports, run === undefined ? [] : [run], reason));
}

/**
 * The pull request closed or merged: cancels its own run, and the run that pushes its branch. A run that was asked
 * for after the closing is a new one and goes on, however late this delivery is.
 */
export async function handlePullClosed(
  ports: TriggerPorts,
  payload: z.output<typeof pullPayload>,
): Promise<DeliveryOutcome> {
  const { number, html_url: htmlUrl, head, closed_at: closedAt } = payload.pull_request;
  const closedMs = Date.parse(closedAt ?? '');
  const { at } = threadOf(payload, { kind: 'pull-request', number, htmlUrl });
  const fresh = await ports.reader.pull(at, number);
  if (fresh?.state === 'open') return { kind: 'ignored', why: 'the pull request is open again' };
  const isOurs = head.repo?.id === at.repositoryId;
  const isBefore = (run: Run): boolean =>
    run.repository.id === at.repositoryId && !(run.createdAt.getTime() > closedMs);
  const ending: Run[] = [];
  for (const run of await findActiveRuns(ports, isBefore)) {
    const isItsOwn = run.target.kind === 'pull-request' && run.target.number === number;
    if (isItsOwn || (isOurs && (await pushes(ports, run, head.ref)))) ending.push(run);
  }
  return outcomeOf(await cancelRuns(ports, ending, 'the pull request was closed'));
}

/** The App uninstalled or suspended: its runs end, what was kept of its repositories goes. */
export async function handleUninstall(
  ports: TriggerPorts,
  payload: z.output<typeof installationPayload>,
  delivery: Delivery,
): Promise<DeliveryOutcome> {
  const { installation, repositories } = payload;
  const change = delivery.action === 'suspend' ? 'suspended' : 'removed';
  const runs = await findActiveRuns(ports, (run) => run.installationId === installation.id);
  await cancelRuns(ports, runs, `the App was ${change}`);
  // The payload names at most some hundred repositories, and none for a suspended App.
  const known = await ports.repositoriesOf(installation.id);
  const ids = new Set([...repositories, ...runs.map((run) => run.repository.id), ...known]);
  await ports.onUninstalled(installation.id, [...ids]);
  return { kind: 'applied', what: change };
}

/** Repositories taken from the App. */
export async function handleRemovedRepositories(
  ports: TriggerPorts,
  payload: z.output<typeof removedRepositoriesPayload>,
): Promise<DeliveryOutcome> {
  const { installation, repositories_removed: removed } = payload;
  if (removed.length === 0) return { kind: 'ignored', why: 'no repository named' };
  const runs = await findActiveRuns(
    ports,
    (run) => run.installationId === installation.id && removed.includes(run.repository.id),
  );
  await cancelRuns(ports, runs, 'the repository was taken from the App');
  await ports.onUninstalled(installation.id, removed);
  return { kind: 'applied', what: 'repositories-removed' };
}

function outcomeOf(cancelled: number): DeliveryOutcome {
  return cancelled > 0
    ? { kind: 'applied', what: 'cancelled' }
    : { kind: 'ignored', why: 'no run is active' };
}
