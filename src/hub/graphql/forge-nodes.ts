import { closingReferences } from '../actions/pull-actions.ts';
import { type GitCommit, readCommit } from '../git/commit-reader.ts';
import { ApiError } from '../http/api-error.ts';
import type { Call } from '../http/route.ts';
import { commitsOf } from '../rest/pull-routes.ts';
import { commentShape, issueShape } from '../shapes/issue-shape.ts';
import { type PullView, reviewCommentShape } from '../shapes/pull-shape.ts';
import { fullName, isoTime, isoTimeOrNull } from '../shapes/urls.ts';
import { findIssue } from '../state/hub-state.ts';
import { nodeId } from '../state/ids.ts';
import type { Issue, Repository, ReviewThread } from '../state/model.ts';
import { type ConnectionArguments, connection } from './connection.ts';
import { actorNode, labelsField } from './nodes.ts';
import { rollupNode } from './rollup-node.ts';

export function pullNode(call: Call, view: PullView) {
  const { repository, issue, pull } = view;
  return {
    __typename: 'PullRequest',
    id: nodeId('pull', pull.id),
    // Larger than GraphQL's Int: GitHub answers null there too once an id outgrows it.
    databaseId: pull.id < 2 ** 31 ? pull.id : null,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    url: `${call.hub.urls.repositoryHtml(repository)}/pull/${issue.number}`,
    state: pull.mergedAt ? 'MERGED' : issue.state.toUpperCase(),
    isDraft: pull.draft,
    merged: pull.mergedAt !== null,
    mergeable: mergeableOf(view),
    lastEditedAt: isoTimeOrNull(issue.lastEditedAt),
    author: () => actorNode(call, issue.user),
    baseRefName: pull.baseRef,
    headRefName: pull.headRef,
    baseRefOid: pull.baseSha,
    headRefOid: pull.headSha,
    isCrossRepository: pull.headRepository !== repository,
    ...pull.stats,
    labels: labelsField(issue.labels),
    comments: commentsField(call, repository, issue),
    repository: () => repositoryNode(call, repository),
    headRepository: () => (pull.headRepository.deleted ? null : repositoryNode(call, pull.headRepository)),
    closingIssuesReferences: (args: ConnectionArguments) =>
      connection(
        closingReferences(repository, issue.body ?? '').map((one) => issueNode(call, repository, one)),
        args,
      ),
    commits: async (args: ConnectionArguments) =>
      connection(
        (await commitsOf(view)).map((commit) => ({ commit: commitNode(call, { repository, commit, view }) })),
        args,
      ),
    ...reviewFields(call, view),
    statusCheckRollup: () => rollupNode(call, { repository, sha: pull.headSha, view }),
  };
}

/** What was said in reviews. */
function reviewFields(call: Call, view: PullView) {
  const { issue, pull } = view;
  return {
    reviews: (args: ConnectionArguments) =>
      connection(
        pull.reviews.map((review) => ({
          id: nodeId('review', review.id),
          databaseId: null,
          fullDatabaseId: String(review.id),
          state: review.state,
          body: review.body,
          author: actorNode(call, review.user),
          createdAt: isoTime(review.submittedAt ?? issue.createdAt),
          lastEditedAt: isoTimeOrNull(review.lastEditedAt),
          isMinimized: false,
        })),
        args,
      ),
    reviewThreads: (args: ConnectionArguments) =>
      connection(
        [...new Set(pull.reviewComments.map((comment) => comment.thread))].map((one) =>
          threadNode(call, view, one),
        ),
        args,
      ),
  };
}

function mergeableOf({ pull }: PullView): string {
  if (pull.mergeable === null) return 'UNKNOWN';
  return pull.mergeable ? 'MERGEABLE' : 'CONFLICTING';
}

export function issueNode(call: Call, repository: Repository, issue: Issue) {
  return {
    __typename: 'Issue',
    id: nodeId('issue', issue.id),
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    state: issue.state.toUpperCase(),
    closed: issue.state === 'closed',
    lastEditedAt: isoTimeOrNull(issue.lastEditedAt),
    url: issueShape(call.hub.urls, repository, issue).html_url,
    author: () => actorNode(call, issue.user),
    repository: () => repositoryNode(call, repository),
    labels: labelsField(issue.labels),
    comments: commentsField(call, repository, issue),
  };
}

