import { dayCaps, type OperatorBudgets, type RepositoryBudgets, runBudgetUsd } from '../../domain/budgets.ts';
import type { ControlIssue } from '../../domain/control-issue.ts';
import type { Run, RunState } from '../../domain/run.ts';
import { openWait } from '../../domain/waits.ts';
import type { ControlView, ParkedRun } from '../../record/render-control-issue.ts';
import type { Store } from '../../store/open-store.ts';

/** Of a repository's runs under way. */
const listMax = 200;

export interface ViewPorts {
  readonly store: Pick<Store, 'runs' | 'journal' | 'inbox' | 'controls'>;
  readonly budgets: OperatorBudgets;
  readonly label: string;
}

/** Reads what the control issue shows, all of it from the database and about this repository only. */
export async function readControlView(
  ports: ViewPorts,
  { repository, missed }: Pick<ControlIssue, 'repository' | 'missed'>,
  config: RepositoryBudgets,
): Promise<ControlView> {
  const { store, budgets, label } = ports;
  // Newest first in the store; people read a queue from its head.
  const list = async (state: RunState): Promise<readonly Run[]> =>
    [...(await store.runs.list({ repositoryId: repository.id, state, limit: listMax }))].reverse();
  const parked: ParkedRun[] = [];
  for (const run of await list('parked')) parked.push(await readParked(store, run));
  return {
    label,
    queued: await list('queued'),
    working: await list('running'),
    parked,
    figures: await store.controls.figures(repository.id),
    runUsd: runBudgetUsd(budgets, config),
    dayUsd: dayCaps(budgets, config)['repository-day'] ?? null,
    missed: missed.length,
  };
}

async function readParked(store: ViewPorts['store'], run: Run): Promise<ParkedRun> {
  const events = (await store.journal.read(run.id)).map(({ event }) => event);
  const parked = events.findLast((event) => event.kind === 'run.parked');
  const pending = await store.inbox.pending(run.id);
  return {
    run,
    wait: openWait(events),
    reason: parked?.cause === undefined ? '' : parked.reason,
    answered: pending.some(({ kind }) => kind === 'approve' || kind === 'resume'),
  };
}
