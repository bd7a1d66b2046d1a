import { type OperatorBudgets, type RepositoryBudgets, runBudgetUsd } from '../../domain/budgets.ts';
import type { JournalEvent } from '../../domain/journal-event.ts';
import { openWait } from '../../domain/waits.ts';
import { replyTexts } from '../reply-texts.ts';
import { statusText } from '../steering-texts.ts';
import { answer, type CommandHandler, eventsOf, findMeantRun } from './command-request.ts';

/** `/agent status`: place in the queue, step, spend, and what is waited for. */
export const status: CommandHandler = async (ports, request) => {
  const outcome = { kind: 'applied', what: 'status' } as const;
  const run = await findMeantRun(ports, request);
  if (!run) return await answer(ports, request, { outcome, body: replyTexts.idle(ports.labelName) });
  const events = await eventsOf(ports, run);
  const step = events.findLast((event) => event.kind === 'step.started');
  const body = statusText(run, {
    place: await ports.runs.queuePlace(run.id),
    step: step?.kind === 'step.started' ? step.step : null,
    turns: events.filter(({ kind }) => kind === 'turn.answered').length,
    spend: await ports.spend.total(run.id),
    limitUsd: limitOf(ports.budgets, events),
    wait: openWait(events),
  });
  return await answer(ports, request, { outcome, body });
};

/** The run's budget as it holds now. */
function limitOf(operator: OperatorBudgets, events: readonly JournalEvent[]): number {
  const read = events.findLast((event) => event.kind === 'config.read');
  const said = events.findLast((event) => event.kind === 'budget.set');
  const asked = read?.kind === 'config.read' ? (read.config as RepositoryBudgets) : {};
  return runBudgetUsd(operator, asked, said?.kind === 'budget.set' ? said.limitUsd : undefined);
}
