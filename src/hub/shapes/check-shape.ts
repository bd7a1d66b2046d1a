import type { GitCommit } from '../git/commit-reader.ts';
import { nodeId } from '../state/ids.ts';
import type { CheckRun, CheckSuite, CommitStatus, Repository } from '../state/model.ts';
import { appShape } from './app-shape.ts';
import { minimalRepository } from './repository-shape.ts';
import { isoTime, isoTimeOrNull, type Urls } from './urls.ts';
import { simpleUser } from './user-shape.ts';

/** Open pull requests whose head is this commit, in the short form of checks. */
export function pullsAt(urls: Urls, repository: Repository, sha: string) {
  return repository.issues.flatMap((issue) => {
    const { pull } = issue;
    if (!pull || issue.state !== 'open' || pull.headSha !== sha) return [];
    const repo = (one: Repository) => ({ id: one.id, url: urls.repositoryApi(one), name: one.name });
    return [
      {
        url: `${urls.repositoryApi(repository)}/pulls/${issue.number}`,
        id: pull.id,
        number: issue.number,
        head: { ref: pull.headRef, sha: pull.headSha, repo: repo(pull.headRepository) },
        base: { ref: pull.baseRef, sha: pull.baseSha, repo: repo(repository) },
      },
    ];
  });
}

export function checkRunShape(urls: Urls, repository: Repository, run: CheckRun) {
  const api = `${urls.repositoryApi(repository)}/check-runs/${run.id}`;
  const html = `${urls.repositoryHtml(repository)}/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('run', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url: api,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: isoTimeOrNull(run.startedAt),
    completed_at: isoTimeOrNull(run.completedAt),
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${api}/annotations`,
    },
    check_suite: { id: run.suite.id },
    app: appShape(urls, run.suite.app),
    pull_requests: pullsAt(urls, repository, run.headSha),
  };
}

/** A suite's state: completed when all of its runs are, with the worst conclusion. */
export function suiteState(suite: CheckSuite): {
  readonly status: string;
  readonly conclusion: string | null;
} {
  if (suite.runs.length === 0) return { status: 'queued', conclusion: null };
  if (suite.runs.some((run) => run.status !== 'completed'))
    return { status: 'in_progress', conclusion: null };
  const worst = ['action_required', 'timed_out', 'cancelled', 'failure', 'success', 'neutral', 'skipped'];
  const conclusion = worst.find((one) => suite.runs.some((run) => run.conclusion === one)) ?? 'neutral';
  return { status: 'completed', conclusion };
}

export function headCommit(commit: GitCommit) {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.committer.date,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

export function checkSuiteShape(
  urls: Urls,
  repository: Repository,
  at: { readonly suite: CheckSuite; readonly commit: GitCommit },
) {
  const { suite, commit } = at;
  const api = `${urls.repositoryApi(repository)}/check-suites/${suite.id}`;
  return {
    id: suite.id,
    node_id: nodeId('suite', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...suiteState(suite),
    url: api,
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullsAt(urls, repository, suite.headSha),
    app: appShape(urls, suite.app),
    created_at: isoTime(suite.createdAt),
    updated_at: isoTime(suite.updatedAt),
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: suite.runs.length,
    check_runs_url: `${api}/check-runs`,
    head_commit: headCommit(commit),
    repository: minimalRepository(urls, repository),
  };
}

/** The suite inside a check run of a webhook. */
export function webhookSuite(urls: Urls, repository: Repository, suite: CheckSuite) {
  return {
    id: suite.id,
    node_id: nodeId('suite', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...suiteState(suite),
    url: `${urls.repositoryApi(repository)}/check-suites/${suite.id}`,
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullsAt(urls, repository, suite.headSha),
    app: appShape(urls, suite.app),
    created_at: isoTime(suite.createdAt),
    updated_at: isoTime(suite.updatedAt),
  };
}

export function statusShape(urls: Urls, repository: Repository, status: CommitStatus) {
  return {
    url: `${urls.repositoryApi(repository)}/statuses/${status.sha}`,
    avatar_url: `${urls.html}/avatars/${status.creator.id}`,
    id: status.id,
    node_id: nodeId('status', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: isoTime(status.createdAt),
    updated_at: isoTime(status.createdAt),
    creator: simpleUser(urls, status.creator),
  };
}
