import type { ForgeComment, ForgeCommit, ForgeIssue, ForgePull, ForgeRepository } from '../domain/forge.ts';
import type { CommitId, TreeId } from '../domain/ids.ts';
import { type Actor, ghost } from '../domain/repository.ts';

/** The part of a user that we read; GitHub says null for a deleted account. */
type GithubUser = { readonly id: number; readonly login: string; readonly type: string } | null | undefined;

const actorTypes: readonly string[] = ['User', 'Bot', 'Organization', 'Mannequin', 'Enterprise'];

/** A deleted account becomes id 0 of type `Unknown`, which no rule trusts. */
export function toActor(user: GithubUser): Actor {
  if (!user) return ghost;
  const type = actorTypes.includes(user.type) ? (user.type as Actor['type']) : 'Unknown';
  return { id: user.id, login: user.login, type };
}

/** The part of a repository that we read. */
export interface GithubRepository {
  readonly id: number;
  readonly archived: boolean;
  readonly private: boolean;
  readonly default_branch: string;
  readonly clone_url: string;
  readonly html_url: string;
  readonly size: number;
  readonly has_issues: boolean;
}

/** Maps `GET /repos/{owner}/{repo}`. */
export function toRepository(repository: GithubRepository): ForgeRepository {
  return {
    id: repository.id,
    archived: repository.archived,
    private: repository.private,
    defaultBranch: repository.default_branch,
    cloneUrl: repository.clone_url,
    htmlUrl: repository.html_url,
    sizeKib: repository.size,
    hasIssues: repository.has_issues,
  };
}

/** The part of a commit that we read. */
export interface GithubCommit {
  readonly tree: { readonly sha: string };
  readonly parents: readonly { readonly sha: string }[];
  readonly message: string;
  readonly verification: { readonly verified: boolean };
}

/** Maps `GET /repos/{owner}/{repo}/git/commits/{commit_sha}`. */
export function toCommit({ tree, parents, message, verification }: GithubCommit): ForgeCommit {
  return {
    tree: tree.sha as TreeId,
    parents: parents.map(({ sha }) => sha as CommitId),
    message,
    verified: verification.verified,
  };
}

/** The part of a pull request that we read, in a list as well as alone (a list has no `merged`). */
export interface GithubPull {
  readonly number: number;
  readonly node_id: string;
  readonly state: string;
  readonly draft?: boolean | undefined;
  readonly merged_at: string | null;
  readonly title: string;
  readonly body: string | null;
  readonly html_url: string;
  readonly user: GithubUser;
  /** Absent in lists; null while GitHub finds out. */
  readonly mergeable?: boolean | null | undefined;
  readonly mergeable_state?: string | undefined;
  readonly base: { readonly ref: string; readonly repo: { readonly id: number } };
  readonly head: {
    readonly ref: string;
    readonly sha: string;
    readonly repo: { readonly id: number } | null | undefined;
  };
}

/** Maps a pull request. */
export function toPull(pull: GithubPull): ForgePull {
  return {
    number: pull.number,
    nodeId: pull.node_id,
    state: pull.state === 'open' ? 'open' : 'closed',
    draft: pull.draft ?? false,
    merged: pull.merged_at !== null,
    title: pull.title,
    body: pull.body ?? '',
    htmlUrl: pull.html_url,
    author: toActor(pull.user),
    base: pull.base.ref,
    headRef: pull.head.ref,
    headSha: pull.head.sha as CommitId,
    headRepositoryId: pull.head.repo?.id ?? null,
    baseRepositoryId: pull.base.repo.id,
    mergeable: mergeableOf(pull),
  };
}

/** `behind` is said only where the base branch takes nothing that lacks some of it. */
function mergeableOf({ mergeable, mergeable_state: state }: GithubPull): ForgePull['mergeable'] {
  if (mergeable === undefined || mergeable === null) return 'unknown';
  if (!mergeable) return 'conflict';
  return state === 'behind' ? 'behind' : 'clean';
}

/** The part of an issue that we read. */
export interface GithubIssue {
  readonly number: number;
  readonly state: string;
  readonly title: string;
  readonly body?: string | null | undefined;
  readonly html_url: string;
  readonly labels: readonly (string | { readonly name?: string | undefined })[];
  readonly pull_request?: unknown;
  readonly locked: boolean;
  readonly user: GithubUser;
  readonly updated_at: string;
}

/** Maps an issue. GitHub lists pull requests as issues too; `pull_request` is the only mark. */
export function toIssue(issue: GithubIssue): ForgeIssue {
  return {
    number: issue.number,
    state: issue.state === 'open' ? 'open' : 'closed',
    title: issue.title,
    body: issue.body ?? '',
    htmlUrl: issue.html_url,
    labels: issue.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
    isPullRequest: issue.pull_request !== undefined && issue.pull_request !== null,
    locked: issue.locked,
    author: toActor(issue.user),
    updatedAt: new Date(issue.updated_at),
  };
}

/** Maps a comment of an issue or pull request. */
export function toComment(comment: {
  readonly id: number;
  readonly body?: string | undefined;
  readonly user: GithubUser;
  readonly html_url: string;
}): ForgeComment {
  return {
    id: comment.id,
    body: comment.body ?? '',
    author: toActor(comment.user),
    htmlUrl: comment.html_url,
  };
}
