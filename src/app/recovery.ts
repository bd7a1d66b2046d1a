import type { Settings } from '../config/read-settings.ts';
import type { ReplyPort } from '../domain/effect.ts';
import type { ForgeWriter } from '../domain/forge.ts';
import type { Logger } from '../domain/logger.ts';
import type { Forge, ForgeApp } from '../github/create-forge.ts';
import type { Store } from '../store/open-store.ts';
import { startTellingOfDeadDeliveries } from './dead-deliveries.ts';
import { startEndings } from './endings.ts';
import { startReconciliation } from './reconciliation.ts';
import { startSweeping } from './sweeping.ts';
import { systemClock } from './system-clock.ts';

/** Tests and the demo shorten what GitHub itself would make slow. */
export interface RecoveryPace {
  /** Pause before each request of the reconciliation. */
  readonly requestGapMs?: number;
  /** A label or command younger than this is left to its delivery by the sweep. */
  readonly minAgeMs?: number;
}

const minuteMs = 60_000;
const endingsEveryMs = 30_000;
/** A worker that still has its run ends it itself first, with a better last word. */
const graceHours = 1;

/** What finds and mends what went wrong elsewhere: lost deliveries, unannounced requests, runs without an end. */
export function startRecovery(options: {
  readonly settings: Settings;
  readonly store: Store;
  readonly forge: Forge;
  readonly app: ForgeApp;
  readonly replies: ReplyPort;
  /** A writer of this installation that keeps its limits. */
  readonly writerFor: (installationId: number) => ForgeWriter;
  readonly log: Logger;
  readonly pace?: RecoveryPace;
}): readonly { close(): Promise<void> }[] {
  const { settings, store, forge, app, replies, writerFor, log, pace = {} } = options;
  const clock = systemClock;
  return [
    startReconciliation({
      store,
      feed: forge.feed,
      everyMs: settings.RECONCILE_MINUTES * minuteMs,
      clock,
      log,
      ...(pace.requestGapMs === undefined ? {} : { requestGapMs: pace.requestGapMs }),
    }),
    startSweeping({
      reader: forge.reader,
      sweepReader: forge.sweepReader,
      deliveries: store.deliveries,
      repositories: store.repositories,
      replies,
      bot: { userId: app.botUserId, login: app.botLogin, appId: app.id },
      trustedAppIds: settings.TRUSTED_APP_IDS,
      labelName: settings.AGENT_LABEL,
      everyMs: settings.SWEEP_MINUTES * minuteMs,
      clock,
      log,
      ...(pace.minAgeMs === undefined ? {} : { minAgeMs: pace.minAgeMs }),
    }),
    startTellingOfDeadDeliveries({
      dead: store.dead,
      replies,
      labelName: settings.AGENT_LABEL,
      everyMs: endingsEveryMs,
      clock,
      log,
    }),
    startEndings({
      store,
      reader: forge.reader,
      writerFor,
      botLogin: app.botLogin,
      deadlineHours: settings.RUN_HOURS_MAX + graceHours,
      everyMs: endingsEveryMs,
      clock,
      log,
    }),
  ];
}
