import type { Clock } from '../domain/clock.ts';
import type { DeadDeliveries } from '../domain/delivery-feed.ts';
import type { Logger } from '../domain/logger.ts';
import { type TellDeadPorts, tellDeadDelivery } from '../triggers/tell-dead-delivery.ts';
import { type Periodic, startPeriodic } from './periodic.ts';

const batchSize = 20;

export interface DeadDeliveriesOptions extends TellDeadPorts {
  readonly dead: DeadDeliveries;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Tells people whose requests died: also those that took their worker with them, which nobody else could tell. */
export function startTellingOfDeadDeliveries(options: DeadDeliveriesOptions): Periodic {
  const { dead, everyMs, clock, log } = options;
  const work = async (signal: AbortSignal): Promise<void> => {
    for (const delivery of await dead.untold(batchSize)) {
      if (signal.aborted) return;
      await tellDeadDelivery(options, delivery);
      await dead.markTold(delivery.guid);
    }
  };
  return startPeriodic({ name: 'dead-deliveries', everyMs, work, clock, log });
}
