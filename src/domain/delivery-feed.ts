import type { Delivery } from './delivery.ts';
import type { DeliveryGuid } from './ids.ts';

/** One attempt to deliver, as GitHub's log has it; a redelivery has the same GUID and an id of its own. */
export interface FeedEntry {
  /** A 64-bit number in text: it may be larger than a number can hold. */
  readonly id: string;
  readonly guid: DeliveryGuid;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly deliveredAt: Date;
}

/** Newest first. `next` leads to the older ones; null at the end of the log. */
export interface FeedPage {
  readonly entries: readonly FeedEntry[];
  readonly next: string | null;
}

/**
 * GitHub's own log of the App's deliveries, kept for 3 days, whatever became of them. Read with the App's key.
 * https://docs.github.com/en/rest/apps/webhooks
 */
export interface DeliveryFeed {
  /** 100 attempts; `cursor` null starts with the newest. */
  page(cursor: string | null): Promise<FeedPage>;
  /** The payload that was sent. Throws `github-not-found` when GitHub has it no more. */
  payload(id: string): Promise<unknown>;
  /** Asks GitHub to send it again, under the same GUID. */
  redeliver(id: string): Promise<void>;
}

/** How far a repeated task has come; monotone, shared by all processes. */
export interface Bookmarks {
  /** The time up to which everything was seen; null before the first time. */
  read(name: string): Promise<Date | null>;
  /** Moves it forward; an older time changes nothing. */
  move(name: string, at: Date): Promise<void>;
}

/** Deliveries that were given up, of which the person who asked has not been told. */
export interface DeadDeliveries {
  /** The oldest of the last 3 days. */
  untold(limit: number): Promise<readonly Delivery[]>;
  markTold(guid: DeliveryGuid): Promise<void>;
}

/** What reconciliation and sweeps ask of the stored deliveries. */
export interface DeliveryLookup {
  /** Those of the GUIDs for which there is no row. */
  missing(guids: readonly DeliveryGuid[]): Promise<readonly DeliveryGuid[]>;
  /** Whether a delivery about this subject was stored after `since`. */
  announced(repositoryId: number, subject: string, since: Date): Promise<boolean>;
  /** Whether a delivery about this subject is still to be processed. */
  waits(repositoryId: number, subject: string): Promise<boolean>;
}
