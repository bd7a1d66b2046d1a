import { randomBytes } from 'node:crypto';
import { readCommit } from '../git/commit-reader.ts';
import { notFound } from '../http/api-error.ts';
import { paginate } from '../http/paginate.ts';
import { type RepositoryCall, type Route, read, repositoryRoute } from '../http/route.ts';
import { workflowRunShape } from '../shapes/workflow-shape.ts';
import type { WorkflowRun } from '../state/model.ts';

/** Runs of workflows, newest first, and the logs of their jobs. */
export const workflowRoutes: readonly Route[] = [
  repositoryRoute('GET', '/actions/runs', read('actions'), listRuns),
  repositoryRoute('GET', '/actions/jobs/:id/logs', read('actions'), (call) => {
    const id = Number(call.params['id']);
    const job = call.repository.suites.flatMap((suite) => suite.runs).find((run) => run.id === id);
    if (job?.log === undefined) throw notFound();
    const ticket = randomBytes(16).toString('hex');
    call.hub.state.logTickets.set(ticket, job.log);
    return { status: 302, headers: { location: `${call.hub.urls.html}/_logs/${ticket}` } };
  }),
];

async function listRuns(call: RepositoryCall) {
  const { repository, hub } = call;
  const found = repository.workflowRuns.filter(wantedBy(call)).toReversed();
  const shown = await Promise.all(
    found.map(async (run) => {
      const commit = await readCommit(repository.gitDir, run.suite.headSha);
      return commit ? [workflowRunShape(hub.urls, repository, { run, commit })] : [];
    }),
  );
  return paginate(call, shown.flat(), (page) => ({ total_count: found.length, workflow_runs: page }));
}

function wantedBy({ query }: RepositoryCall): (run: WorkflowRun) => boolean {
  const sha = query.get('head_sha');
  const event = query.get('event');
  const branch = query.get('branch');
  const status = query.get('status');
  return (run) =>
    (!sha || run.suite.headSha === sha) &&
    (!event || run.event === event) &&
    (!branch || run.suite.headBranch === branch) &&
    (!status || run.status === status || run.conclusion === status);
}
