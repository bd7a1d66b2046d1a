import type { z } from 'zod';
import type { ChecksWait } from '../domain/checks.ts';
import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import { type Actor, ghost } from '../domain/repository.ts';
import { openWait } from '../domain/waits.ts';
import { findActiveRuns } from './active-runs.ts';
import { eventsOf } from './commands/command-request.ts';
import type {
  checkSuitePayload,
  endedCheckPayload,
  pullMovedPayload,
  statusPayload,
  workflowRunPayload,
} from './payload-shapes.ts';
import type { TriggerPorts } from './trigger-ports.ts';

/** The parts that all of these payloads have. */
interface Told {
  readonly repository: { readonly id: number };
  readonly sender: Actor | null;
}

/** A check run ended. While others of its suite go on there is nothing to decide, and a big suite has hundreds. */
export async function handleCheckRun(
  ports: TriggerPorts,
  payload: z.output<typeof endedCheckPayload>,
  delivery: Delivery,
): Promise<DeliveryOutcome> {
  const { check_run: run } = payload;
  if (run.app === ports.bot.appId) return { kind: 'ignored', why: 'our own check' };
  const suite = run.check_suite?.status ?? 'completed';
  if (suite !== 'completed') return { kind: 'ignored', why: 'its suite goes on' };
  return await wake(ports, payload, { delivery, matches: ({ sha }) => sha === run.head_sha });
}

export async function handleCheckSuite(
  ports: TriggerPorts,
  payload: z.output<typeof checkSuitePayload>,
  delivery: Delivery,
): Promise<DeliveryOutcome> {
  const { check_suite: suite } = payload;
  if (suite.app === ports.bot.appId) return { kind: 'ignored', why: 'our own checks' };
  return await wake(ports, payload, { delivery, matches: ({ sha }) => sha === suite.head_sha });
}

export async function handleStatus(
  ports: TriggerPorts,
  payload: z.output<typeof statusPayload>,
  delivery: Delivery,
): Promise<DeliveryOutcome> {
  if (payload.state === 'pending') return { kind: 'ignored', why: 'it goes on' };
  return await wake(ports, payload, { delivery, matches: ({ sha }) => sha === payload.sha });
}

export async function handleWorkflowRun(
  ports: TriggerPorts,
  payload: z.output<typeof workflowRunPayload>,
  delivery: Delivery,
): Promise<DeliveryOutcome> {
  const { head_sha: head } = payload.workflow_run;
  return await wake(ports, payload, { delivery, matches: ({ sha }) => sha === head });
}

/** Somebody pushed to the branch: the commit that is waited for is not its head any more. */
export async function handlePullMoved(
  ports: TriggerPorts,
  payload: z.output<typeof pullMovedPayload>,
  delivery: Delivery,
): Promise<DeliveryOutcome> {
  const { number, head } = payload.pull_request;
  const matches = ({ pull, sha }: ChecksWait): boolean => pull === number && sha !== head.sha;
  return await wake(ports, payload, { delivery, matches });
}

/**
 * Tells the runs that wait for it to look again. Nothing of what the delivery says is taken over: what counts is what
 * GitHub shows when the run looks.
 */
async function wake(
  ports: TriggerPorts,
  { repository, sender }: Told,
  { delivery, matches }: { readonly delivery: Delivery; readonly matches: (wait: ChecksWait) => boolean },
): Promise<DeliveryOutcome> {
  let woken = 0;
  for (const run of await findActiveRuns(ports, () => true, { repositoryId: repository.id })) {
    const wait = openWait(await eventsOf(ports, run));
    if (wait?.kind !== 'checks' || !matches(wait)) continue;
    const posted = await ports.inbox.post({
      runId: run.id,
      kind: 'event',
      text: [delivery.event, delivery.action ?? ''].filter((word) => word !== '').join(' '),
      actor: sender ?? ghost,
      role: 'none',
      commentId: null,
      triggerKey: `event:${run.id}:${delivery.guid}`,
    });
    if (posted === 'posted') woken += 1;
  }
  return woken > 0
    ? { kind: 'applied', what: 'checks' }
    : { kind: 'ignored', why: 'no run waits for this commit' };
}
