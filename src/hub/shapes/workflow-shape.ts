import type { GitCommit } from '../git/commit-reader.ts';
import { nodeId } from '../state/ids.ts';
import type { Repository, Workflow, WorkflowRun } from '../state/model.ts';
import { headCommit, pullsAt } from './check-shape.ts';
import { minimalRepository } from './repository-shape.ts';
import { isoTime, type Urls } from './urls.ts';
import { simpleUser } from './user-shape.ts';

export function workflowShape(urls: Urls, repository: Repository, workflow: Workflow) {
  const html = urls.repositoryHtml(repository);
  return {
    id: workflow.id,
    node_id: nodeId('workflow', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    created_at: isoTime(workflow.createdAt),
    updated_at: isoTime(workflow.createdAt),
    url: `${urls.repositoryApi(repository)}/actions/workflows/${workflow.id}`,
    html_url: `${html}/blob/${repository.defaultBranch}/${workflow.path}`,
    badge_url: `${html}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  };
}

/** One attempt of a workflow, in lists and webhooks alike. */
export function workflowRunShape(
  urls: Urls,
  repository: Repository,
  at: { readonly run: WorkflowRun; readonly commit: GitCommit },
) {
  const { run, commit } = at;
  const { suite, workflow } = run;
  const api = `${urls.repositoryApi(repository)}/actions/runs/${run.id}`;
  return {
    id: run.id,
    name: workflow.name,
    node_id: nodeId('workflowRun', run.id),
    check_suite_id: suite.id,
    check_suite_node_id: nodeId('suite', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    path: workflow.path,
    run_number: run.number,
    run_attempt: run.attempt,
    referenced_workflows: [],
    event: run.event,
    display_title: commit.message.split('\n')[0] ?? '',
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflow.id,
    url: api,
    html_url: `${urls.repositoryHtml(repository)}/actions/runs/${run.id}`,
    pull_requests: pullsAt(urls, repository, suite.headSha),
    created_at: isoTime(run.createdAt),
    updated_at: isoTime(run.updatedAt),
    run_started_at: isoTime(run.startedAt),
    actor: simpleUser(urls, run.actor),
    triggering_actor: simpleUser(urls, run.actor),
    jobs_url: `${api}/jobs`,
    logs_url: `${api}/logs`,
    check_suite_url: `${urls.repositoryApi(repository)}/check-suites/${suite.id}`,
    artifacts_url: `${api}/artifacts`,
    cancel_url: `${api}/cancel`,
    rerun_url: `${api}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${api}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${urls.repositoryApi(repository)}/actions/workflows/${workflow.id}`,
    head_commit: headCommit(commit),
    repository: minimalRepository(urls, repository),
    head_repository: minimalRepository(urls, repository),
  };
}
