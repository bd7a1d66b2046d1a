import type { SolverName } from '../domain/journal-event.ts';
import type { RunMessage } from '../domain/run-inbox.ts';
import { takeMessage } from './await-person.ts';
import type { RunContext } from './run-context.ts';

/** True for a message that is for the agent and not for the pipeline. */
export function isWords({ kind }: RunMessage): boolean {
  return kind === 'message' || kind === 'revise' || kind === 'answer';
}

/**
 * Whether somebody said something that the agent has not heard: then the work goes back to it. Nothing but a model can
 * be talked to; what was said to the others is taken and said to have changed nothing.
 */
export async function wordsWait(context: RunContext): Promise<boolean> {
  const words = (await context.pendingMessages()).filter(isWords);
  if (words.length === 0) return false;
  const solver = context.last('plan.made')?.solver ?? 'model';
  if (solver === 'model') return true;
  for (const message of words) await takeMessage(context, message, whyDeaf[solver]);
  return false;
}

const whyDeaf: Readonly<Record<Exclude<SolverName, 'model'>, string>> = {
  repair: 'the repair engine works by search and cannot be told',
  merge: 'git merged by itself, and there is no model that could be told',
};
