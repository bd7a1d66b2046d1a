import type { DeliveryGuid } from './ids.ts';

/** A webhook delivery as it stands in the database. Raw bytes are kept so that a person can look at what came. */
export interface Delivery {
  readonly guid: DeliveryGuid;
  readonly event: string;
  /** `payload.action`, or null where the event has none or the body did not parse. */
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  /** The parsed JSON body; null when it did not parse (then `problem` says why). */
  readonly payload: unknown;
  readonly receivedAt: Date;
  /** How often processing was tried; 0 before the first time. */
  readonly attempts: number;
}

/**
 * How a delivery came: by GitHub's request, read from GitHub's log of deliveries afterwards, or made from what a sweep
 * found that no delivery announced.
 */
export type DeliveryOrigin = 'webhook' | 'reconciled' | 'swept';

/** What intake hands to the store before it answers GitHub. */
export interface NewDelivery {
  readonly guid: DeliveryGuid;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  /** The bytes as they were signed, kept as the payload's text too; null where they were never received. */
  readonly rawBody: Buffer | null;
  readonly payload: unknown;
  /** Why the body could not be parsed; such a delivery is stored as `dead`. */
  readonly problem: string | null;
  /** Default `webhook`. */
  readonly origin?: DeliveryOrigin;
}

/** How processing of one delivery ended. */
export type DeliveryOutcome =
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'accepted'; readonly runId: string }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'applied'; readonly what: string }
  /** Nothing yet: it is taken up again after `delayMs`, as often as it takes. */
  | { readonly kind: 'later'; readonly why: string; readonly delayMs: number };

export interface DeliveryStore {
  /** Commits the delivery. A GUID already stored is `duplicate` and changes nothing. */
  insert(delivery: NewDelivery): Promise<'stored' | 'duplicate'>;
  /**
   * Claims the oldest deliveries that wait, in order of arrival, for this caller only (`for update skip locked`
   * style claim with a visibility timeout of 60 s). At most `limit`.
   */
  claim(limit: number): Promise<readonly Delivery[]>;
  finish(guid: DeliveryGuid, outcome: DeliveryOutcome): Promise<void>;
  /** Back to waiting for `delayMs` without counting an attempt: the outside is away, the delivery is not to blame. */
  postpone(guid: DeliveryGuid, problem: string, delayMs: number): Promise<void>;
  /** Counts the attempt; after 5 the delivery is `dead` and shown by `pullwright deliveries list`. */
  fail(guid: DeliveryGuid, problem: string): Promise<'waiting' | 'dead'>;
  list(filter: {
    readonly state?: 'waiting' | 'done' | 'dead';
    readonly limit: number;
  }): Promise<readonly DeliveryRow[]>;
  /** Puts a delivery back to `waiting` with no attempts. False when the GUID is unknown. */
  replay(guid: DeliveryGuid): Promise<boolean>;
  /** Resolves when a delivery was inserted (by any process), or after `timeoutMs`. */
  waitForWork(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

/** One line of `pullwright deliveries list`. */
export interface DeliveryRow {
  readonly guid: DeliveryGuid;
  readonly event: string;
  readonly action: string | null;
  readonly state: 'waiting' | 'done' | 'dead';
  readonly attempts: number;
  readonly problem: string | null;
  readonly outcome: DeliveryOutcome | null;
  readonly receivedAt: Date;
  readonly origin: DeliveryOrigin;
}