export function threadNode(call: Call, view: PullView, thread: ReviewThread) {
  const comments = view.pull.reviewComments.filter((comment) => comment.thread === thread);
  return {
    __typename: 'PullRequestReviewThread',
    id: nodeId('thread', thread.id),
    isResolved: thread.resolvedBy !== null,
    resolvedBy: thread.resolvedBy ? { ...actorNode(call, thread.resolvedBy), __typename: 'User' } : null,
    isOutdated: comments[0]?.commitId !== view.pull.headSha,
    viewerCanResolve: thread.resolvedBy === null,
    path: comments[0]?.path ?? '',
    line: comments[0]?.line ?? null,
    startLine: comments[0]?.startLine ?? null,
    diffSide: comments[0]?.side ?? 'RIGHT',
    pullRequest: () => pullNode(call, view),
    repository: () => repositoryNode(call, view.repository),
    comments: (args: ConnectionArguments) =>
      connection(
        comments.map((comment) => ({
          id: nodeId('reviewComment', comment.id),
          databaseId: comment.id < 2 ** 31 ? comment.id : null,
          fullDatabaseId: String(comment.id),
          body: comment.body,
          path: comment.path,
          url: reviewCommentShape(call.hub.urls, view, comment).html_url,
          author: actorNode(call, comment.user),
          ...times(comment),
        })),
        args,
      ),
  };
}

function commentsField(call: Call, repository: Repository, issue: Issue) {
  return (args: ConnectionArguments) =>
    connection(
      issue.comments.map((comment) => ({
        id: nodeId('comment', comment.id),
        body: comment.body,
        author: actorNode(call, comment.user),
        url: commentShape(call.hub.urls, repository, { issue, comment }).html_url,
        ...times(comment),
      })),
      args,
    );
}

function times({ createdAt, updatedAt }: { readonly createdAt: Date; readonly updatedAt: Date }) {
  return {
    createdAt: isoTime(createdAt),
    lastEditedAt: updatedAt > createdAt ? isoTime(updatedAt) : null,
    isMinimized: false,
  };
}

/** A commit; with the pull request in whose list it stands, which decides what checks are required. */
export function commitNode(
  call: Call,
  at: { readonly repository: Repository; readonly commit: GitCommit; readonly view?: PullView },
) {
  const { repository, commit, view } = at;
  return {
    __typename: 'Commit',
    id: Buffer.from(`Commit:${commit.sha}`).toString('base64url'),
    oid: commit.sha,
    message: commit.message,
    messageHeadline: commit.message.split('\n')[0] ?? '',
    committedDate: commit.committer.date,
    url: `${call.hub.urls.repositoryHtml(repository)}/commit/${commit.sha}`,
    statusCheckRollup: () => rollupNode(call, { repository, sha: commit.sha, ...(view ? { view } : {}) }),
  };
}

export function repositoryNode(call: Call, repository: Repository) {
  return {
    __typename: 'Repository',
    id: nodeId('repository', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: fullName(repository),
    isPrivate: repository.private,
    isArchived: repository.archived,
    url: call.hub.urls.repositoryHtml(repository),
    owner: () => actorNode(call, repository.owner),
    defaultBranchRef: () => refNode(call, repository, `refs/heads/${repository.defaultBranch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }) =>
      refNode(
        call,
        repository,
        qualifiedName.startsWith('refs/') ? qualifiedName : `refs/heads/${qualifiedName}`,
      ),
    pullRequest: ({ number }: { number: number }) => {
      const issue = findIssue(repository, number);
      if (!issue?.pull)
        throw new ApiError(404, `Could not resolve to a PullRequest with the number of ${number}.`);
      return pullNode(call, { repository, issue, pull: issue.pull });
    },
    issue: ({ number }: { number: number }) => {
      const issue = findIssue(repository, number);
      if (!issue || issue.pull)
        throw new ApiError(404, `Could not resolve to an Issue with the number of ${number}.`);
      return issueNode(call, repository, issue);
    },
  };
}

/** A branch or tag; null when there is none. */
export function refNode(call: Call, repository: Repository, ref: string) {
  const sha = repository.refs.get(ref);
  if (!sha) return null;
  const prefix = ref.startsWith('refs/tags/') ? 'refs/tags/' : 'refs/heads/';
  return {
    __typename: 'Ref',
    id: Buffer.from(`Ref:${repository.id}:${ref}`).toString('base64url'),
    name: ref.slice(prefix.length),
    prefix,
    target: async () => {
      const commit = await readCommit(repository.gitDir, sha);
      return commit ? commitNode(call, { repository, commit }) : null;
    },
  };
}
