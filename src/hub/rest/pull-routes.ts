import { z } from 'zod';
import { addEvent, addIssue, closeIssue, editIssue, reopenIssue } from '../actions/issue-actions.ts';
import { refreshPull } from '../actions/pull-actions.ts';
import { canSee } from '../auth/access.ts';
import { appOf } from '../auth/caller.ts';
import { type GitCommit, listCommits } from '../git/commit-reader.ts';
import { diffFiles } from '../git/diff-reader.ts';
import { aheadBehind, mergeBase } from '../git/history.ts';
import { branchSha } from '../git/repository-store.ts';
import { ApiError, invalid } from '../http/api-error.ts';
import { paginate } from '../http/paginate.ts';
import { parseBody } from '../http/parse-body.ts';
import { created, ok, type RepositoryCall, type Route, read, repositoryRoute, write } from '../http/route.ts';
import { markdownBody, titleText } from '../http/text-limits.ts';
import { commitShape, fileShape } from '../shapes/commit-shape.ts';
import { fullPull, type PullView, simplePull } from '../shapes/pull-shape.ts';
import { openPullsWithHead } from '../state/hub-state.ts';
import type { Repository } from '../state/model.ts';
import { diffAnswer } from './commit-routes.ts';
import { issueAt, requireUser, usersNamed } from './issue-lookup.ts';
import { requirePull } from './pull-lookup.ts';

const newPull = z.object({
  title: titleText,
  head: z.string().min(1),
  head_repo: z.string().optional(),
  base: z.string().min(1),
  body: markdownBody.nullish(),
  draft: z.boolean().default(false),
  maintainer_can_modify: z.boolean().optional(),
});
const pullChange = z.object({
  title: titleText.optional(),
  body: markdownBody.nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
});

/** Pull requests: made, listed, changed, with their commits and files as git has them. */
export const pullRoutes: readonly Route[] = [
  repositoryRoute('GET', '/pulls', read('pull_requests'), listPulls),
  repositoryRoute('POST', '/pulls', write('pull_requests', 'read'), createPull),
  repositoryRoute('GET', '/pulls/:number', read('pull_requests'), async (call) => {
    const view = requirePull(call);
    const asText = await diffAnswer(call, { from: await forkPoint(view), to: view.pull.headSha });
    return asText ?? ok(fullPull(call.hub.urls, view));
  }),
  repositoryRoute('PATCH', '/pulls/:number', write('pull_requests', 'read'), updatePull),
  repositoryRoute('GET', '/pulls/:number/commits', read('pull_requests'), async (call) => {
    const commits = await commitsOf(requirePull(call));
    return paginate(call, commits, (page) =>
      page.map((one) => commitShape({ ...call.hub, repository: call.repository }, one)),
    );
  }),
  repositoryRoute('GET', '/pulls/:number/files', read('pull_requests'), async (call) => {
    const view = requirePull(call);
    const files = await diffFiles(call.repository.gitDir, await forkPoint(view), view.pull.headSha);
    return paginate(call, files, (page) =>
      page.map((file) => fileShape(call.hub.urls, call.repository, { file, sha: view.pull.headSha })),
    );
  }),
  repositoryRoute('POST', '/pulls/:number/requested_reviewers', write('pull_requests'), (call) => {
    const view = requirePull(call);
    const { reviewers } = parseBody(
      z.object({ reviewers: z.array(z.string()).default([]) }),
      call.body,
      'PullRequest',
    );
    for (const reviewer of usersNamed(call, reviewers)) {
      if (reviewer === view.issue.user)
        throw new ApiError(422, 'Review cannot be requested from pull request author.');
      if (view.pull.requestedReviewers.includes(reviewer)) continue;
      view.pull.requestedReviewers = [...view.pull.requestedReviewers, reviewer];
      addEvent(call.hub, view.issue, { event: 'review_requested', actor: requireUser(call), reviewer });
    }
    return created(simplePull(call.hub.urls, view));
  }),
];

/** The commits of a pull request, oldest first. */
export async function commitsOf(view: PullView): Promise<readonly GitCommit[]> {
  const { repository, pull } = view;
  // After the merge the base contains the head: what stood in the pull request is counted from its base at that time.
  const base = pull.mergedAt ? pull.baseSha : (branchSha(repository, pull.baseRef) ?? pull.baseSha);
  const commits = await listCommits(repository.gitDir, [pull.headSha, `^${base}`], { max: 250 });
  return [...commits].reverse();
}

/** Where the head left the base: what its files are compared with. */
export async function forkPoint(view: PullView): Promise<string> {
  const { repository, pull } = view;
  const base = pull.mergedAt ? pull.baseSha : (branchSha(repository, pull.baseRef) ?? pull.baseSha);
  return (await mergeBase(repository.gitDir, base, pull.headSha)) ?? base;
}

function listPulls(call: RepositoryCall) {
  const state = call.query.get('state') ?? 'open';
  const head = call.query.get('head');
  const base = call.query.get('base');
  const found = call.repository.issues
    .flatMap((issue) => (issue.pull ? [{ repository: call.repository, issue, pull: issue.pull }] : []))
    .filter(({ issue }) => state === 'all' || issue.state === state)
    // Without `owner:` GitHub ignores the filter and lists all: a bot that forgets it must notice here.
    .filter(
      ({ pull }) => !head?.includes(':') || head === `${pull.headRepository.owner.login}:${pull.headRef}`,
    )
    .filter(({ pull }) => !base || base === pull.baseRef);
  const sorted = call.query.get('direction') === 'asc' ? found : found.reverse();
  return paginate(call, sorted, (page) => page.map((view) => simplePull(call.hub.urls, view)));
}

