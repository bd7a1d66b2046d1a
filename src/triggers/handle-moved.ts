import type { z } from 'zod';
import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import { classifyActor } from './actor-class.ts';
import { type Following, followBase, isOwnPull } from './follow-base.ts';
import { handlePullMoved } from './handle-checks.ts';
import type { pullMovedPayload, pushPayload } from './payload-shapes.ts';
import { laterMs } from './put-off.ts';
import { type TriggerPorts, threadOf } from './trigger-ports.ts';

const branchPrefix = 'refs/heads/';

/** A branch moved: pull requests of ours that target it follow where they must. */
export async function handlePush(
  ports: TriggerPorts,
  payload: z.output<typeof pushPayload>,
  delivery: Delivery,
): Promise<DeliveryOutcome> {
  const { ref, deleted } = payload;
  if (deleted || !ref.startsWith(branchPrefix)) return { kind: 'ignored', why: 'no branch that stands' };
  const place = threadOf(payload, { kind: 'pull-request', number: 0, htmlUrl: '' });
  const pulls = await ports.reader.openPullsByBase(place.at, ref.slice(branchPrefix.length));
  const found: Following[] = [];
  for (const pull of pulls.filter((one) => isOwnPull(ports, place, one))) {
    const { number, htmlUrl } = pull;
    const thread = { ...place, target: { kind: 'pull-request', number, htmlUrl } as const };
    found.push(await followBase(ports, { thread, delivery, cause: 'base' }));
  }
  return outcomeOf(ports, delivery, found);
}

/**
 * The branch of a pull request moved. A run that waits for checks at the commit before is told so; else, where a person
 * moved one of ours, perhaps because a run asked for it, it may have to follow its base.
 */
export async function handleSynchronize(
  ports: TriggerPorts,
  payload: z.output<typeof pullMovedPayload>,
  delivery: Delivery,
): Promise<DeliveryOutcome> {
  const told = await handlePullMoved(ports, payload, delivery);
  if (told.kind === 'applied') return told;
  if (classifyActor(payload.sender, null, ports) === 'own-bot')
    return { kind: 'ignored', why: 'our own push' };
  const { number, html_url: htmlUrl } = payload.pull_request;
  const thread = threadOf(payload, { kind: 'pull-request', number, htmlUrl });
  return outcomeOf(ports, delivery, [await followBase(ports, { thread, delivery, cause: 'branch' })]);
}

function outcomeOf(ports: TriggerPorts, delivery: Delivery, found: readonly Following[]): DeliveryOutcome {
  // What was started now is known by its commits when the delivery is taken up again.
  const again = found.find((one) => one.kind === 'later');
  if (again) return { ...again, delayMs: laterMs(ports, delivery) };
  const started = found.flatMap((one) => (one.kind === 'started' ? [one.runId] : []));
  const [only] = started;
  if (only !== undefined && started.length === 1) return { kind: 'accepted', runId: only };
  if (started.length > 1) return { kind: 'applied', what: `updates of ${started.length} pull requests` };
  const [first] = found;
  return { kind: 'ignored', why: first?.kind === 'left' ? first.why : 'no pull request of ours targets it' };
}
