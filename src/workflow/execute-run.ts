import { AppError, isAppError } from '../domain/app-error.ts';
import { errorCatalogue } from '../domain/error-catalogue.ts';
import { journalFormat } from '../domain/journal-event.ts';
import type { ClaimedRun, RunEnd } from '../domain/run.ts';
import { finishRun } from './finish-run.ts';
import { buildGraph, firstPointer, type RunPointer } from './graph.ts';
import { writeJournalRef } from './journal-ref.ts';
import { obeyPause } from './obey-pause.ts';
import { park } from './park.ts';
import type { WorkflowPorts } from './ports.ts';
import { type Progress, reportProgress, startProgress } from './progress.ts';
import { RunContext } from './run-context.ts';
import type { Step, StepOutcome } from './step.ts';

const stepsMax = 200;
const laterCodeDelayMs = 60_000;

/** How an execution ended for the worker that carried it out. */
export type Execution = 'ended' | 'released' | 'lost';

/**
 * Takes a claimed run as far as it goes: to its end, back to the queue (an error that may pass), or until the
 * lease is lost. Never throws for what a run does; what it throws is a bug or a database that is gone.
 */
export async function executeRun(claimed: ClaimedRun, ports: WorkflowPorts): Promise<Execution> {
  const context = await RunContext.open(claimed.run, claimed.lease, ports);
  if (isFromLaterCode(context)) return await leaveToLaterCode(claimed, context);
  const ended = context.last('run.ended');
  // Somebody else decided the end and died, or waited, before it was told: nothing is worked on any more.
  if (ended) return await endOrPark(claimed, context, ended.end);
  const progress = startProgress(context);
  try {
    await walk(context, progress);
    return 'ended';
  } catch (error) {
    await progress.stop();
    return await settle(claimed, context, error);
  } finally {
    await progress.stop();
  }
}

/** Code that does not know what was written would go on with half of it. */
function isFromLaterCode({ entries }: RunContext): boolean {
  return entries.some(
    ({ event }) => event.kind === 'run.claimed' && (event.code?.format ?? 0) > journalFormat,
  );
}

/** A newer worker takes it; while an update is rolled out there is one soon. */
async function leaveToLaterCode(claimed: ClaimedRun, { run, ports }: RunContext): Promise<Execution> {
  ports.log.error('run.from-later-code', { runId: run.id, format: journalFormat });
  const reason = 'a newer version of the bot has worked on this run; this one leaves it alone';
  await claimed.release({ delayMs: laterCodeDelayMs, reason, cause: 'person' });
  return 'released';
}

async function walk(context: RunContext, progress: Progress): Promise<void> {
  const { run, lease, ports } = context;
  const checkpointer = ports.checkpointer(lease);
  const graph = buildGraph(async (step, pointer) => {
    // An edit that starts beside the last word would leave an intent behind that nobody resolves.
    if (step.name === 'finish') await progress.stop();
    return await runStep(context, step, pointer);
  }, checkpointer);
  const configurable = { thread_id: run.id };
  const started = await checkpointer.getTuple({ configurable });
  const pointer = await graph.invoke(started ? null : firstPointer, {
    configurable,
    durability: 'sync',
    recursionLimit: stepsMax,
  });
  // An empty "next" of the graph is no proof that it is finished; its own terminal marker is.
  if (pointer.next !== 'end') throw new AppError('internal', `the graph stopped before ${pointer.next}`);
}

async function runStep(context: RunContext, step: Step, pointer: RunPointer): Promise<StepOutcome> {
  const { clock, log } = context.ports;
  const { round } = pointer;
  const key = `${step.name}:${round}`;
  context.checkLease();
  const startedMs = clock.monotonicMs();
  log.info('step.started', { runId: context.run.id, step: step.name, round });
  if (step.name === 'finish') return await step.run(context, pointer);
  if (context.run.trigger !== 'local') await obeyPause(context);
  await context.append({ kind: 'step.started', step: step.name, round }, `step.started:${key}`);
  const outcome = await step.run(context, pointer);
  const durationMs = Math.round(clock.monotonicMs() - startedMs);
  await context.append(
    { kind: 'step.finished', step: step.name, round, summary: outcome.summary, durationMs },
    `step.finished:${key}`,
  );
  log.info('step.finished', {
    runId: context.run.id,
    step: step.name,
    round,
    next: outcome.next,
    durationMs,
  });
  await reportProgress(context);
  await writeJournalRef(context);
  return outcome;
}

async function settle(claimed: ClaimedRun, context: RunContext, error: unknown): Promise<Execution> {
  const failure = asAppError(context, error);
  const { log } = context.ports;
  log.warn('run.interrupted', { runId: context.run.id, code: failure.code, message: failure.message });
  if (failure.code === 'lease-lost') return 'lost';
  // What stops a run that is telling its end comes too late for another one.
  const ended = await journaledEnd(context);
  if (ended) return await endOrPark(claimed, context, ended);
  if (failure.code === 'run-cancelled') {
    return await endOrPark(claimed, context, { state: 'cancelled', summary: failure.message });
  }
  if (await park(claimed, context, failure)) return 'released';
  return await endOrPark(claimed, context, endOf(failure));
}

/** Undefined also while the database is away: then the run waits, and whoever claims it next reads it. */
async function journaledEnd(context: RunContext): Promise<RunEnd | undefined> {
  await context.refresh().catch(() => undefined);
  return context.last('run.ended')?.end;
}

/** The last word needs GitHub and the database: while one of them is away the run waits with its end. */
async function endOrPark(claimed: ClaimedRun, context: RunContext, end: RunEnd): Promise<Execution> {
  try {
    await finishRun(context, end);
    return 'ended';
  } catch (error) {
    const failure = isAppError(error) ? error : asAppError(context, error);
    if (failure.code === 'lease-lost') return 'lost';
    if (!(await park(claimed, context, failure, { isEnding: true }))) throw failure;
    return 'released';
  }
}

/** A lease that ends while a step works surfaces as whatever that step was doing: the lease's reason wins. */
function asAppError(context: RunContext, error: unknown): AppError {
  const { signal } = context.lease;
  if (signal.aborted && isAppError(signal.reason)) return signal.reason;
  if (isAppError(error)) return error;
  return new AppError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}

function endOf(failure: AppError): RunEnd {
  const refused = failure.code.startsWith('repository-') || failure.code === 'tree-refused';
  const advice = failure.hint === undefined ? '' : ` ${failure.hint}`;
  const summary = `${errorCatalogue[failure.code].title}: ${failure.message}.${advice} (\`${failure.code}\`)`;
  return { state: refused ? 'refused' : 'failed', summary };
}
