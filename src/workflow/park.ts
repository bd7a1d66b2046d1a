import type { AppError } from '../domain/app-error.ts';
import { errorCatalogue } from '../domain/error-catalogue.ts';
import type { ClaimedRun, Release } from '../domain/run.ts';
import { parkForChecks, parkForPerson, waitedMs } from './park-for-person.ts';
import { type Parking, parkingAfter } from './park-policy.ts';
import { reportParked } from './progress.ts';
import type { RunContext } from './run-context.ts';

const day = 24 * 3_600_000;
/** Shorter waits are over before a person has read of them. */
const toldMsMin = 30_000;

/**
 * Gives the run back until it makes sense to go on: journaled, told where people look, and no worker is held while
 * it waits. False: nothing speaks for going on, the run has to end. `isEnding`: only the last word is missing.
 */
export async function park(
  claimed: ClaimedRun,
  context: RunContext,
  failure: AppError,
  { isEnding = false }: { readonly isEnding?: boolean } = {},
): Promise<boolean> {
  if (failure.code === 'person-awaited') {
    await parkForPerson(claimed, context, failure.message);
    return true;
  }
  if (failure.code === 'checks-awaited') {
    await parkForChecks(claimed, context, failure);
    return true;
  }
  const parking = decide(context, failure);
  if (!parking) return false;
  const { cause, delayMs } = parking;
  const { code, message } = failure;
  const attempt = triesOf(context, failure) + 1;
  await context.append({ kind: 'run.retried', attempt, code, message, delayMs });
  const until = new Date(context.ports.clock.now().getTime() + delayMs);
  // What waits already changes nothing about this error; only what comes from now on is a reason not to wait.
  await context.pendingMessages();
  const { seenSeq } = context;
  const release: Release = {
    delayMs,
    cause,
    until,
    reason: reasonOf(failure),
    seenSeq,
    evenIfStopped: isEnding,
  };
  // Where GitHub itself is what is waited for, telling has to wait as well.
  const canBeTold = !isEnding && !code.startsWith('github-');
  if (delayMs >= toldMsMin && canBeTold) await reportParked(context, release);
  await claimed.release(release);
  context.ports.log.info('run.parked', { runId: context.run.id, code, cause, delayMs });
  return true;
}

function decide(context: RunContext, failure: AppError): Parking | null {
  const { limits } = context.ports;
  return parkingAfter(failure, {
    tried: triesOf(context, failure),
    triesMax: limits.retriesMax,
    ageMs: ageMs(context) - waitedMs(context),
    ageMsMax: limits.ageMsMax ?? day,
    backoffMs: limits.backoffMs ?? 1_000,
    chance: Math.random(),
  });
}

/** By the database's clock, which stamps the entries: a worker whose own is a day ahead must not give runs up. */
function ageMs({ entries, run }: RunContext): number {
  return (entries.at(-1)?.at ?? run.createdAt).getTime() - run.createdAt.getTime();
}

/** A step that got done in between shows that the error had passed. */
function triesOf(context: RunContext, { code }: AppError): number {
  const events = context.entries.map(({ event }) => event);
  const since = events.findLastIndex(({ kind }) => kind === 'step.finished');
  return events.slice(since + 1).filter((event) => event.kind === 'run.retried' && event.code === code)
    .length;
}

function reasonOf(failure: AppError): string {
  const hint = failure.hint === undefined ? '' : ` ${failure.hint}`;
  return `${errorCatalogue[failure.code].title}: ${failure.message}.${hint} (\`${failure.code}\`)`;
}
