import type { DeliveryOutcome } from '../../domain/delivery.ts';
import type { Run } from '../../domain/run.ts';
import { openWait } from '../../domain/waits.ts';
import { findRunOfThread, findRunsOfThread } from '../active-runs.ts';
import { tell } from '../answer-person.ts';
import { eventsOf, headRefOf } from '../commands/command-request.ts';
import { type AcceptedTrigger, createPullRun } from '../create-run.ts';
import { laterMs } from '../put-off.ts';
import type { TriggerPorts } from '../trigger-ports.ts';
import type { AskedReview } from './freeze-round.ts';
import { roundTexts } from './round-texts.ts';

/** A review that authority has let through. */
export interface AcceptedReview extends Omit<AcceptedTrigger, 'trigger' | 'review'> {
  readonly review: AskedReview;
}

/**
 * Starts a round: a run that answers this review, comment by comment. While another run works on the pull request the
 * delivery stays as it is in the database and is taken up again: as words for that run its comments would get no
 * answer of their own. A run that only waits for what it holds to be released does not wait any more then.
 */
export async function startRound(ports: TriggerPorts, accepted: AcceptedReview): Promise<DeliveryOutcome> {
  const { thread, triggerKey } = accepted;
  const active = await findRunOfThread(ports, thread, await headRefOf(ports, thread));
  if (active && active.triggerKey !== triggerKey) return await putOff(ports, accepted, active);
  const outcome = await createPullRun(ports, { ...accepted, trigger: 'round' });
  if (outcome.kind !== 'accepted' && outcome.kind !== 'ignored') return outcome;
  // Also when it was started before, and when it is over: the process may have died between the run and its answer.
  const runs = await findRunsOfThread(ports, thread, null);
  const run = runs.find((one) => one.triggerKey === triggerKey);
  if (!run) return outcome;
  const body = roundTexts.takenUp(run, run.input.round?.comments.length ?? 0);
  await tell(ports, accepted, { key: `answer:${triggerKey}`, body });
  return outcome;
}

async function putOff(ports: TriggerPorts, accepted: AcceptedReview, active: Run): Promise<DeliveryOutcome> {
  const place = await ports.runs.queuePlace(active.id);
  const key = `later:${accepted.triggerKey}`;
  await tell(ports, accepted, { key, body: roundTexts.later(active, place) });
  await withdrawHold(ports, accepted, active);
  const delayMs = laterMs(ports, accepted.delivery);
  return { kind: 'later', why: `run ${active.id} works on the pull request`, delayMs };
}

/** Whoever requests changes does not release what is held, and nobody else should be asked to. */
async function withdrawHold(
  ports: TriggerPorts,
  { actor, role, triggerKey }: AcceptedReview,
  active: Run,
): Promise<void> {
  if (openWait(await eventsOf(ports, active))?.kind !== 'held') return;
  await ports.inbox.post({
    runId: active.id,
    kind: 'event',
    text: '',
    details: { event: 'changes-requested' },
    actor,
    role,
    commentId: null,
    triggerKey: `held:${triggerKey}`,
  });
}
