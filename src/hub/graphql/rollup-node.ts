import type { Call } from '../http/route.ts';
import { latestRuns } from '../rest/check-routes.ts';
import { latestStatuses } from '../rest/status-routes.ts';
import { checkRunShape } from '../shapes/check-shape.ts';
import type { PullView } from '../shapes/pull-shape.ts';
import { findIssue } from '../state/hub-state.ts';
import { idOfNode, nodeId } from '../state/ids.ts';
import type { CheckRun, CommitStatus, Repository } from '../state/model.ts';
import { type ConnectionArguments, connection } from './connection.ts';

interface RollupAt {
  readonly repository: Repository;
  readonly sha: string;
  readonly view?: PullView;
}

interface RequiredArguments {
  readonly pullRequestId?: string;
  readonly pullRequestNumber?: number;
}

/** All checks and statuses of a commit together; null when there are none. */
export function rollupNode(call: Call, at: RollupAt) {
  const { suites } = at.repository;
  const runs = latestRuns(suites.filter(({ headSha }) => headSha === at.sha).flatMap((suite) => suite.runs));
  const statuses = latestStatuses(at.repository.statuses, at.sha);
  const contexts = [
    ...runs.map((run) => runNode(call, at, run)),
    ...statuses.map((status) => statusNode(at, status)),
  ];
  if (contexts.length === 0) return null;
  return {
    id: Buffer.from(`Rollup:${at.sha}`).toString('base64url'),
    state: rollupState(runs, statuses),
    contexts: (args: ConnectionArguments) => connection(contexts, args),
  };
}

function rollupState(runs: readonly CheckRun[], statuses: readonly CommitStatus[]): string {
  const good = ['success', 'neutral', 'skipped'];
  const failed = runs.some((run) => run.conclusion !== null && !good.includes(run.conclusion));
  if (failed || statuses.some((one) => one.state === 'failure' || one.state === 'error')) return 'FAILURE';
  const open =
    runs.some((run) => run.status !== 'completed') || statuses.some((one) => one.state === 'pending');
  return open ? 'PENDING' : 'SUCCESS';
}

function runNode(call: Call, at: RollupAt, run: CheckRun) {
  const shape = checkRunShape(call.hub.urls, at.repository, run);
  const { app } = run.suite;
  return {
    __typename: 'CheckRun',
    id: shape.node_id,
    databaseId: run.id < 2 ** 31 ? run.id : null,
    name: run.name,
    status: run.status.toUpperCase(),
    conclusion: run.conclusion?.toUpperCase() ?? null,
    detailsUrl: shape.details_url,
    url: shape.html_url,
    checkSuite: {
      id: nodeId('suite', run.suite.id),
      databaseId: null,
      app: { id: nodeId('app', app.id), databaseId: app.id, name: app.name, slug: app.slug },
    },
    isRequired: (args: RequiredArguments) => isRequired(at, run.name, args),
  };
}

function statusNode(at: RollupAt, status: CommitStatus) {
  return {
    __typename: 'StatusContext',
    id: nodeId('status', status.id),
    context: status.context,
    state: status.state.toUpperCase(),
    description: status.description,
    targetUrl: status.targetUrl,
    isRequired: (args: RequiredArguments) => isRequired(at, status.context, args),
  };
}

/** Whether the base branch of that pull request demands the check. Without a pull request GitHub cannot say. */
function isRequired(at: RollupAt, name: string, args: RequiredArguments): boolean {
  const pull = pullOf(at, args);
  if (!pull) throw new Error('Either pull_request_id or pull_request_number must be provided');
  return at.repository.protectedBranches.get(pull.baseRef)?.requiredChecks.includes(name) ?? false;
}

function pullOf(at: RollupAt, args: RequiredArguments) {
  if (args.pullRequestNumber !== undefined) return findIssue(at.repository, args.pullRequestNumber)?.pull;
  if (args.pullRequestId === undefined) return undefined;
  const wanted = idOfNode('pull', args.pullRequestId);
  return at.repository.issues.find((issue) => issue.pull?.id === wanted)?.pull;
}
