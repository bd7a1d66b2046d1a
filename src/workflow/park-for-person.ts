import type { AppError } from '../domain/app-error.ts';
import type { Clock } from '../domain/clock.ts';
import type { JournalEntry } from '../domain/journal.ts';
import type { Wait } from '../domain/journal-event.ts';
import type { ClaimedRun, Release } from '../domain/run.ts';
import { openWait } from '../domain/waits.ts';
import { patienceMs } from './await-person.ts';
import { reportParked } from './progress.ts';
import type { RunContext } from './run-context.ts';

/** Gives the run back until somebody answers; told where people look, whatever else is going on. */
export async function parkForPerson(claimed: ClaimedRun, context: RunContext, reason: string): Promise<void> {
  const begun = begunWait(context);
  const { clock } = context.ports;
  const lastMs = (begun?.at ?? clock.now()).getTime() + patienceMs;
  const until = new Date(Math.min(lastMs, resetMs(waitOf(context), clock)));
  await parkInWait(claimed, context, { cause: 'person', until, reason });
}

/** Gives the run back until a check of others ends, or until it is time to look again. Told once: it is looked often. */
export async function parkForChecks(
  claimed: ClaimedRun,
  context: RunContext,
  { message: reason, retryAfterMs = 60_000 }: AppError,
): Promise<void> {
  const until = new Date(context.ports.clock.now().getTime() + retryAfterMs);
  await parkInWait(claimed, context, { cause: 'checks', until, reason });
}

async function parkInWait(
  claimed: ClaimedRun,
  context: RunContext,
  {
    cause,
    until,
    reason,
  }: { readonly cause: 'person' | 'checks'; readonly until: Date; readonly reason: string },
): Promise<void> {
  const { clock, log } = context.ports;
  const waitId = waitOf(context)?.id;
  const release: Release = {
    delayMs: Math.max(1_000, until.getTime() - clock.now().getTime()),
    cause,
    until,
    reason,
    seenSeq: context.seenSeq,
    ...(waitId === undefined ? {} : { waitId }),
  };
  const isTold = cause === 'checks' && context.last('run.parked', (event) => event.waitId === waitId);
  if (!isTold) await reportParked(context, release);
  await claimed.release(release);
  log.info('run.parked', { runId: context.run.id, cause, waitId: waitId ?? '' });
}

function waitOf({ entries }: RunContext): Wait | undefined {
  return openWait(entries.map(({ event }) => event));
}

function begunWait(context: RunContext): JournalEntry | undefined {
  const wait = waitOf(context);
  return wait && context.entryOf('wait.begun', (event) => event.wait.id === wait.id);
}

/** A budget of a day is looked at when that is over, and from then on every minute: the database says which day it is. */
function resetMs(wait: Wait | undefined, clock: Clock): number {
  if (wait?.kind !== 'budget' || wait.resetsAt === null) return Number.POSITIVE_INFINITY;
  return Math.max(Date.parse(wait.resetsAt) + 1_000, clock.now().getTime() + 60_000);
}

/** Milliseconds that the run has waited for people so far: they do not make it older. */
export function waitedMs(context: RunContext): number {
  let sumMs = 0;
  let sinceMs: number | null = null;
  for (const { event, at } of context.entries) {
    if (event.kind === 'run.parked' && event.waitId !== undefined) sinceMs = at.getTime();
    if (event.kind === 'run.claimed' && sinceMs !== null) {
      sumMs += at.getTime() - sinceMs;
      sinceMs = null;
    }
  }
  return sumMs;
}
