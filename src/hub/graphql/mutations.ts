import { setDraft } from '../actions/pull-actions.ts';
import { requireAccess } from '../auth/access.ts';
import { readCommit } from '../git/commit-reader.ts';
import { type TreeChange, writeBlob, writeCommit, writeTree } from '../git/git-objects.ts';
import { ApiError } from '../http/api-error.ts';
import { type Call, type Need, type RepositoryCall, write } from '../http/route.ts';
import { callerSignature } from '../rest/git-data-routes.ts';
import { requireUser } from '../rest/issue-lookup.ts';
import { changeRef } from '../rest/ref-routes.ts';
import type { PullView } from '../shapes/pull-shape.ts';
import type { Repository } from '../state/model.ts';
import { commitNode, pullNode, refNode, threadNode } from './forge-nodes.ts';
import { findPull, findThread } from './queries.ts';

interface Input<T> {
  readonly input: T & { readonly clientMutationId?: string };
}

interface CommitInput {
  readonly branch: {
    readonly repositoryNameWithOwner?: string;
    readonly branchName?: string;
    readonly id?: string;
  };
  readonly message: { readonly headline: string; readonly body?: string };
  readonly expectedHeadOid: string;
  readonly fileChanges?: {
    readonly additions?: readonly { readonly path: string; readonly contents: string }[];
    readonly deletions?: readonly { readonly path: string }[];
  };
}

/** The root fields of mutations. */
export function mutations(call: Call) {
  return {
    markPullRequestReadyForReview: ({ input }: Input<{ pullRequestId: string }>) => {
      const view = writablePull(call, input.pullRequestId);
      setDraft(call.hub, view, { draft: false, sender: requireUser(call) });
      return { pullRequest: pullNode(call, view), clientMutationId: input.clientMutationId };
    },
    convertPullRequestToDraft: ({ input }: Input<{ pullRequestId: string }>) => {
      const view = writablePull(call, input.pullRequestId);
      setDraft(call.hub, view, { draft: true, sender: requireUser(call) });
      return { pullRequest: pullNode(call, view), clientMutationId: input.clientMutationId };
    },
    resolveReviewThread: ({ input }: Input<{ threadId: string }>) => setResolved(call, input, true),
    unresolveReviewThread: ({ input }: Input<{ threadId: string }>) => setResolved(call, input, false),
    createCommitOnBranch: ({ input }: Input<CommitInput>) => createCommit(call, input),
  };
}

function writablePull(call: Call, id: string): PullView {
  const view = findPull(call, id);
  if (!view) throw new ApiError(404, `Could not resolve to a node with the global id of '${id}'`);
  // The author of a pull request may do it with read access.
  const role = call.caller.kind === 'user' && call.caller.user === view.issue.user ? 'read' : 'write';
  requireAccess(call.caller, view.repository, write('pull_requests', role));
  if (view.issue.state === 'closed') throw new ApiError(422, 'Pull request is closed');
  return view;
}

function setResolved(call: Call, input: { threadId: string; clientMutationId?: string }, resolved: boolean) {
  const found = findThread(call, input.threadId);
  if (!found)
    throw new ApiError(404, `Could not resolve to a node with the global id of '${input.threadId}'`);
  // GitHub also asks an App for `contents`, as for draft and ready.
  requireAccess(call.caller, found.view.repository, write('pull_requests'));
  requireAccess(call.caller, found.view.repository, write('contents'));
  const wasResolved = found.thread.resolvedBy !== null;
  if (wasResolved !== resolved) {
    const sender = requireUser(call);
    found.thread.resolvedBy = resolved ? sender : null;
    call.hub.events.reviewThread({ ...found, sender }, resolved ? 'resolved' : 'unresolved');
  }
  return { thread: threadNode(call, found.view, found.thread), clientMutationId: input.clientMutationId };
}

/** One commit on top of exactly the expected head; signed by GitHub. */
async function createCommit(call: Call, input: CommitInput & { readonly clientMutationId?: string }) {
  const { repository, branch } = targetOf(call, input);
  const need: Need = write('contents');
  requireAccess(call.caller, repository, need);
  const ref = `refs/heads/${branch}`;
  const head = repository.refs.get(ref);
  if (!head) throw new ApiError(404, `Could not resolve to a branch named '${branch}'`);
  if (head !== input.expectedHeadOid)
    throw new ApiError(
      422,
      `Expected branch to point to "${input.expectedHeadOid}" but it did not. Pull and try again.`,
    );
  const own = callerSignature({ ...call, repository });
  const { headline, body } = input.message;
  const sha = await writeCommit(repository.gitDir, {
    tree: await changedTree(repository, head, input),
    parents: [head],
    message: body ? `${headline}\n\n${body}\n` : `${headline}\n`,
    author: own,
    committer: own,
  });
  repository.signedCommits.add(sha);
  const repositoryCall: RepositoryCall = { ...call, repository };
  await changeRef(repositoryCall, { ref, sha, force: false, expected: head });
  const commit = await readCommit(repository.gitDir, sha);
  return {
    commit: commit ? commitNode(call, { repository, commit }) : null,
    ref: refNode(call, repository, ref),
    clientMutationId: input.clientMutationId,
  };
}

function targetOf(call: Call, { branch }: CommitInput): { repository: Repository; branch: string } {
  if (branch.id !== undefined) {
    const [, id, ...ref] = Buffer.from(branch.id, 'base64url').toString().split(':');
    const found = call.hub.state.repositoryById(Number(id));
    if (found) return { repository: found, branch: ref.join(':').replace('refs/heads/', '') };
  }
  const [owner = '', name = ''] = (branch.repositoryNameWithOwner ?? '').split('/');
  const found = call.hub.state.repository(owner, name);
  if (!found || branch.branchName === undefined) throw new ApiError(404, 'Could not resolve to a branch');
  return { repository: found, branch: branch.branchName.replace(/^refs\/heads\//, '') };
}

async function changedTree(repository: Repository, head: string, input: CommitInput): Promise<string> {
  const changes: TreeChange[] = (input.fileChanges?.deletions ?? []).map(({ path }) => ({
    path,
    mode: '0',
    sha: null,
  }));
  for (const { path, contents } of input.fileChanges?.additions ?? []) {
    const sha = await writeBlob(repository.gitDir, Buffer.from(contents, 'base64'));
    changes.push({ path, mode: '100644', sha });
  }
  return writeTree(repository.gitDir, head, changes).catch(() => {
    throw new ApiError(422, 'A path is not valid');
  });
}
