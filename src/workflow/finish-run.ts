import { isAppError } from '../domain/app-error.ts';
import type { RunEnd } from '../domain/run.ts';
import { openWait } from '../domain/waits.ts';
import { takeMessage } from './await-person.ts';
import { writeJournalRef } from './journal-ref.ts';
import { keepCheckpoints } from './keep-checkpoints.ts';
import { reportEnd } from './progress.ts';
import { endRunChecks } from './run-check.ts';
import type { RunContext } from './run-context.ts';
import { settleIntents } from './settle-intents.ts';
import { updateBody } from './update-body.ts';

/**
 * Ends a run: journaled, directories removed, told where people look, row and queue job closed in one transaction.
 * Every part may be repeated after a crash. The row comes last, so that nothing before it is ever left undone.
 */
export async function finishRun(context: RunContext, end: RunEnd): Promise<void> {
  const { ports, lease } = context;
  await settleIntents(context);
  await keepCheckpoints(context);
  await context.append({ kind: 'run.ended', state: end.state, end }, 'run.ended');
  // From that entry on whoever speaks is told that nothing runs, so this is the last of what came before.
  await takeLeftovers(context);
  await writeJournalRef(context);
  await context.ports.journalRef?.commits.discard(context.run.id);
  await removeDirectories(context);
  // Nothing slow after the people were told: who asks again at once must not hear that a run is still under way.
  await tellEnd(context, end);
  await ports.runs.finish(lease, end);
  ports.log.info('run.ended', { runId: context.run.id, state: end.state });
}

/**
 * A run that was stopped does not wait for GitHub to take its last word: the sweep of silent endings says it later.
 * Every other end is tried again as a whole.
 */
async function tellEnd(context: RunContext, { state }: RunEnd): Promise<void> {
  try {
    await takeBackQuestion(context);
    await tellReviewer(context, state);
    await endRunChecks(context);
    await reportEnd(context);
  } catch (error) {
    if (state !== 'cancelled' || isAppError(error, 'lease-lost')) throw error;
    context.ports.log.warn('run.end-not-told', { runId: context.run.id, cause: String(error) });
  }
}

/** A draft must not ask for what nothing waits for any more. */
async function takeBackQuestion(context: RunContext): Promise<void> {
  const open = openWait(context.entries.map(({ event }) => event));
  const pull = open?.kind === 'held' || open?.kind === 'budget' ? open.pull : null;
  if (pull !== null && context.run.target.kind === 'issue') await updateBody(context, pull);
}

/** A round that ended before its review was answered says so on the pull request, where its reviewer looks. */
async function tellReviewer(context: RunContext, state: RunEnd['state']): Promise<void> {
  const { input, target } = context.run;
  if (!input.round || (state !== 'refused' && state !== 'failed')) return;
  if (context.last('effect.sent', ({ key }) => key === 'pull-report')) return;
  await updateBody(context, target.number);
}

/** Whoever spoke to a run that was about to end is told that it changed nothing. */
async function takeLeftovers(context: RunContext): Promise<void> {
  for (const message of await context.pendingMessages())
    await takeMessage(context, message, 'came too late: the run was ending');
}

/** A directory that cannot be removed must not keep a run open; the operator's log has it. */
async function removeDirectories(context: RunContext): Promise<void> {
  const { workspaces, log } = context.ports;
  try {
    await workspaces.discard(context.run.id);
  } catch (error) {
    log.warn('workspace.not-removed', { runId: context.run.id, cause: String(error) });
  }
}
