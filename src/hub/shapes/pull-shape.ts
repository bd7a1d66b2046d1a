import { nodeId } from '../state/ids.ts';
import type { Issue, Pull, Repository, Review, ReviewComment } from '../state/model.ts';
import { association, labelShape, reactionSummary } from './issue-shape.ts';
import { fullRepository } from './repository-shape.ts';
import { isoTime, isoTimeOrNull, type Urls } from './urls.ts';
import { simpleUser, userOrNull } from './user-shape.ts';

/** A pull request with its issue half; the issue's `pull` must be there. */
export interface PullView {
  readonly repository: Repository;
  readonly issue: Issue;
  readonly pull: Pull;
}

function end(urls: Urls, at: { repository: Repository; ref: string; sha: string }) {
  return {
    label: `${at.repository.owner.login}:${at.ref}`,
    ref: at.ref,
    sha: at.sha,
    user: simpleUser(urls, at.repository.owner),
    repo: at.repository.deleted
      ? null
      : {
          ...fullRepository(urls, at.repository),
          allow_squash_merge: true,
          allow_merge_commit: true,
          allow_rebase_merge: false,
          allow_auto_merge: false,
          allow_update_branch: false,
          delete_branch_on_merge: false,
          merge_commit_message: 'PR_TITLE',
          merge_commit_title: 'MERGE_MESSAGE',
          squash_merge_commit_message: 'COMMIT_MESSAGES',
          squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
          use_squash_pr_title_as_default: false,
        },
  };
}

/** The form of lists and of review webhooks. */
export function simplePull(urls: Urls, view: PullView) {
  const { repository, issue, pull } = view;
  const repo = urls.repositoryApi(repository);
  const api = `${repo}/pulls/${issue.number}`;
  const issueApi = `${repo}/issues/${issue.number}`;
  const html = `${urls.repositoryHtml(repository)}/pull/${issue.number}`;
  return {
    url: api,
    id: pull.id,
    node_id: nodeId('pull', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueApi,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: simpleUser(urls, issue.user),
    body: issue.body,
    created_at: isoTime(issue.createdAt),
    updated_at: isoTime(issue.updatedAt),
    closed_at: isoTimeOrNull(issue.closedAt),
    merged_at: isoTimeOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha,
    assignee: userOrNull(urls, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((user) => simpleUser(urls, user)),
    requested_reviewers: pull.requestedReviewers.map((user) => simpleUser(urls, user)),
    requested_teams: [],
    // GitHub's description knows no null here, other than on issues.
    labels: issue.labels.map((label) => ({
      ...labelShape(urls, repository, label),
      description: label.description ?? '',
    })),
    milestone: null,
    draft: pull.draft,
    commits_url: `${api}/commits`,
    review_comments_url: `${api}/comments`,
    review_comment_url: `${repo}/pulls/comments{/number}`,
    comments_url: `${issueApi}/comments`,
    statuses_url: `${repo}/statuses/${pull.headSha}`,
    head: end(urls, { repository: pull.headRepository, ref: pull.headRef, sha: pull.headSha }),
    base: end(urls, { repository, ref: pull.baseRef, sha: pull.baseSha }),
    _links: {
      self: { href: api },
      html: { href: html },
      issue: { href: issueApi },
      comments: { href: `${issueApi}/comments` },
      review_comments: { href: `${api}/comments` },
      review_comment: { href: `${repo}/pulls/comments{/number}` },
      commits: { href: `${api}/commits` },
      statuses: { href: `${repo}/statuses/${pull.headSha}` },
    },
    author_association: association(repository, issue.user),
    auto_merge: null,
    active_lock_reason: issue.lockReason,
  };
}

/** The form of one pull request and of its own webhooks, with counts from git. */
export function fullPull(urls: Urls, view: PullView) {
  const { issue, pull } = view;
  return {
    ...simplePull(urls, view),
    merged: pull.mergedAt !== null,
    mergeable: pull.mergedAt ? null : pull.mergeable,
    rebaseable: false,
    mergeable_state: mergeableState(view),
    merged_by: userOrNull(urls, pull.mergedBy),
    comments: issue.comments.length,
    review_comments: pull.reviewComments.length,
    maintainer_can_modify: false,
    commits: pull.stats.commits,
    additions: pull.stats.additions,
    deletions: pull.stats.deletions,
    changed_files: pull.stats.changedFiles,
  };
}

function mergeableState({ pull, repository }: PullView): string {
  if (pull.mergedAt || pull.mergeable === null) return 'unknown';
  if (!pull.mergeable) return 'dirty';
  if (pull.draft) return 'draft';
  return pull.behind && repository.strictBranches.has(pull.baseRef) ? 'behind' : 'clean';
}

export function reviewShape(urls: Urls, view: PullView, review: Review) {
  const html = `${urls.repositoryHtml(view.repository)}/pull/${view.issue.number}`;
  const api = `${urls.repositoryApi(view.repository)}/pulls/${view.issue.number}`;
  return {
    id: review.id,
    node_id: nodeId('review', review.id),
    user: simpleUser(urls, review.user),
    body: review.body,
    state: review.state,
    html_url: `${html}#pullrequestreview-${review.id}`,
    pull_request_url: api,
    author_association: association(view.repository, review.user),
    _links: {
      html: { href: `${html}#pullrequestreview-${review.id}` },
      pull_request: { href: api },
    },
    ...(review.submittedAt ? { submitted_at: isoTime(review.submittedAt) } : {}),
    commit_id: review.commitId,
  };
}

export function reviewCommentShape(urls: Urls, view: PullView, comment: ReviewComment) {
  const repo = urls.repositoryApi(view.repository);
  const html = `${urls.repositoryHtml(view.repository)}/pull/${view.issue.number}#discussion_r${comment.id}`;
  const pullApi = `${repo}/pulls/${view.issue.number}`;
  const self = `${repo}/pulls/comments/${comment.id}`;
  return {
    url: self,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId('reviewComment', comment.id),
    diff_hunk: comment.diffHunk,
    path: comment.path,
    commit_id: comment.commitId,
    original_commit_id: comment.commitId,
    user: simpleUser(urls, comment.user),
    body: comment.body,
    created_at: isoTime(comment.createdAt),
    updated_at: isoTime(comment.updatedAt),
    html_url: html,
    pull_request_url: pullApi,
    author_association: association(view.repository, comment.user),
    _links: { self: { href: self }, html: { href: html }, pull_request: { href: pullApi } },
    reactions: reactionSummary(`${self}/reactions`, comment.reactions),
    start_line: comment.startLine,
    original_start_line: comment.startLine,
    start_side: comment.startLine === null ? null : comment.side,
    line: comment.line,
    original_line: comment.line,
    side: comment.side,
    position: comment.position,
    original_position: comment.position,
    subject_type: comment.line === null ? 'file' : 'line',
    ...(comment.inReplyToId === null ? {} : { in_reply_to_id: comment.inReplyToId }),
  };
}
