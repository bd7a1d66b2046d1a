import { requestSuites } from '../actions/check-actions.ts';
import { closeIssue } from '../actions/issue-actions.ts';
import { completeMerge, refreshPull, synchronizePull } from '../actions/pull-actions.ts';
import type { HubContext } from '../hub-context.ts';
import { accountOf, noreplyAddress } from '../shapes/commit-shape.ts';
import { fullRepository } from '../shapes/repository-shape.ts';
import { fullName } from '../shapes/urls.ts';
import { simpleUser } from '../shapes/user-shape.ts';
import { openPullsWithHead } from '../state/hub-state.ts';
import type { Repository, User } from '../state/model.ts';
import { type GitCommit, listCommits } from './commit-reader.ts';
import { diffFiles, emptyTree } from './diff-reader.ts';
import { isAncestor } from './history.ts';

const zero = '0'.repeat(40);
const pushCommitsMax = 20;

interface RefChange {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** After branches or tags moved, by push or by API: pull requests follow, and the events are sent. */
export async function applyRefChanges(
  hub: HubContext,
  repository: Repository,
  before: ReadonlyMap<string, string>,
  by: { readonly user: User },
): Promise<void> {
  for (const change of changesBetween(before, repository.refs)) {
    repository.pushedAt = new Date();
    repository.updatedAt = repository.pushedAt;
    forgetMergeability(repository, change.ref);
    await sendPush(hub, repository, change, by.user);
    if (!change.ref.startsWith('refs/heads/')) continue;
    const branch = change.ref.slice('refs/heads/'.length);
    await moveHeads(hub, repository, { branch, after: change.after, sender: by.user });
    await moveBases(hub, repository, { branch, after: change.after, sender: by.user });
    if (change.after !== zero)
      await requestSuites(hub, repository, {
        branch,
        before: change.before,
        sha: change.after,
        sender: by.user,
      });
  }
}

function changesBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): RefChange[] {
  const refs = new Set([...before.keys(), ...after.keys()]);
  return [...refs]
    .filter((ref) => /^refs\/(heads|tags)\//.test(ref) && before.get(ref) !== after.get(ref))
    .map((ref) => ({ ref, before: before.get(ref) ?? zero, after: after.get(ref) ?? zero }));
}

async function moveHeads(
  hub: HubContext,
  repository: Repository,
  moved: { readonly branch: string; readonly after: string; readonly sender: User },
): Promise<void> {
  for (const { repository: base, issue } of openPullsWithHead(hub.state, repository, moved.branch)) {
    if (!issue.pull) continue;
    if (moved.after === zero) closeIssue(hub, { repository: base, issue, sender: moved.sender }, 'completed');
    else
      await synchronizePull(
        hub,
        { repository: base, issue, pull: issue.pull },
        { sha: moved.after, sender: moved.sender },
      );
  }
}

/** Whoever hears of the push and asks at once gets `null`, as on GitHub: a test merge has to be made first. */
function forgetMergeability({ issues }: Repository, ref: string): void {
  for (const { pull, state } of issues) {
    if (pull && state === 'open' && ref === `refs/heads/${pull.baseRef}`) pull.mergeable = null;
  }
}

async function moveBases(
  hub: HubContext,
  repository: Repository,
  moved: { readonly branch: string; readonly after: string; readonly sender: User },
): Promise<void> {
  if (moved.after === zero) return;
  for (const issue of repository.issues) {
    const { pull } = issue;
    if (!pull || issue.state !== 'open' || pull.baseRef !== moved.branch) continue;
    const view = { repository, issue, pull };
    if (await isAncestor(repository.gitDir, pull.headSha, moved.after))
      completeMerge(hub, view, { sha: moved.after, sender: moved.sender });
    else await refreshPull(hub, view);
  }
}

async function sendPush(
  hub: HubContext,
  repository: Repository,
  change: RefChange,
  sender: User,
): Promise<void> {
  const { before, after, ref } = change;
  const isBranch = ref.startsWith('refs/heads/');
  const revisions = before === zero ? [after, '--not', ...otherTips(repository, ref)] : [after, `^${before}`];
  const commits =
    after === zero || !isBranch
      ? []
      : await listCommits(repository.gitDir, revisions, { max: pushCommitsMax });
  const head = after === zero ? undefined : (await listCommits(repository.gitDir, [after], { max: 1 }))[0];
  const forced =
    before !== zero && after !== zero && isBranch && !(await isAncestor(repository.gitDir, before, after));
  hub.events.repositoryEvent(repository, 'push', {
    ref,
    before,
    after,
    created: before === zero,
    deleted: after === zero,
    forced,
    base_ref: null,
    compare: `${hub.urls.repositoryHtml(repository)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: await Promise.all([...commits].reverse().map((commit) => pushCommit(hub, repository, commit))),
    head_commit: head ? await pushCommit(hub, repository, head) : null,
    repository: pushRepository(hub, repository),
    pusher: { name: sender.login, email: noreplyAddress(sender) },
    sender,
  });
}

function otherTips(repository: Repository, ref: string): readonly string[] {
  return [...repository.refs]
    .filter(([name]) => name !== ref && name.startsWith('refs/heads/'))
    .map(([, sha]) => sha);
}

/** Push events carry some times as Unix seconds, unlike all others. */
function pushRepository(hub: HubContext, repository: Repository) {
  return {
    ...fullRepository(hub.urls, repository),
    owner: { ...simpleUser(hub.urls, repository.owner), name: repository.owner.login, email: null },
    created_at: Math.floor(repository.createdAt.getTime() / 1000),
    pushed_at: Math.floor(repository.pushedAt.getTime() / 1000),
    url: `${hub.urls.html}/${fullName(repository)}`,
    stargazers: 0,
    master_branch: repository.defaultBranch,
  };
}

async function pushCommit(hub: HubContext, repository: Repository, commit: GitCommit) {
  const files = await diffFiles(repository.gitDir, commit.parents[0] ?? emptyTree, commit.sha);
  const signature = (of: GitCommit['author']) => {
    const account = accountOf(hub.state, of);
    return { name: of.name, email: of.email, ...(account ? { username: account.login } : {}) };
  };
  const paths = (status: string) => files.filter((file) => file.status === status).map((file) => file.path);
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${hub.urls.repositoryHtml(repository)}/commit/${commit.sha}`,
    author: signature(commit.author),
    committer: signature(commit.committer),
    added: [...paths('added'), ...paths('renamed')],
    removed: [...paths('removed'), ...files.flatMap((file) => file.previousPath ?? [])],
    modified: [...paths('modified'), ...paths('changed')],
  };
}
