import type { Wait } from '../domain/journal-event.ts';
import { messageKey, type RunMessage } from '../domain/run-inbox.ts';
import { openWait } from '../domain/waits.ts';
import { authorOf, awaitPerson, type Judgement, takeMessage } from './await-person.ts';
import type { RunContext } from './run-context.ts';
import { takeBudgets } from './wait-for-budget.ts';

/**
 * Stands still where somebody asked for it: at the start of a step and of a turn. Throws `person-awaited`, and when
 * the run is claimed again it comes back here. What else was asked for and makes no sense now is taken and said so.
 */
export async function obeyPause(context: RunContext): Promise<void> {
  await context.refresh();
  await takeBudgets(context);
  const open = openWait(context.entries.map(({ event }) => event));
  if (open?.kind === 'pause') await awaitPerson(context, open, judge);
  const pending = await context.pendingMessages();
  const pause = pending.find(({ kind }) => kind === 'pause');
  if (pause) return await stand(context, pause);
  if (open && open.kind !== 'pause') return;
  for (const message of pending) {
    if (message.kind === 'resume') await takeMessage(context, message, 'the run was not paused');
    if (message.kind === 'approve') await takeMessage(context, message, 'nothing waited for an approval');
  }
}

async function stand(context: RunContext, pause: RunMessage): Promise<void> {
  const wait: Wait = { id: `pause:${pause.triggerKey}`, kind: 'pause' };
  await context.append({ kind: 'wait.begun', wait, by: authorOf(pause) }, messageKey(pause));
  await awaitPerson(context, wait, judge);
}

function judge({ kind }: RunMessage): Judgement {
  if (kind === 'resume') return { end: 'resumed', text: '' };
  if (kind === 'pause') return { taken: 'the run is paused already' };
  return 'keep';
}
