import type { NewRun, Run } from '../domain/run.ts';
import type { Thread, TriggerPorts } from './trigger-ports.ts';

/** Runs in a row that Apps may start on one thread, its pull request and its tracking issue, without a person. */
export const appDepthMax = 3;
/** Runs that Apps may start in one repository in a day: a loop that opens a new issue each time has no chain. */
export const appRunsPerDayMax = 20;
const dayMs = 24 * 3_600_000;
const runsRead = 500;

/** Where a run that an App asks for stands in the chain of runs that no person asked for. */
export type AppChain = { readonly kind: 'app'; readonly depth: number } | { readonly kind: 'too-long' };

/**
 * Two listed Apps that answer each other end here. Each run carries its depth: one more than that of the newest run
 * of the same thread, so that only a person starts again from nothing; waiting for another day does not.
 */
export async function readAppChain(
  ports: TriggerPorts,
  thread: Thread,
  found: Pick<NewRun, 'branches' | 'trackingIssue'>,
): Promise<AppChain> {
  const runs = await ports.runs.list({ repositoryId: thread.repository.id, limit: runsRead });
  const before = runs.find((run) => isRelated(run, thread, found));
  const depth = (before?.appDepth ?? 0) + 1;
  const since = ports.clock.now().getTime() - dayMs;
  const today = runs.filter((run) => run.appDepth !== undefined && run.createdAt.getTime() > since).length;
  return depth > appDepthMax || today >= appRunsPerDayMax ? { kind: 'too-long' } : { kind: 'app', depth };
}

/** A run on the thread itself, on the pull request that it opened, or that reports on the same issue. */
function isRelated(run: Run, thread: Thread, found: Pick<NewRun, 'branches' | 'trackingIssue'>): boolean {
  const numbers = [thread.target.number, found.trackingIssue];
  return (
    numbers.includes(run.target.number) ||
    (run.trackingIssue !== null && numbers.includes(run.trackingIssue)) ||
    run.branches.head === found.branches.head
  );
}
