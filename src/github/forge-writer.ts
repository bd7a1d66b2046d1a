import { gzipSync } from 'node:zlib';
import type { Octokit } from '@octokit/rest';
import { AppError } from '../domain/app-error.ts';
import type { Clock } from '../domain/clock.ts';
import type { ForgeWriter, RepositoryAddress, TokenPermissions } from '../domain/forge.ts';
import { createCheck, updateCheck } from './check-run.ts';
import { createCommitWrites } from './commit-writes.ts';
import { toPull } from './forge-shapes.ts';
import type { RepositoryCaller } from './repository-caller.ts';
import { createThreadWrites } from './review-threads.ts';

/** One request for each write. No write is repeated here: it may have been applied before the connection broke. */
export function createForgeWriter(caller: RepositoryCaller, clock: Clock): ForgeWriter {
  return {
    ...createIssueWrites(caller),
    ...createPullWrites(caller),
    ...createThreadWrites(caller),
    ...createCommitWrites(caller),
    ...createCheckWrites(caller, clock),
    uploadSarif: (at, upload) =>
      caller.call({ at, permissions: onScanning }, async ({ rest }) => {
        // Packed as GitHub wants it: gzip, then base64.
        const sarif = gzipSync(upload.sarif).toString('base64');
        const { commit: commit_sha, ref } = upload;
        const { data } = await rest.codeScanning.uploadSarif({ ...nameOf(at), commit_sha, ref, sarif });
        return { id: data.id ?? '', url: data.url ?? '' };
      }),
  };
}

/** Comments and reactions on a pull request need its own permission beside the one for issues. */
const onThread: TokenPermissions = { issues: 'write', pull_requests: 'write', metadata: 'read' };
const onPull: TokenPermissions = { contents: 'read', pull_requests: 'write', metadata: 'read' };
/** Draft and ready also need `contents`, which GitHub asks for in GraphQL only. */
const onDraft: TokenPermissions = { contents: 'write', pull_requests: 'write', metadata: 'read' };
const onChecks: TokenPermissions = { checks: 'write', metadata: 'read' };
/** A token of its own: where the App was not given this, everything else goes on. */
const onScanning: TokenPermissions = { security_events: 'write', metadata: 'read' };

function nameOf(at: RepositoryAddress): { readonly owner: string; readonly repo: string } {
  return { owner: at.owner, repo: at.name };
}

type IssueWrites = Pick<
  ForgeWriter,
  'addReaction' | 'createComment' | 'updateComment' | 'createIssue' | 'updateIssue'
>;

function createIssueWrites(caller: RepositoryCaller): IssueWrites {
  return {
    addReaction: (at, on, id, content) =>
      caller.call({ at, permissions: onThread }, async ({ rest }) => {
        const name = nameOf(at);
        if (on === 'issue')
          return {
            id: (await rest.reactions.createForIssue({ ...name, issue_number: id, content })).data.id,
          };
        const comment = { ...name, comment_id: id, content };
        const { data } =
          on === 'comment'
            ? await rest.reactions.createForIssueComment(comment)
            : await rest.reactions.createForPullRequestReviewComment(comment);
        return { id: data.id };
      }),
    createComment: (at, issue, body) =>
      caller.call({ at, permissions: onThread }, async ({ rest }) => {
        const { data } = await rest.issues.createComment({ ...nameOf(at), issue_number: issue, body });
        return { id: data.id, url: data.html_url };
      }),
    updateComment: (at, id, body) =>
      caller.call({ at, permissions: onThread }, async ({ rest }) => {
        await rest.issues.updateComment({ ...nameOf(at), comment_id: id, body });
      }),
    createIssue: (at, issue) =>
      caller.call({ at, permissions: onThread }, async ({ rest }) => {
        const { data } = await rest.issues.create({ ...nameOf(at), ...issue, labels: [...issue.labels] });
        return { number: data.number, url: data.html_url };
      }),
    updateIssue: (at, number, body) =>
      caller.call({ at, permissions: onThread }, async ({ rest }) => {
        await rest.issues.update({ ...nameOf(at), issue_number: number, body });
      }),
  };
}

