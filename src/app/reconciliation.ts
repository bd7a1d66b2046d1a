import type { Clock } from '../domain/clock.ts';
import type { Bookmarks, DeliveryFeed } from '../domain/delivery-feed.ts';
import type { Logger } from '../domain/logger.ts';
import type { Store } from '../store/open-store.ts';
import { reconcile } from '../triggers/reconcile.ts';
import { type Periodic, startPeriodic } from './periodic.ts';

/** Name of the bookmark of the last complete pass: when it began. */
export const reconciled = 'reconciliation.completed';
const hourMs = 3_600_000;
/** GitHub forgets a delivery after 72 hours. */
const warnLagMs = 24 * hourMs;
const errorLagMs = 48 * hourMs;

export interface ReconciliationOptions {
  readonly store: Pick<Store, 'deliveries' | 'bookmarks'>;
  readonly feed: DeliveryFeed;
  readonly everyMs: number;
  /** Pause before each request: four a second recover 1,000 deliveries in about five minutes. */
  readonly requestGapMs?: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Fetches back what GitHub could not deliver, now and every few minutes. */
export function startReconciliation(options: ReconciliationOptions): Periodic {
  const { store, feed, clock, log, everyMs, requestGapMs = 250 } = options;
  const startedAt = clock.now();
  const work = async (signal: AbortSignal): Promise<void> => {
    const { deliveries, bookmarks } = store;
    const passAt = clock.now();
    try {
      const result = await reconcile({ feed, deliveries, bookmarks, clock, log, requestGapMs, signal });
      if (signal.aborted) return;
      await bookmarks.move(reconciled, passAt);
      log.info('reconciliation.completed', { ...result, tookMs: clock.now().getTime() - passAt.getTime() });
    } finally {
      await reportLag({ bookmarks, clock, log, startedAt });
    }
  };
  return startPeriodic({ name: 'reconciliation', everyMs, work, clock, log });
}

/** How long ago the last complete pass began; a line of its own once deliveries may soon be lost for good. */
export async function reportLag(options: {
  readonly bookmarks: Bookmarks;
  readonly clock: Clock;
  readonly log: Logger;
  /** Counts where no pass was ever completed. */
  readonly startedAt: Date;
}): Promise<void> {
  const { bookmarks, clock, log, startedAt } = options;
  const at = (await bookmarks.read(reconciled)) ?? startedAt;
  const lagMs = Math.max(0, clock.now().getTime() - at.getTime());
  const fields = { lagSeconds: Math.round(lagMs / 1_000), lostAfterHours: 72 };
  if (lagMs >= errorLagMs) log.error('reconciliation.lag', fields);
  else if (lagMs >= warnLagMs) log.warn('reconciliation.lag', fields);
  else log.info('reconciliation.lag', fields);
}
