import { isAppError } from '../domain/app-error.ts';
import type { JournalEvent } from '../domain/journal-event.ts';
import { parkedEvent } from '../domain/parked-event.ts';
import type { Release } from '../domain/run.ts';
import type { BudgetStanding } from '../domain/spend.ts';
import { projectRun } from '../record/project-run.ts';
import { renderTrackingComment } from '../record/render-tracking-comment.ts';
import { spendCapOf } from './budget-of.ts';
import { writeJournalRefSometimes } from './journal-ref.ts';
import type { RunContext } from './run-context.ts';

/** Edits the tracking comment now. GitHub being away must not stop a run, so that is only logged. */
export async function reportProgress(context: RunContext): Promise<void> {
  try {
    await updateTracking(context);
  } catch (error) {
    if (isAppError(error, 'lease-lost') || isAppError(error, 'run-cancelled')) throw error;
    context.ports.log.warn('tracking.not-updated', { runId: context.run.id, cause: String(error) });
  }
}

/** The last edit: here an outage is an error, because a run must not end in silence. */
export async function reportEnd(context: RunContext): Promise<void> {
  await context.refresh();
  await updateTracking(context);
}

/** Says that the run waits, just before it is given back: afterwards the lease is gone. */
export async function reportParked(context: RunContext, release: Release): Promise<void> {
  try {
    await updateTracking(context, [parkedEvent(release)]);
  } catch (error) {
    if (isAppError(error, 'lease-lost') || isAppError(error, 'run-cancelled')) throw error;
    context.ports.log.warn('tracking.not-updated', { runId: context.run.id, cause: String(error) });
  }
}

async function updateTracking(context: RunContext, coming: readonly JournalEvent[] = []): Promise<void> {
  const { run, lease, entries, ports } = context;
  if (run.trackingIssue === null) return;
  const last = entries.at(-1);
  const expected = last ? coming.map((event) => ({ ...last, event })) : [];
  const record = projectRun(run, [...entries, ...expected]);
  const budgets = record.end === null ? await standingsNow(context) : [];
  const body = renderTrackingComment(record, { budgets });
  await ports.effects.perform(run, lease, 'tracking', {
    kind: 'tracking.update',
    issue: run.trackingIssue,
    body,
  });
}

/** Only a model costs money. */
async function standingsNow(context: RunContext): Promise<readonly BudgetStanding[]> {
  if (context.ports.chain === null || !context.last('turn.answered')) return [];
  return await context.ports.spend.standings(context.run.id, spendCapOf(context));
}

export interface Progress {
  stop(): Promise<void>;
}

/**
 * Keeps the tracking comment fresh while a long step goes on: one edit per `progressMs` at most, and only when the
 * journal grew.
 */
export function startProgress(context: RunContext): Progress {
  const stopped = new AbortController();
  const signal = AbortSignal.any([stopped.signal, context.lease.signal]);
  const loop = keepFresh(context, signal);
  return {
    async stop(): Promise<void> {
      stopped.abort();
      await loop;
    },
  };
}

async function keepFresh(context: RunContext, signal: AbortSignal): Promise<void> {
  const { clock, limits, log } = context.ports;
  while (!signal.aborted) {
    await clock.sleep(limits.progressMs, signal);
    if (signal.aborted) return;
    const before = context.entries.length;
    try {
      await context.refresh();
      if (context.entries.length > before) await reportProgress(context);
      await writeJournalRefSometimes(context);
    } catch (error) {
      log.debug('progress.stopped', { runId: context.run.id, cause: String(error) });
      return;
    }
  }
}
