import type { ClaimedRun, Release } from '../domain/run.ts';
import { openWait } from '../domain/waits.ts';
import { patienceMs } from './await-person.ts';
import { reportParked } from './progress.ts';
import type { RunContext } from './run-context.ts';

/** Gives the run back until somebody answers; told where people look, whatever else is going on. */
export async function parkForPerson(claimed: ClaimedRun, context: RunContext, reason: string): Promise<void> {
  const { clock, log } = context.ports;
  const wait = openWait(context.entries.map(({ event }) => event));
  const begun = wait && context.entryOf('wait.begun', (event) => event.wait.id === wait.id);
  const until = new Date((begun?.at ?? clock.now()).getTime() + patienceMs);
  const release: Release = {
    delayMs: Math.max(1_000, until.getTime() - clock.now().getTime()),
    cause: 'person',
    until,
    reason,
    seenSeq: context.seenSeq,
    ...(wait ? { waitId: wait.id } : {}),
  };
  await reportParked(context, release);
  await claimed.release(release);
  log.info('run.parked', { runId: context.run.id, cause: 'person', waitId: wait?.id ?? '' });
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
