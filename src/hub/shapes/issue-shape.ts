import { nodeId } from '../state/ids.ts';
import type { Comment, Issue, IssueEvent, Label, Reaction, Repository, User } from '../state/model.ts';
import { appOrNull } from './app-shape.ts';
import { isoTime, isoTimeOrNull, type Urls } from './urls.ts';
import { simpleUser, userOrNull } from './user-shape.ts';

export const reactionContents = [
  '+1',
  '-1',
  'laugh',
  'confused',
  'heart',
  'hooray',
  'rocket',
  'eyes',
] as const;

export function labelShape(urls: Urls, repository: Repository, label: Label) {
  return {
    id: label.id,
    node_id: nodeId('label', label.id),
    url: `${urls.repositoryApi(repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

export function reactionShape(urls: Urls, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId('reaction', reaction.id),
    user: simpleUser(urls, reaction.user),
    content: reaction.content,
    created_at: isoTime(reaction.createdAt),
  };
}

/** The counts under an issue or a comment. */
export function reactionSummary(url: string, reactions: readonly Reaction[]) {
  const count = (content: string) => reactions.filter((one) => one.content === content).length;
  return {
    url,
    total_count: reactions.length,
    ...Object.fromEntries(reactionContents.map((content) => [content, count(content)])),
  };
}

/** What the author is to the repository; a hint for people, never an authority. */
export function association(repository: Repository, user: User): string {
  if (repository.owner.id === user.id) return 'OWNER';
  if (repository.roles.has(user.login.toLowerCase()))
    return repository.owner.type === 'Organization' ? 'MEMBER' : 'COLLABORATOR';
  const merged = repository.issues.some((issue) => issue.user.id === user.id && issue.pull?.mergedAt);
  return merged ? 'CONTRIBUTOR' : 'NONE';
}

/** An issue; for a pull request with the `pull_request` links that tell the two apart. */
export function issueShape(urls: Urls, repository: Repository, issue: Issue) {
  const api = `${urls.repositoryApi(repository)}/issues/${issue.number}`;
  const html = `${urls.repositoryHtml(repository)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
  return {
    url: api,
    repository_url: urls.repositoryApi(repository),
    labels_url: `${api}/labels{/name}`,
    comments_url: `${api}/comments`,
    events_url: `${api}/events`,
    html_url: html,
    id: issue.id,
    node_id: issue.pull ? nodeId('pull', issue.pull.id) : nodeId('issue', issue.id),
    number: issue.number,
    title: issue.title,
    user: simpleUser(urls, issue.user),
    labels: issue.labels.map((label) => labelShape(urls, repository, label)),
    state: issue.state,
    locked: issue.locked,
    assignee: userOrNull(urls, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((user) => simpleUser(urls, user)),
    milestone: null,
    comments: issue.comments.length,
    created_at: isoTime(issue.createdAt),
    updated_at: isoTime(issue.updatedAt),
    closed_at: isoTimeOrNull(issue.closedAt),
    author_association: association(repository, issue.user),
    active_lock_reason: issue.lockReason,
    body: issue.body,
    reactions: reactionSummary(`${api}/reactions`, issue.reactions),
    timeline_url: `${api}/timeline`,
    performed_via_github_app: appOrNull(urls, issue.app),
    state_reason: issue.stateReason,
    ...(issue.pull ? pullLinks(urls, repository, issue) : {}),
  };
}

/** `GET /issues/{number}` adds who closed it. */
export function issueDetails(urls: Urls, repository: Repository, issue: Issue) {
  return { ...issueShape(urls, repository, issue), closed_by: userOrNull(urls, issue.closedBy) };
}

function pullLinks(urls: Urls, repository: Repository, issue: Issue) {
  const html = `${urls.repositoryHtml(repository)}/pull/${issue.number}`;
  return {
    draft: issue.pull?.draft ?? false,
    pull_request: {
      url: `${urls.repositoryApi(repository)}/pulls/${issue.number}`,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: isoTimeOrNull(issue.pull?.mergedAt ?? null),
    },
  };
}

export function commentShape(urls: Urls, repository: Repository, at: { issue: Issue; comment: Comment }) {
  const { issue, comment } = at;
  const api = `${urls.repositoryApi(repository)}/issues`;
  const page = `${urls.repositoryHtml(repository)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
  return {
    url: `${api}/comments/${comment.id}`,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${api}/${issue.number}`,
    id: comment.id,
    node_id: nodeId('comment', comment.id),
    user: simpleUser(urls, comment.user),
    created_at: isoTime(comment.createdAt),
    updated_at: isoTime(comment.updatedAt),
    author_association: association(repository, comment.user),
    body: comment.body,
    reactions: reactionSummary(`${api}/comments/${comment.id}/reactions`, comment.reactions),
    performed_via_github_app: appOrNull(urls, comment.app),
  };
}

/** One line of the timeline or of the events list. */
export function eventShape(urls: Urls, repository: Repository, event: IssueEvent) {
  return {
    id: event.id,
    node_id: nodeId('event', event.id),
    url: `${urls.repositoryApi(repository)}/issues/events/${event.id}`,
    actor: simpleUser(urls, event.actor),
    event: event.event,
    commit_id: event.commitId ?? null,
    commit_url: event.commitId ? `${urls.repositoryApi(repository)}/commits/${event.commitId}` : null,
    created_at: isoTime(event.createdAt),
    performed_via_github_app: appOrNull(urls, event.app),
    ...(event.label ? { label: { name: event.label.name, color: event.label.color } } : {}),
    ...(event.assignee ? { assignee: simpleUser(urls, event.assignee) } : {}),
    ...(event.rename ? { rename: event.rename } : {}),
    ...(event.reviewer
      ? {
          review_requester: simpleUser(urls, event.actor),
          requested_reviewer: simpleUser(urls, event.reviewer),
        }
      : {}),
    ...(event.event === 'locked' ? { lock_reason: null } : {}),
  };
}
