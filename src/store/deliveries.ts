import { betweenCrashPoints, crashPoint } from '../domain/crash-point.ts';
import type {
  Delivery,
  DeliveryOutcome,
  DeliveryRow,
  DeliveryStore,
  NewDelivery,
} from '../domain/delivery.ts';
import type { DeadDeliveries, DeliveryLookup } from '../domain/delivery-feed.ts';
import type { DeliveryGuid } from '../domain/ids.ts';
import type { Database, Row } from './database.ts';
import { subjectOf } from './delivery-subject.ts';
import type { Wakeups } from './wakeups.ts';

/** `workerId`: the number that claims are bound to, so that a dead worker's deliveries are taken over at once. */
export function openDeliveries(
  database: Database,
  wakeups: Wakeups,
  workerId: () => number | undefined,
): DeliveryStore & DeliveryLookup & DeadDeliveries {
  const ring = bell(database);
  return {
    async insert(delivery) {
      const rows = await betweenCrashPoints('delivery.insert', () =>
        database.run('insert-delivery', toValues(delivery)),
      );
      if (rows.length === 0) return 'duplicate';
      wakeups.wake('delivery');
      ring();
      return 'stored';
    },
    async claim(limit) {
      wakeups.mark('delivery');
      const rows = await database.run('claim-deliveries', [limit, workerId() ?? null]);
      if (rows.length > 0) await crashPoint('delivery.claim.after');
      return rows.map(toDelivery);
    },
    async finish(guid, outcome) {
      await betweenCrashPoints('delivery.finish', () =>
        database.run('finish-delivery', [guid, JSON.stringify(outcome)]),
      );
    },
    async postpone(guid, problem, delayMs) {
      await database.run('postpone-delivery', [guid, problem, Math.round(delayMs)]);
    },
    async fail(guid, problem) {
      const [row] = await betweenCrashPoints('delivery.fail', () =>
        database.run('fail-delivery', [guid, problem]),
      );
      return row?.state === 'waiting' ? 'waiting' : 'dead';
    },
    async list({ state, limit }) {
      return (await database.run('list-deliveries', [state ?? null, limit])).map(toDeliveryRow);
    },
    async replay(guid) {
      return (await database.run('replay-delivery', [guid])).length > 0;
    },
    waitForWork: (timeoutMs, signal) => wakeups.wait('delivery', timeoutMs, signal),
    async missing(guids) {
      return (await database.run('missing-deliveries', [guids])).map(({ guid }) => guid as DeliveryGuid);
    },
    async untold(limit) {
      return (await database.run('untold-deliveries', [limit])).map(toDelivery);
    },
    async markTold(guid) {
      await database.run('mark-delivery-told', [guid]);
    },
    async announced(repositoryId, subject, since) {
      return (await database.run('announced-delivery', [repositoryId, subject, since])).length > 0;
    },
    async waits(repositoryId, subject) {
      return (await database.run('waiting-delivery', [repositoryId, subject])).length > 0;
    },
  };
}

/** This process's own workers are woken at once; those of others so often at most. */
const ringMsMin = 50;

/**
 * Tells other processes, after the commit and at most every 50 ms: a NOTIFY inside the insert makes all commits wait
 * for one lock (deliveries per second fell by a half), and one after each insert is a second transaction for each.
 * Whoever is not told polls.
 */
function bell(database: Database): () => void {
  let resting = false;
  let again = false;
  const rest = (): void => {
    resting = false;
    if (again) ring();
  };
  const ring = (): void => {
    again = resting;
    if (resting) return;
    resting = true;
    database
      .run('notify-delivery')
      .catch(() => undefined)
      .finally(() => setTimeout(rest, ringMsMin).unref());
  };
  return ring;
}

function toValues(delivery: NewDelivery): readonly unknown[] {
  const { rawBody, payload } = delivery;
  return [
    delivery.guid,
    delivery.event,
    delivery.action,
    delivery.installationId,
    delivery.repositoryId,
    rawBody,
    // What was received is the payload's text already.
    rawBody !== null || payload === undefined ? null : JSON.stringify(payload),
    delivery.problem,
    delivery.origin ?? 'webhook',
    subjectOf(delivery),
  ];
}

function toDelivery(row: Row): Delivery {
  return {
    guid: row.guid as DeliveryGuid,
    event: row.event as string,
    action: row.action as string | null,
    installationId: toNumber(row.installation_id),
    repositoryId: toNumber(row.repository_id),
    payload: row.payload === null ? null : JSON.parse(row.payload as string),
    receivedAt: row.received_at as Date,
    attempts: row.attempts as number,
  };
}

function toDeliveryRow(row: Row): DeliveryRow {
  return {
    guid: row.guid as DeliveryGuid,
    event: row.event as string,
    action: row.action as string | null,
    state: row.state as DeliveryRow['state'],
    attempts: row.attempts as number,
    problem: row.problem as string | null,
    outcome: row.outcome === null ? null : (JSON.parse(row.outcome as string) as DeliveryOutcome),
    receivedAt: row.received_at as Date,
    origin: row.origin as DeliveryRow['origin'],
  };
}

function toNumber(value: unknown): number | null {
  return value === null ? null : Number(value);
}