async function createPull(call: RepositoryCall) {
  const { hub, repository } = call;
  const user = requireUser(call);
  const wanted = parseBody(newPull, call.body, 'PullRequest');
  const head = headOf(call, wanted.head);
  const headSha = head && branchSha(head.repository, head.branch);
  if (!head || !headSha) throw invalid('PullRequest', 'head');
  const baseSha = branchSha(repository, wanted.base);
  if (!baseSha) throw invalid('PullRequest', 'base');
  requireNoTwin(call, { head, base: wanted.base });
  if (wanted.draft && !repository.drafts)
    throw new ApiError(422, 'Draft pull requests are not supported in this repository.');
  await hub.store.fetchPullHead(repository, head.repository, headSha, repository.lastNumber + 1);
  await requireCommitsBetween(call, { baseSha, headSha, base: wanted.base, head: wanted.head });
  const issue = addIssue(hub, repository, {
    title: wanted.title,
    body: wanted.body ?? null,
    user,
    app: appOf(call.caller),
  });
  const pull = {
    id: hub.state.ids.take('pull'),
    headRepository: head.repository,
    headRef: head.branch,
    headSha,
    baseRef: wanted.base,
    baseSha,
    draft: wanted.draft,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    mergeable: null,
    behind: false,
    stats: { commits: 0, additions: 0, deletions: 0, changedFiles: 0 },
    reviews: [],
    reviewComments: [],
    requestedReviewers: [],
  };
  issue.pull = pull;
  const view = { repository, issue, pull };
  await refreshPull(hub, view);
  hub.events.pull({ view, sender: user }, 'opened');
  return created(fullPull(hub.urls, view));
}

interface Head {
  readonly repository: Repository;
  readonly branch: string;
}

/** `branch`, or `owner:branch` of this repository or of a fork of it. */
function headOf(call: RepositoryCall, head: string): Head | undefined {
  const colon = head.indexOf(':');
  if (colon < 0) return { repository: call.repository, branch: head };
  const owner = head.slice(0, colon).toLowerCase();
  const branch = head.slice(colon + 1);
  const found = [call.repository, ...call.hub.state.repositories.values()].find(
    (one) =>
      one.owner.login.toLowerCase() === owner && (one === call.repository || one.parent === call.repository),
  );
  return found && canSee(call.caller, found) ? { repository: found, branch } : undefined;
}

function requireNoTwin(call: RepositoryCall, at: { head: Head; base: string }): void {
  const twin = openPullsWithHead(call.hub.state, at.head.repository, at.head.branch).some(
    ({ repository, issue }) => repository === call.repository && issue.pull?.baseRef === at.base,
  );
  const label = `${at.head.repository.owner.login}:${at.head.branch}`;
  if (twin)
    throw new ApiError(422, 'Validation Failed', [
      {
        resource: 'PullRequest',
        field: 'base',
        code: 'custom',
        message: `A pull request already exists for ${label}.`,
      },
    ]);
}

async function requireCommitsBetween(
  call: RepositoryCall,
  at: { readonly baseSha: string; readonly headSha: string; readonly base: string; readonly head: string },
): Promise<void> {
  const { ahead } = await aheadBehind(call.repository.gitDir, at.baseSha, at.headSha);
  if (ahead === 0)
    throw new ApiError(422, 'Validation Failed', [
      {
        resource: 'PullRequest',
        field: 'base',
        code: 'custom',
        message: `No commits between ${at.base} and ${at.head}`,
      },
    ]);
}

async function updatePull(call: RepositoryCall) {
  const view = requirePull(call);
  const { issue, pull } = view;
  const at = issueAt(call, issue);
  const change = parseBody(pullChange, call.body, 'PullRequest');
  const base = change.base === undefined ? undefined : branchSha(call.repository, change.base);
  if (change.base !== undefined && !base) throw invalid('PullRequest', 'base');
  if (change.state === 'open' && issue.state === 'closed') requireReopenable(call, view);
  editIssue(call.hub, at, change);
  if (change.base !== undefined && base) {
    const from = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } };
    pull.baseRef = change.base;
    pull.baseSha = base;
    await refreshPull(call.hub, view);
    call.hub.events.pull({ view, sender: at.sender }, 'edited', { changes: { base: from } });
  }
  if (change.state === 'closed') closeIssue(call.hub, at, 'completed');
  if (change.state === 'open') reopenIssue(call.hub, at);
  return ok(fullPull(call.hub.urls, view));
}

function requireReopenable(call: RepositoryCall, view: PullView): void {
  const { pull } = view;
  const gone = branchSha(pull.headRepository, pull.headRef) === undefined;
  if (pull.mergedAt || gone)
    throw new ApiError(422, 'Validation Failed', [
      { resource: 'PullRequest', field: 'state', code: 'custom', message: 'state cannot be changed.' },
    ]);
  requireNoTwin(call, {
    head: { repository: pull.headRepository, branch: pull.headRef },
    base: pull.baseRef,
  });
}
