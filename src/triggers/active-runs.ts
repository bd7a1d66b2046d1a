import type { Run, RunState } from '../domain/run.ts';
import type { Thread, TriggerPorts } from './trigger-ports.ts';

export const activeStates: readonly RunState[] = ['queued', 'running', 'parked'];
/** Far above what one installation keeps waiting; a full page is logged. */
const listMax = 1_000;

/** Runs that are not over, of the kind that `matches`; of one repository where it is named. */
export async function findActiveRuns(
  ports: TriggerPorts,
  matches: (run: Run) => boolean,
  where: { readonly repositoryId?: number } = {},
): Promise<readonly Run[]> {
  const found: Run[] = [];
  for (const state of activeStates) {
    const runs = await ports.runs.list({ ...where, state, limit: listMax });
    if (runs.length === listMax) ports.log.warn('trigger.run-list-full', { state, limit: listMax });
    found.push(...runs.filter(matches));
  }
  return found;
}

/** A repository's newest runs that are looked through for those of a thread. */
const runsRead = 500;

/** Every run of a thread, newest first: its own, those that report here, and those that push its branch. */
export async function findRunsOfThread(
  ports: TriggerPorts,
  thread: Thread,
  headRef: string | null,
): Promise<readonly Run[]> {
  const found: Run[] = [];
  for (const run of await ports.runs.list({ repositoryId: thread.repository.id, limit: runsRead }))
    if (await isOfThread(ports, run, { thread, headRef })) found.push(run);
  return found;
}

/**
 * The run that a person on this thread means: the thread's own, else the one that reports here (its tracking issue),
 * else the one that pushes the pull request's branch.
 */
export async function findRunOfThread(
  ports: TriggerPorts,
  thread: Thread,
  headRef: string | null,
): Promise<Run | undefined> {
  const own = await ports.runs.findActive(thread.repository.id, thread.target);
  if (own !== undefined) return own;
  const others = await findActiveRuns(ports, () => true, { repositoryId: thread.repository.id });
  for (const run of others) if (await isOfThread(ports, run, { thread, headRef })) return run;
  return undefined;
}

async function isOfThread(
  ports: Pick<TriggerPorts, 'journal'>,
  run: Run,
  { thread, headRef }: { readonly thread: Thread; readonly headRef: string | null },
): Promise<boolean> {
  // Issues and pull requests share one sequence of numbers.
  const numbers = [run.target.number, run.trackingIssue];
  return numbers.includes(thread.target.number) || (headRef !== null && (await pushes(ports, run, headRef)));
}

/** Whether a run pushes the branch; one on an issue puts a number behind its name where that is taken. A review pushes none. */
export async function pushes(
  ports: Pick<TriggerPorts, 'journal'>,
  run: Run,
  branch: string,
): Promise<boolean> {
  if (run.trigger === 'review' || !branch.startsWith(run.branches.head)) return false;
  return branch === (await branchOf(ports, run));
}

/** The branch that a run pushes: the one that its journal says it chose, else the one that it was made for. */
export async function branchOf(ports: Pick<TriggerPorts, 'journal'>, { id, branches }: Run): Promise<string> {
  const entries = await ports.journal.read(id);
  const chosen = entries.map(({ event }) => event).findLast((event) => event.kind === 'base.chosen');
  return chosen?.head ?? branches.head;
}

/** Asks every one of the runs to stop; how many were not over yet. */
export async function cancelRuns(ports: TriggerPorts, runs: readonly Run[], reason: string): Promise<number> {
  let cancelled = 0;
  for (const run of runs) {
    if (!(await ports.runs.requestCancel(run.id, reason))) continue;
    cancelled += 1;
    ports.log.info('trigger.cancelled', { runId: run.id, reason });
  }
  return cancelled;
}