type PullWrites = Pick<
  ForgeWriter,
  | 'createPull'
  | 'updatePull'
  | 'markReady'
  | 'addLabels'
  | 'addAssignees'
  | 'requestReviewers'
  | 'createReview'
>;

function createPullWrites(caller: RepositoryCaller): PullWrites {
  return {
    createPull: (at, pull) =>
      caller.call({ at, permissions: onPull }, async ({ rest }) =>
        toPull((await rest.pulls.create({ ...nameOf(at), ...pull })).data),
      ),
    updatePull: (at, number, body) =>
      caller.call({ at, permissions: onPull }, async ({ rest }) => {
        await rest.pulls.update({ ...nameOf(at), pull_number: number, body });
      }),
    addLabels: (at, number, labels) =>
      caller.call({ at, permissions: onThread }, async ({ rest }) => {
        await rest.issues.addLabels({ ...nameOf(at), issue_number: number, labels: [...labels] });
      }),
    addAssignees: (at, number, logins) =>
      caller.call({ at, permissions: onThread }, async ({ rest }) => {
        await rest.issues.addAssignees({ ...nameOf(at), issue_number: number, assignees: [...logins] });
      }),
    requestReviewers: (at, number, { users, teams }) =>
      caller.call({ at, permissions: onPull }, async ({ rest }) => {
        const asked = { reviewers: [...users], team_reviewers: [...teams] };
        await rest.pulls.requestReviewers({ ...nameOf(at), pull_number: number, ...asked });
      }),
    createReview: (at, number, review) =>
      caller.call({ at, permissions: onPull }, ({ rest }) =>
        createReview(rest, { ...nameOf(at), pull_number: number }, review),
      ),
    markReady: (at, nodeId) =>
      caller.call({ at, permissions: onDraft }, (octokit) => markReady(octokit, nodeId)),
  };
}

async function createReview(
  rest: Octokit['rest'],
  pull: { readonly owner: string; readonly repo: string; readonly pull_number: number },
  { commit, body, lines }: Parameters<ForgeWriter['createReview']>[2],
): Promise<{ readonly id: number; readonly url: string }> {
  const { data } = await rest.pulls.createReview({
    ...pull,
    // The only kind there is here. Without one GitHub would keep the review as a draft that nobody sees.
    event: 'COMMENT',
    commit_id: commit,
    body,
    comments: lines.map((line) => ({ ...line, side: 'RIGHT' })),
  });
  return { id: data.id, url: data.html_url };
}

interface ReadyAnswer {
  readonly markPullRequestReadyForReview: {
    readonly pullRequest: { readonly isDraft: boolean } | null;
  } | null;
}

const readyMutation = `mutation markReady($pullRequestId: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $pullRequestId }) { pullRequest { isDraft } }
}`;

async function markReady(octokit: Octokit, nodeId: string): Promise<void> {
  const answer = await octokit.graphql<ReadyAnswer>(readyMutation, { pullRequestId: nodeId });
  if (answer.markPullRequestReadyForReview?.pullRequest?.isDraft !== false) {
    throw new AppError('github-rejected', 'The pull request is still a draft after it was marked ready');
  }
}

function createCheckWrites(
  caller: RepositoryCaller,
  clock: Clock,
): Pick<ForgeWriter, 'createCheck' | 'updateCheck'> {
  return {
    createCheck: (at, check) =>
      caller.call({ at, permissions: onChecks }, (octokit) =>
        createCheck(octokit, nameOf(at), { check, completedAt: clock.now() }),
      ),
    updateCheck: (at, id, check) =>
      caller.call({ at, permissions: onChecks }, (octokit) =>
        updateCheck(octokit, nameOf(at), { id, check, completedAt: clock.now() }),
      ),
  };
}
