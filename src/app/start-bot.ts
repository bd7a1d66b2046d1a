import { hostname } from 'node:os';
import type { AppCredentials, Settings } from '../config/read-settings.ts';
import { AppError } from '../domain/app-error.ts';
import type { Logger } from '../domain/logger.ts';
import { createReplies } from '../effects/create-replies.ts';
import { pacedWriter } from '../effects/paced-writer.ts';
import { createForge, type Forge, type ForgeApp } from '../github/create-forge.ts';
import { startIntake } from '../intake/start-intake.ts';
import type { WorkflowLimits } from '../workflow/ports.ts';
import { auditScope } from './audit/audit-scope.ts';
import { startAudits } from './audit/start-audits.ts';
import { type ComposeOptions, type Composition, compose } from './compose.ts';
import { startControlIssues } from './control/control-issues.ts';
import { openControl } from './control/open-control.ts';
import { startDeliveryLoop } from './delivery-loop.ts';
import { deliveryProcessor } from './delivery-processor.ts';
import { createLateRates } from './late-rates.ts';
import type { JournalListener } from './observed-journal.ts';
import { type Database, openDatabase } from './open-database.ts';
import { startQueueAnnouncer } from './queue-announcer.ts';
import { type RecoveryPace, startRecovery } from './recovery.ts';
import { startRetention } from './retention.ts';
import { systemClock } from './system-clock.ts';
import { startTidying } from './tidying.ts';
import { startWebhookProxy } from './webhook-proxy.ts';
import { startWorker } from './worker.ts';

export interface Bot {
  readonly url: string;
  readonly port: number;
  readonly composition: Composition;
  /** Stops taking work, gives unfinished runs back, closes everything. */
  close(): Promise<void>;
}

export interface BotOptions {
  readonly settings: Settings;
  readonly log: Logger;
  readonly onJournal?: JournalListener;
  readonly limits?: Partial<WorkflowLimits>;
  readonly weaken?: ComposeOptions['weaken'];
  /** Least time between two writes to GitHub in one installation; the demo lowers it against the local one. */
  readonly writeIntervalMs?: number;
  readonly recoveryPace?: RecoveryPace;
  /** Least time between two looks at a control issue whose runs changed. */
  readonly controlGapMs?: number;
  /** Longest pause before a run is tried again that a worker failed over; the crash suite claims runs more often. */
  readonly retryMsMax?: number;
}

/**
 * Starts every role in one process: intake, triggers, worker, effects.
 *
 * Throws `config-invalid` without credentials, `sandbox-unavailable` without an engine, `postgres-unavailable`.
 */
export async function startBot(options: BotOptions): Promise<Bot> {
  const { settings, log } = options;
  const credentials = credentialsOf(settings);
  const database = await openDatabase(settings, log);
  try {
    return await startOn(database, credentials, options);
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function startOn(database: Database, credentials: AppCredentials, options: BotOptions): Promise<Bot> {
  const { settings, log } = options;
  const rates = createLateRates();
  const forge = createForge({
    ...credentials,
    rates,
    baseUrl: settings.github.apiUrl,
    clock: systemClock,
    log,
  });
  const app = await forge.app();
  const composition = await composeBot(options, { database, forge, app });
  rates.use(composition.store.rates);
  const running = startLoops(options, { composition, forge, app });
  const intake = await startIntake({
    appId: credentials.appId,
    webhookSecrets: credentials.webhookSecrets,
    host: settings.HOST,
    port: settings.PORT,
    log,
    deliveries: composition.store.deliveries,
    ready: async () => await isReady(composition),
  });
  const proxy = startWebhookProxy(settings.WEBHOOK_PROXY_URL, intake.url, log);
  log.info('bot.started', { url: intake.url, app: app.slug });
  return {
    url: intake.url,
    port: intake.port,
    composition,
    async close(): Promise<void> {
      composition.drain();
      for (const part of [proxy, intake, ...running, composition]) await part.close();
      await database.stop();
      log.info('bot.stopped');
    },
  };
}

function credentialsOf(settings: Settings): AppCredentials {
  if (settings.credentials) return settings.credentials;
  const missing = 'the App is not set up yet: APP_ID, PRIVATE_KEY and WEBHOOK_SECRET are missing';
  throw new AppError('config-invalid', missing);
}

async function composeBot(
  options: BotOptions,
  parts: { readonly database: Database; readonly forge: Forge; readonly app: ForgeApp },
): Promise<Composition> {
  const { database, forge, app } = parts;
  const noreplyHost = new URL(app.htmlUrl).hostname;
  // GitHub attributes by the number; brackets are not valid in an address.
  const email = `${app.botUserId ?? app.id}+${app.slug}@users.noreply.${noreplyHost}`;
  return await compose({
    ...options,
    databaseUrl: database.url,
    worker: `${hostname()}:${process.pid}`,
    forge,
    appId: app.id,
    botLogin: app.botLogin,
    committer: { name: app.botLogin, email },
    noreplyHost,
    localMode: false,
  });
}

interface Running {
  readonly composition: Composition;
  readonly forge: Forge;
  readonly app: ForgeApp;
}

/** In the order in which they are stopped: triggers first, then the worker, then the sweeps. */
function startLoops(options: BotOptions, running: Running): readonly { close(): Promise<void> }[] {
  const { settings, log } = options;
  const { composition, forge, app } = running;
  const { store } = composition;
  const replies = createReplies({
    writer: forge.writer,
    ledger: store.replies,
    readBack: { reader: forge.reader, botLogin: app.botLogin },
    rates: store.rates,
    clock: systemClock,
    log,
  });
  const control = openControl({ settings, forge, app, store, log });
  const deliver = deliveryProcessor({ settings, forge, app, composition, replies, control, log });
  return [
    startDeliveryLoop({ deliveries: store.deliveries, process: deliver, log }),
    startWorker({
      queue: store.queue,
      execute: (claimed) => composition.execute(claimed),
      concurrency: settings.AGENT_CONCURRENCY,
      retryMsMax: options.retryMsMax,
      clock: systemClock,
      log,
    }),
    startTidying({ places: composition.places, runs: store.runs, clock: systemClock, log }),
    startQueueAnnouncer({ store, writer: forge.writer, clock: systemClock, log }),
    ...startControlIssues({
      ...control,
      sweepMs: settings.SWEEP_MINUTES * 60_000,
      ...(options.controlGapMs === undefined ? {} : { gapMs: options.controlGapMs }),
    }),
    ...startRecovery({
      settings,
      store,
      forge,
      app,
      replies,
      writerFor: (installationId) =>
        pacedWriter(forge.writer, (creates, send) =>
          store.rates.write({ installationId, priority: 'normal', creates }, send),
        ),
      log,
      ...(options.recoveryPace === undefined ? {} : { pace: options.recoveryPace }),
    }),
    startAudits({
      scope: auditScope(settings, store, log),
      everyHours: settings.AUDIT_HOURS,
      clock: systemClock,
      log,
    }),
    startRetention({ store, retentionDays: settings.RETENTION_DAYS, clock: systemClock, log }),
  ];
}

async function isReady({ store }: Composition): Promise<boolean> {
  try {
    await store.ping();
    return true;
  } catch {
    return false;
  }
}
