import { AppError, isAppError } from '../../src/domain/app-error.ts';
import type { RateBucket, WritePriority, WriteTurn } from '../../src/domain/rate-bucket.ts';
import { fenced, isHeld, type MemoryDatabase, type RateRow } from './memory-database.ts';
import { currentProcess } from './scheduler.ts';
import { seam, sleep, transact } from './simulation.ts';

const priorities: Readonly<Record<WritePriority, number>> = { first: 0, normal: 1, last: 2 };
const holdMs = 5_000;
const waitMsMax = 120_000;
/** Between two writes of one installation, as GitHub wants it. */
export const writeIntervalMs = 1_000;

export function rateRow({ rates }: MemoryDatabase, installationId: number): RateRow {
  const known = rates.get(installationId);
  if (known) return known;
  const created: RateRow = {
    nextWriteAtMs: 0,
    holder: null,
    heldUntilMs: 0,
    pausedUntilMs: 0,
    strikes: 0,
    line: [],
    created: [],
  };
  rates.set(installationId, created);
  return created;
}

/** The limits of an installation as `take_write_turn` and `report_rate` keep them, for one process. */
export function memoryRates(database: MemoryDatabase, closing: AbortSignal): RateBucket {
  const { simulation } = database;
  const { scheduler } = simulation;
  let tickets = 0;
  return {
    async write(turn, send) {
      tickets += 1;
      const ticket = tickets;
      await takeTurn(database, turn, { ticket, closing });
      // Between the grant and the request nothing is waited for: see "What stays open" in docs/reliability.md.
      try {
        return await send();
      } finally {
        stopRenewing(database, turn, ticket);
        await transact(simulation, 'rate.end', () => endTurn(database, turn, ticket)).catch(() => undefined);
      }
    },
    async ready(installationId, options = {}) {
      const most = options.waitMsMax ?? waitMsMax;
      for (;;) {
        const pauseMs = rateRow(database, installationId).pausedUntilMs - scheduler.nowMs;
        if (pauseMs <= 0) return;
        if (pauseMs > most || closing.aborted) throw limited(installationId, pauseMs);
        await sleep(scheduler, Math.min(pauseMs, 5_000));
      }
    },
    async report(installationId, answer) {
      if (!answer.limited && answer.pauseMs === null) return;
      await transact(simulation, 'rate.report', () => {
        const row = rateRow(database, installationId);
        row.pausedUntilMs = Math.max(row.pausedUntilMs, scheduler.nowMs + (answer.pauseMs ?? 60_000));
      }).catch(() => undefined);
    },
  };
}

async function takeTurn(
  database: MemoryDatabase,
  turn: WriteTurn,
  { ticket, closing }: { readonly ticket: number; readonly closing: AbortSignal },
): Promise<void> {
  const { simulation } = database;
  const signal = stopsWaiting(turn);
  const ends = AbortSignal.any([closing, ...(signal ? [signal] : [])]);
  try {
    for (;;) {
      await seam(simulation, 'rate.ask');
      await simulation.scheduler.wait(currentProcess(), 'rate.ask', simulation.random.between(1, 8));
      if (ends.aborted) throw ends.reason;
      const waitMs = ask(database, turn, ticket);
      if (waitMs <= 0) return;
      await sleep(simulation.scheduler, Math.min(waitMs, 1_000), ends);
    }
  } catch (error) {
    leave(database, turn, ticket);
    throw error;
  }
}

/** A run that was stopped still tells its end: then only the fence decides. */
function stopsWaiting({ lease }: WriteTurn): AbortSignal | undefined {
  const stopped = lease?.signal.aborted && isAppError(lease.signal.reason, 'run-cancelled');
  return stopped ? undefined : lease?.signal;
}

/** Milliseconds until it is worth asking again; 0: the turn is ours. */
function ask(database: MemoryDatabase, turn: WriteTurn, ticket: number): number {
  const { nowMs } = database.simulation.scheduler;
  const { installationId, priority, creates } = turn;
  const process = currentProcess();
  const row = rateRow(database, installationId);
  mustHold(database, turn);
  const pauseMs = Math.max(row.pausedUntilMs, creates ? roomAt(row, nowMs) : 0) - nowMs;
  if (pauseMs > waitMsMax) throw limited(installationId, pauseMs);
  if (pauseMs > 0) {
    leave(database, turn, ticket);
    return pauseMs;
  }
  const own = { ticket, process, priority: priorities[priority], seenAtMs: nowMs };
  const known = row.line.findIndex((one) => one.ticket === ticket && one.process === process);
  if (known === -1) row.line.push(own);
  else row.line[known] = own;
  row.line = row.line.filter(({ seenAtMs }) => seenAtMs >= nowMs - 3_000);
  const place = row.line.indexOf(own);
  const ahead = row.line.filter(
    (one, index) => one.priority < own.priority || (one.priority === own.priority && index < place),
  ).length;
  const held = row.holder !== null && holds(row, nowMs) ? 10 : 0;
  const waitMs = Math.max(
    held,
    row.nextWriteAtMs - nowMs,
    ahead > 0 ? 10 + Math.min(ahead * writeIntervalMs, 500) : 0,
  );
  if (waitMs > 0) return waitMs;
  leave(database, turn, ticket);
  Object.assign(row, { holder: { process, ticket, renews: true }, heldUntilMs: nowMs + holdMs });
  row.nextWriteAtMs = nowMs + writeIntervalMs;
  if (creates) row.created.push(nowMs);
  return 0;
}

function mustHold(database: MemoryDatabase, { lease, claim }: WriteTurn): void {
  if (lease) fenced(database, lease);
  if (claim && !isHeld(database, claim)) throw new AppError('lease-lost', 'the claim was taken over');
}

/** Whatever becomes of the statement that gives the turn back. */
function stopRenewing(database: MemoryDatabase, { installationId }: WriteTurn, ticket: number): void {
  const { holder } = rateRow(database, installationId);
  if (holder?.ticket === ticket && holder.process === currentProcess()) holder.renews = false;
}

/** A holder that lives renews its turn; a dead or stopped one keeps it for what is left of the hold. */
function holds(row: RateRow, nowMs: number): boolean {
  const { holder } = row;
  const lives = holder?.renews === true && holder.process.alive && holder.process.pausedUntilMs <= nowMs;
  if (lives) row.heldUntilMs = nowMs + holdMs;
  return row.heldUntilMs > nowMs;
}

function leave(database: MemoryDatabase, { installationId }: WriteTurn, ticket: number): void {
  const row = rateRow(database, installationId);
  const process = currentProcess();
  row.line = row.line.filter((one) => one.ticket !== ticket || one.process !== process);
}

function endTurn(database: MemoryDatabase, { installationId }: WriteTurn, ticket: number): void {
  const row = rateRow(database, installationId);
  if (row.holder?.ticket !== ticket || row.holder.process !== currentProcess()) return;
  Object.assign(row, { holder: null, nextWriteAtMs: database.simulation.scheduler.nowMs + writeIntervalMs });
}

/** When a further write has room under the ceilings: 40 in a minute, 250 in an hour. */
function roomAt({ created }: RateRow, nowMs: number): number {
  const minute = created.at(-40);
  const hour = created.at(-250);
  return Math.max(
    minute === undefined || minute < nowMs - 60_000 ? 0 : minute + 60_000,
    hour === undefined || hour < nowMs - 3_600_000 ? 0 : hour + 3_600_000,
  );
}

function limited(installationId: number, retryAfterMs: number): AppError {
  return new AppError('github-rate-limited', `installation ${installationId} waits`, {
    retryAfterMs: Math.ceil(retryAfterMs),
  });
}
