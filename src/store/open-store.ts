import type { BaseCheckpointSaver } from '@langchain/langgraph';
import { z } from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { AuditReads } from '../domain/audit.ts';
import type { ControlIssueStore, FiguresReader } from '../domain/control-issue.ts';
import type { DeliveryStore } from '../domain/delivery.ts';
import type { Bookmarks, DeadDeliveries, DeliveryLookup } from '../domain/delivery-feed.ts';
import type { EffectLedger, OpenedPulls, PublishedCommits, ReplyLedger } from '../domain/effect.ts';
import type { InstallationStore } from '../domain/installation.ts';
import type { BlobStore, Journal } from '../domain/journal.ts';
import type { CodeVersion } from '../domain/journal-event.ts';
import type { RestoredRun } from '../domain/journal-ref.ts';
import type { KnownRepositories } from '../domain/known-repository.ts';
import type { Logger } from '../domain/logger.ts';
import type { QueuePlaces } from '../domain/queue-places.ts';
import type { RateBucket } from '../domain/rate-bucket.ts';
import type { Lease, RunQueue, RunStore } from '../domain/run.ts';
import type { RunEndings } from '../domain/run-endings.ts';
import type { RunInbox } from '../domain/run-inbox.ts';
import type { SpendLedger } from '../domain/spend.ts';
import { openAuditReads } from './audit-reads.ts';
import { openBlobs } from './blobs.ts';
import { openBookmarks } from './bookmarks.ts';
import { openControlIssues } from './control-issues.ts';
import { type Database, openDatabase, type Row } from './database.ts';
import { openDeliveries } from './deliveries.ts';
import { openEffects } from './effects.ts';
import { fencedSaver } from './fenced-saver.ts';
import { type HeldLeases, holdLeases, leaseLost, runCancelled } from './held-leases.ts';
import { openInstallations } from './installations.ts';
import { openJobQueue } from './job-queue.ts';
import { openJournal } from './journal.ts';
import { openOpenedPulls } from './opened-pulls.ts';
import { openQueuePlaces } from './queue-places.ts';
import { openRateBucket } from './rate-bucket.ts';
import { reapDeadRuns } from './reaper.ts';
import { repeat } from './repeat.ts';
import { openReplies } from './replies.ts';
import { openRepositories } from './repositories.ts';
import { restoreRun } from './restore-run.ts';
import { openRunEndings } from './run-endings.ts';
import { openRunInbox } from './run-inbox.ts';
import { type ClaimLimits, openRunQueue, releaseRun } from './run-queue.ts';
import { openRuns, type RunParts } from './runs.ts';
import { openSpend } from './spend.ts';
import { countWakeups, type Wakeups } from './wakeups.ts';
import { openWorkerSession, type WorkerSession } from './worker-session.ts';
import { yieldTurn } from './yield-turn.ts';

/** Everything that is kept, over one Postgres. */
export interface Store {
  readonly deliveries: DeliveryStore & DeliveryLookup;
  readonly dead: DeadDeliveries;
  readonly runs: RunStore;
  readonly queue: RunQueue;
  readonly inbox: RunInbox;
  readonly journal: Journal;
  readonly blobs: BlobStore;
  readonly effects: EffectLedger & PublishedCommits;
  readonly replies: ReplyLedger;
  readonly pulls: OpenedPulls;
  readonly spend: SpendLedger;
  readonly rates: RateBucket;
  readonly places: QueuePlaces;
  readonly installations: InstallationStore;
  readonly repositories: KnownRepositories;
  readonly bookmarks: Bookmarks;
  readonly endings: RunEndings;
  readonly controls: ControlIssueStore & FiguresReader;
  /** The graph's saver of this lease; its writes fail with `lease-lost` once a newer epoch exists. */
  checkpointer(lease: Lease): BaseCheckpointSaver;
  readonly audit: AuditReads;
  /** Puts a run back that a journal ref holds. See `restoreRun`. */
  restore(run: RestoredRun): Promise<'restored' | 'present'>;
  /** Resolves when the database answers. Throws `postgres-unavailable`. */
  ping(): Promise<void>;
  /** Claims nothing from now on and aborts the leases held; the database stays usable for releasing runs. */
  drain(): void;
  /** Drains, gives back what is still held without counting a crash, and closes every connection. */
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly url: string;
  /** Name of this worker in journals and logs. */
  readonly worker: string;
  /** Recorded with every claim. */
  readonly code?: CodeVersion;
  readonly log: Logger;
  /** Pause between heartbeats, default 500; also how long a cancellation may take when its notification is lost. */
  readonly beatMs?: number;
  /** A worker that has not beaten for this long is dead, default 8,000. */
  readonly leaseMs?: number;
  /** A run over which this many workers died is ended, default 3. */
  readonly crashesMax?: number;
  /** Pause between looks for dead workers, default 500. */
  readonly reapMs?: number;
  /** Connections, besides the worker's own session. Default 10. */
  readonly poolMax?: number;
  /** Between two writes of one installation, over all processes; default and least for GitHub 1,000. */
  readonly writeIntervalMs?: number;
  /** Pauses that GitHub asks for are waited for up to this, default 120,000; for longer ones a run parks. */
  readonly rateWaitMsMax?: number;
  /** Runs that work at once, over all processes; default 10 of one installation and 2 of one repository. */
  readonly concurrency?: ClaimLimits;
  /** How long an installation without any running run waits for those of others, default 30,000. */
  readonly patienceMs?: number;
}

