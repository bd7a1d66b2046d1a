import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, isAppError } from '../domain/app-error.ts';
import type { Logger } from '../domain/logger.ts';
import type { RateAnswer, RateBucket, WritePriority, WriteTurn } from '../domain/rate-bucket.ts';
import type { Lease } from '../domain/run.ts';
import type { Database } from './database.ts';
import { leaseLost } from './held-leases.ts';
import { repeat } from './repeat.ts';

export interface RateBucketOptions {
  readonly database: Database;
  readonly log: Logger;
  /** Between the end of one write and the start of the next. */
  readonly intervalMs: number;
  /** Pauses up to this are waited for with the lease kept; for longer ones the run parks. */
  readonly waitMsMax: number;
  /** Aborts when this process drains: whoever waits then is told to come back later. */
  readonly closing: AbortSignal;
}

const priorities: Readonly<Record<WritePriority, number>> = { first: 0, normal: 1, last: 2 };
/** A writer that died blocks the others for this long; a living one renews its turn well before. */
const holdMs = 5_000;
const renewMs = 1_500;
/** Whoever waits asks at least this often: it shows that it lives, and hears of a cancellation. */
const askMsMax = 1_000;
const reportMsMin = 5_000;

/** Limits of each installation in Postgres, in Postgres's time: see `RateBucket`. */
export function openRateBucket(options: RateBucketOptions): RateBucket {
  const reporter = createReporter(options);
  return {
    async write(turn, send) {
      const ticket = randomUUID();
      await takeTurn(options, turn, ticket);
      const renewal = keepTurn(options, turn, ticket);
      try {
        return await send();
      } finally {
        await renewal.stop();
        await endTurn(options, turn, ticket);
      }
    },
    ready: (installationId, { waitMsMax } = {}) =>
      waitOut(options, installationId, waitMsMax ?? options.waitMsMax),
    report: reporter,
  };
}

async function takeTurn(options: RateBucketOptions, turn: WriteTurn, ticket: string): Promise<void> {
  const signal = signalOf(turn.lease);
  const ends = AbortSignal.any([options.closing, ...(signal ? [signal] : [])]);
  try {
    signal?.throwIfAborted();
    for (let waitMs = await ask(options, turn, ticket); waitMs > 0; ) {
      await sleep(Math.min(waitMs, askMsMax), undefined, { signal: ends });
      waitMs = await ask(options, turn, ticket);
    }
    signal?.throwIfAborted();
  } catch (error) {
    await endTurn(options, turn, ticket);
    await options.database.run('leave-write-line', [ticket]).catch(() => undefined);
    throw ends.aborted && isAppError(ends.reason) ? ends.reason : error;
  }
}

/** A run that was stopped before still tells its end: then only the fence decides. */
function signalOf(lease: Lease | undefined): AbortSignal | undefined {
  const stopped = lease?.signal.aborted && isAppError(lease.signal.reason, 'run-cancelled');
  return stopped ? undefined : lease?.signal;
}

/** Milliseconds until it is worth asking again; 0: the turn is ours. */
async function ask(options: RateBucketOptions, turn: WriteTurn, ticket: string): Promise<number> {
  const { installationId, priority, creates, lease, claim } = turn;
  const [row] = await options.database.run('take-write-turn', [
    installationId,
    ticket,
    priorities[priority],
    creates,
    options.intervalMs,
    holdMs,
    ...(lease ? [lease.runId, lease.epoch] : [null, null]),
    ...(claim ? [claim.kind, claim.key, claim.token] : [null, null, null]),
  ]);
  const state = row?.state;
  if (state === 'lost')
    throw lease ? leaseLost(lease) : new AppError('lease-lost', 'the claim was taken over');
  if (state === 'granted') return 0;
  const waitMs = Math.max(1, Number(row?.wait_ms));
  if (state === 'paused' && waitMs > options.waitMsMax) throw limited(installationId, waitMs);
  return waitMs;
}

/** A failed renewal costs nothing but order: whoever comes next waits for the interval in any case. */
function keepTurn({ database, log }: RateBucketOptions, { installationId }: WriteTurn, ticket: string) {
  const warn = (error: unknown): void => log.warn('rate.turn-not-kept', { cause: String(error) });
  return repeat(renewMs, () => database.run('keep-write-turn', [installationId, ticket, holdMs]), warn);
}

/** A turn that cannot be given back ends by itself. */
async function endTurn(options: RateBucketOptions, turn: WriteTurn, ticket: string): Promise<void> {
  const { database, intervalMs, log } = options;
  await database
    .run('end-write-turn', [turn.installationId, ticket, intervalMs])
    .catch((error: unknown) => log.warn('rate.turn-not-ended', { cause: String(error) }));
}

async function waitOut(
  { database, closing }: RateBucketOptions,
  installationId: number,
  waitMsMax: number,
): Promise<void> {
  for (;;) {
    const [row] = await database.run('rate-pause', [installationId]);
    if (!row) return;
    const pauseMs = Number(row.pause_ms);
    if (pauseMs > waitMsMax || closing.aborted) throw limited(installationId, pauseMs);
    await sleep(Math.min(pauseMs, askMsMax));
  }
}

function limited(installationId: number, retryAfterMs: number): AppError {
  const seconds = Math.ceil(retryAfterMs / 1_000);
  return new AppError('github-rate-limited', `installation ${installationId} waits ${seconds} s`, {
    retryAfterMs: Math.ceil(retryAfterMs),
  });
}

/** Most answers say nothing new: a statement for each request would double what a read costs the database. */
function createReporter({ database, log }: RateBucketOptions) {
  const lowAtMs = new Map<number, number>();
  const struck = new Set<number>();

  const isNews = (installationId: number, answer: RateAnswer): boolean => {
    if (answer.limited || answer.pauseMs !== null || struck.has(installationId)) return true;
    const lastMs = lowAtMs.get(installationId) ?? Number.NEGATIVE_INFINITY;
    return answer.lowMs !== null && performance.now() - lastMs > reportMsMin;
  };
  return async (installationId: number, answer: RateAnswer): Promise<void> => {
    if (!isNews(installationId, answer)) return;
    if (answer.limited) struck.add(installationId);
    else struck.delete(installationId);
    if (answer.lowMs !== null) lowAtMs.set(installationId, performance.now());
    try {
      await database.run('report-rate', [installationId, answer.limited, answer.pauseMs, answer.lowMs]);
    } catch (error) {
      log.warn('rate.not-reported', { installationId, cause: String(error) });
    }
  };
}
