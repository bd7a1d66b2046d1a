import type { Clock } from '../domain/clock.ts';
import type { DeliveryStore } from '../domain/delivery.ts';
import type { DeliveryLookup } from '../domain/delivery-feed.ts';
import type { ReplyPort } from '../domain/effect.ts';
import type { ForgeReader } from '../domain/forge.ts';
import type { Logger } from '../domain/logger.ts';
import type { SweepReader } from '../domain/sweep-reader.ts';
import type { ActorRules } from './actor-class.ts';

/** What a sweep may use. */
export interface SweepPorts extends ActorRules {
  readonly reader: Pick<ForgeReader, 'labelEvents' | 'branchTip'>;
  readonly sweepReader: SweepReader;
  readonly deliveries: Pick<DeliveryStore, 'insert'> & Pick<DeliveryLookup, 'announced'>;
  readonly replies: Pick<ReplyPort, 'reply'>;
  readonly labelName: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** What is younger is left to its delivery. */
  readonly minAgeMs: number;
}

/** What no delivery told: the event as it would have come. */
export interface Found {
  readonly guid: string;
  readonly event: 'issues' | 'issue_comment' | 'push';
  readonly action: 'labeled' | 'created' | null;
  readonly payload: Readonly<Record<string, unknown>>;
}