/** Opens the store on a migrated database. Throws `postgres-unavailable`. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { url, worker, log, beatMs = 500, leaseMs = 8_000, reapMs = 500, poolMax = 10 } = options;
  const database = openDatabase({ url, log, poolMax });
  const held = holdLeases();
  const wakeups = countWakeups();
  const parts = { database, held, jobs: openJobQueue(database, log) };
  const session = await openWorkerSession({
    url,
    worker,
    log,
    beatMs,
    leaseMs,
    onNotification: (channel, payload) => dispatch(channel, payload, held, wakeups),
    onBeat: () => judgeLeases(held),
    onLost: () => held.abortAll(new AppError('lease-lost', 'the session with the database broke')),
  }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const closing = new AbortController();
  const rates = openRateBucket({
    database,
    closing: closing.signal,
    log,
    intervalMs: options.writeIntervalMs ?? 1_000,
    waitMsMax: options.rateWaitMsMax ?? 120_000,
  });
  const patienceMs = options.patienceMs ?? 30_000;
  const limits = options.concurrency ?? { installation: 10, repository: 2 };
  const opened: Opened = {
    ...parts,
    code: options.code,
    wakeups,
    worker,
    session,
    rates,
    limits,
    closing,
    draining: false,
  };
  try {
    await parts.jobs.start();
  } catch (error) {
    await session.close();
    await database.close();
    throw error;
  }
  const warn = (error: unknown): void => log.warn('reaper.failed', { message: String(error) });
  const loops = [
    repeat(reapMs, () => reapDeadRuns(parts, { leaseMs, crashesMax: options.crashesMax ?? 3, log }), warn),
    repeat(3_600_000, () => database.run('forget-workers'), warn),
    repeat(3_600_000, () => database.run('forget-turns'), warn),
    repeat(patienceMs / 6, () => yieldTurn(parts, { workerId: session.workerId(), patienceMs, log }), warn),
  ];
  return assemble(opened, async () => {
    await Promise.all(loops.map((loop) => loop.stop()));
  });
}

interface Opened extends RunParts {
  readonly code: CodeVersion | undefined;
  readonly database: Database;
  readonly wakeups: Wakeups;
  readonly worker: string;
  readonly session: WorkerSession;
  readonly rates: RateBucket;
  readonly limits: ClaimLimits;
  readonly closing: AbortController;
  draining: boolean;
}

function assemble(opened: Opened, stopLoops: () => Promise<void>): Store {
  const { database, wakeups, session, rates } = opened;
  const deliveries = openDeliveries(database, wakeups, () => session.workerId());
  return {
    deliveries,
    dead: deliveries,
    runs: openRuns(opened),
    queue: openRunQueue({ ...opened, workerId: () => (opened.draining ? undefined : session.workerId()) }),
    inbox: openRunInbox(opened),
    journal: openJournal(database),
    blobs: openBlobs(database),
    effects: openEffects(database),
    replies: openReplies(database, () => session.workerId()),
    pulls: openOpenedPulls(database),
    spend: openSpend(database),
    rates,
    places: openQueuePlaces(database),
    installations: openInstallations(database),
    repositories: openRepositories(database),
    bookmarks: openBookmarks(database),
    endings: openRunEndings(opened),
    controls: openControlIssues(database, () => session.workerId()),
    checkpointer: (lease) => fencedSaver(database.pool, lease),
    audit: openAuditReads(database, { journal: openJournal(database), effects: openEffects(database) }),
    restore: (run) => restoreRun(opened, run),
    async ping() {
      await database.run('ping');
    },
    drain: () => drain(opened),
    async close() {
      drain(opened);
      await stopLoops();
      await releaseAll(opened);
      await opened.session.close();
      await opened.jobs.stop();
      await database.close();
    },
  };
}

function drain(opened: Opened): void {
  opened.draining = true;
  opened.held.abortAll(new AppError('lease-lost', 'the worker is closing'));
  opened.closing.abort(
    new AppError('github-rate-limited', 'the process is closing', { retryAfterMs: 1_000 }),
  );
}

/** A run that cannot be released (the database is away) is reaped by another worker. */
async function releaseAll(opened: Opened): Promise<void> {
  const releases = opened.held
    .all()
    .map((lease) => releaseRun(opened, lease, { delayMs: 0, reason: 'drain' }));
  await Promise.allSettled(releases);
}

const cancelSchema = z.object({ runId: z.string(), reason: z.string() });
const lostSchema = z.object({ runId: z.string(), epoch: z.number() });

function dispatch(channel: string, payload: string, held: HeldLeases, wakeups: Wakeups): void {
  switch (channel) {
    case 'pullwright_delivery':
      return wakeups.wake('delivery');
    case 'pullwright_run':
      return wakeups.wake('run');
    case 'pullwright_cancel': {
      const { runId, reason } = cancelSchema.parse(JSON.parse(payload));
      return held.abort(runId, runCancelled(reason));
    }
    default: {
      const { runId, epoch } = lostSchema.parse(JSON.parse(payload));
      return held.abort(runId, leaseLost({ runId: runId as Lease['runId'], epoch: epoch - 1 }), epoch);
    }
  }
}

/**
 * The heartbeat brings back what this worker owns, so that a lost notification costs one beat. Only leases held
 * before the beat was sent are judged: a younger one may be missing from the answer.
 */
function judgeLeases(held: HeldLeases): (owned: readonly Row[]) => void {
  const before = held.all();
  return (owned) => {
    for (const lease of before) {
      const row = owned.find(({ id }) => id === lease.runId);
      if (row?.epoch !== lease.epoch) held.abort(lease.runId, leaseLost(lease), lease.epoch + 1);
      else if (row.cancel_reason !== null) held.abort(lease.runId, runCancelled(row.cancel_reason as string));
    }
  };
}
