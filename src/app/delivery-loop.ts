import { isAppError } from '../domain/app-error.ts';
import type { Delivery, DeliveryOutcome, DeliveryStore } from '../domain/delivery.ts';
import type { ErrorCode } from '../domain/error-catalogue.ts';
import type { Logger } from '../domain/logger.ts';

const batchSize = 20;
const pollMs = 1_000;
const outagePauseMs = 15_000;
const outages: ReadonlySet<ErrorCode> = new Set([
  'github-unavailable',
  'github-rate-limited',
  'postgres-unavailable',
]);

export interface DeliveryLoop {
  close(): Promise<void>;
}

/**
 * Turns stored deliveries into runs, refusals and cancellations. Deliveries of one repository are processed in the
 * order in which they arrived, those of different repositories side by side.
 */
export function startDeliveryLoop(options: {
  readonly deliveries: DeliveryStore;
  readonly process: (delivery: Delivery) => Promise<DeliveryOutcome>;
  readonly log: Logger;
}): DeliveryLoop {
  const closing = new AbortController();
  const loop = processUntil(closing.signal, options);
  return {
    async close(): Promise<void> {
      closing.abort();
      await loop;
    },
  };
}

type LoopOptions = Parameters<typeof startDeliveryLoop>[0];

async function processUntil(signal: AbortSignal, options: LoopOptions): Promise<void> {
  while (!signal.aborted) {
    const batch = await claim(options);
    const lanes = Map.groupBy(batch, ({ repositoryId }) => repositoryId);
    await Promise.all([...lanes.values()].map((lane) => processLane(lane, options)));
    if (batch.length === 0) await options.deliveries.waitForWork(pollMs, signal);
  }
}

async function claim({ deliveries, log }: LoopOptions): Promise<readonly Delivery[]> {
  try {
    return await deliveries.claim(batchSize);
  } catch (error) {
    log.error('deliveries.claim-failed', { cause: String(error) });
    return [];
  }
}

async function processLane(lane: readonly Delivery[], options: LoopOptions): Promise<void> {
  for (const delivery of lane) await processOne(delivery, options);
}

async function processOne(delivery: Delivery, { deliveries, process, log }: LoopOptions): Promise<void> {
  const fields = { guid: delivery.guid, event: delivery.event, action: delivery.action };
  try {
    const outcome = await process(delivery);
    if (outcome.kind === 'later') await deliveries.postpone(delivery.guid, outcome.why, outcome.delayMs);
    else await deliveries.finish(delivery.guid, outcome);
    log.info('delivery.processed', { ...fields, outcome: outcome.kind });
  } catch (error) {
    log.error('delivery.failed', { ...fields, cause: String(error) });
    await recordFailure(deliveries, delivery, error).catch((cause: unknown) => {
      log.error('delivery.not-recorded', { ...fields, cause: String(cause) });
    });
  }
}

/** An outage must not use up the tries of what arrived during it. */
async function recordFailure(deliveries: DeliveryStore, { guid }: Delivery, error: unknown): Promise<void> {
  if (isAppError(error) && outages.has(error.code)) {
    await deliveries.postpone(guid, String(error), error.retryAfterMs ?? outagePauseMs);
    return;
  }
  await deliveries.fail(guid, String(error));
}
