import { systemClock } from '../../src/app/system-clock.ts';
import type { DeliveryFeed } from '../../src/domain/delivery-feed.ts';
import type { DeliveryGuid } from '../../src/domain/ids.ts';
import { openStore } from '../../src/store/open-store.ts';
import { reconcile } from '../../src/triggers/reconcile.ts';
import { silentLog as log } from '../../test/support/silent-log.ts';
import type { PlannedDelivery } from './plan-deliveries.ts';

/**
 * Reconciles against a log that holds only what was never acknowledged: an acknowledged delivery that is gone stays
 * gone, and is found. Returns how many were stored.
 */
export async function recoverLost(databaseUrl: string, lost: readonly PlannedDelivery[]): Promise<number> {
  const store = await openStore({ url: databaseUrl, worker: 'soak', log });
  try {
    const { deliveries, bookmarks } = store;
    const signal = new AbortController().signal;
    const ports = { feed: feedOf(lost), deliveries, bookmarks, clock: systemClock, log, signal };
    return (await reconcile({ ...ports, requestGapMs: 0 })).stored;
  } finally {
    await store.close();
  }
}

function feedOf(lost: readonly PlannedDelivery[]): DeliveryFeed {
  const now = Date.now();
  const entries = lost.map(({ guid, event, action }, index) => ({
    id: String(index),
    guid: guid as DeliveryGuid,
    event,
    action,
    installationId: 5,
    repositoryId: null,
    deliveredAt: new Date(now - index),
  }));
  return {
    async page(cursor) {
      const start = Number(cursor ?? 0);
      const next = start + 100;
      return {
        entries: entries.slice(start, next),
        next: next < entries.length ? String(next) : null,
      };
    },
    payload: async (id) => JSON.parse(lost[Number(id)]?.body() ?? 'null') as unknown,
    redeliver: async () => undefined,
  };
}
