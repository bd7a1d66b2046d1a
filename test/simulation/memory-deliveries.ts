import type { Delivery, DeliveryStore } from '../../src/domain/delivery.ts';
import type { DeliveryLookup } from '../../src/domain/delivery-feed.ts';
import { subjectOf } from '../../src/store/delivery-subject.ts';
import { type DeliveryRecord, isGone, type MemoryDatabase, notify, type Session } from './memory-database.ts';
import { transact } from './simulation.ts';
import type { Wakeups } from './wakeups.ts';

/** Deliveries as `src/store/deliveries.ts` keeps them. */
export function memoryDeliveries(
  database: MemoryDatabase,
  own: { readonly session: () => Session; readonly wakeups: Wakeups },
): DeliveryStore & DeliveryLookup {
  const { simulation, deliveries } = database;
  const { scheduler } = simulation;
  const { wakeups, session } = own;
  const waiting = (guid: string): DeliveryRecord | undefined => {
    const record = deliveries.get(guid);
    return record?.state === 'waiting' ? record : undefined;
  };
  return {
    insert: (delivery) =>
      transact(simulation, 'delivery.insert', () => {
        const twice = simulation.weakness === 'no-unique-keys' && deliveries.has(delivery.guid);
        if (deliveries.has(delivery.guid) && !twice) return 'duplicate';
        const guid = twice ? `${delivery.guid}#${deliveries.size}` : delivery.guid;
        deliveries.set(guid, {
          ...delivery,
          guid: guid as typeof delivery.guid,
          seq: deliveries.size + 1,
          subject: subjectOf(delivery),
          receivedAt: scheduler.now(),
          state: delivery.problem === null ? 'waiting' : 'dead',
          attempts: 0,
          claims: 0,
          claimedBy: null,
          trouble: delivery.problem,
          outcome: null,
          visibleAtMs: scheduler.nowMs,
        });
        notify(database, { channel: 'delivery' });
        return 'stored';
      }),
    async claim(limit) {
      wakeups.mark('delivery');
      if (!someReady(database)) return [];
      return await transact(simulation, 'delivery.claim', () => claim(database, session(), limit));
    },
    finish: (guid, outcome) =>
      transact(simulation, 'delivery.finish', () => {
        const record = waiting(guid);
        if (record) Object.assign(record, { state: 'done', outcome });
      }),
    postpone: (guid, problem, delayMs) =>
      transact(simulation, 'delivery.postpone', () => {
        const visibleAtMs = scheduler.nowMs + delayMs;
        const record = waiting(guid);
        if (record) Object.assign(record, { claims: 0, claimedBy: null, trouble: problem, visibleAtMs });
      }),
    fail: (guid, problem) =>
      transact(simulation, 'delivery.fail', () => {
        const record = waiting(guid);
        if (!record) return 'dead';
        record.attempts += 1;
        const visibleAtMs = scheduler.nowMs + 1_000 * 2 ** (record.attempts - 1);
        const state = record.attempts >= 5 ? 'dead' : 'waiting';
        Object.assign(record, { claims: 0, claimedBy: null, trouble: problem, visibleAtMs, state });
        return state;
      }),
    async list({ state, limit }) {
      const rows = [...deliveries.values()].filter((record) => state === undefined || record.state === state);
      return rows.slice(0, limit).map((record) => ({
        ...record,
        problem: record.trouble,
        origin: record.origin ?? 'webhook',
      }));
    },
    async replay() {
      throw new Error('nobody replays in a simulation');
    },
    waitForWork: (timeoutMs, signal) => wakeups.wait('delivery', timeoutMs, signal),
    missing: (guids) =>
      transact(simulation, 'delivery.missing', () => guids.filter((guid) => !deliveries.has(guid))),
    announced: (repositoryId, subject, since) =>
      transact(simulation, 'delivery.announced', () =>
        [...deliveries.values()].some(
          (record) =>
            record.repositoryId === repositoryId && record.subject === subject && record.receivedAt >= since,
        ),
      ),
    waits: (repositoryId, subject) =>
      transact(simulation, 'delivery.waits', () =>
        [...deliveries.values()].some(
          (record) =>
            record.repositoryId === repositoryId && record.subject === subject && record.state === 'waiting',
        ),
      ),
  };
}

function isReady(record: DeliveryRecord, nowMs: number): boolean {
  if (record.state !== 'waiting') return false;
  return record.visibleAtMs <= nowMs || (record.claimedBy !== null && isGone(record.claimedBy));
}

function someReady({ deliveries, simulation }: MemoryDatabase): boolean {
  for (const record of deliveries.values()) if (isReady(record, simulation.scheduler.nowMs)) return true;
  return false;
}

/** See `claim-deliveries.sql`: what was claimed before and not finished is taken alone. */
function claim(database: MemoryDatabase, session: Session, limit: number): readonly Delivery[] {
  const { deliveries, simulation } = database;
  const { nowMs } = simulation.scheduler;
  const ready = [...deliveries.values()].filter((record) => isReady(record, nowMs));
  const [first] = ready;
  if (!first) return [];
  const picked = first.claims > 0 ? [first] : ready.filter(({ claims }) => claims === 0).slice(0, limit);
  for (const record of picked) {
    record.claims += 1;
    record.claimedBy = session;
    record.visibleAtMs = nowMs + 60_000;
    if (record.claims > 5) Object.assign(record, { state: 'dead', trouble: 'it ended the worker 5 times' });
  }
  return picked.filter(({ state }) => state === 'waiting').map((record) => toDelivery(record));
}

function toDelivery({
  guid,
  event,
  action,
  installationId,
  repositoryId,
  ...record
}: DeliveryRecord): Delivery {
  const { payload, receivedAt, attempts } = record;
  return { guid, event, action, installationId, repositoryId, payload, receivedAt, attempts };
}
