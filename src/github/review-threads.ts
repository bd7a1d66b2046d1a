import { AppError } from '../domain/app-error.ts';
import type { ForgeReader, ForgeWriter, TokenPermissions } from '../domain/forge.ts';
import { toComment } from './forge-shapes.ts';
import type { RepositoryCaller } from './repository-caller.ts';

const pagesMax = 10;
const onPull: TokenPermissions = { contents: 'read', pull_requests: 'write', metadata: 'read' };
/** Resolving also needs `contents`, like draft and ready: GitHub asks an App for it in GraphQL only. */
const onThread: TokenPermissions = { contents: 'write', pull_requests: 'write', metadata: 'read' };
const reading: TokenPermissions = {
  contents: 'read',
  issues: 'read',
  metadata: 'read',
  pull_requests: 'read',
};

/** What is read back of replies and threads. */
export function createThreadReads(
  caller: RepositoryCaller,
): Pick<ForgeReader, 'lineComments' | 'threadResolved'> {
  return {
    lineComments: (at, pull) =>
      caller.call({ at, permissions: reading }, async (octokit) => {
        let pages = 0;
        const comments = await octokit.paginate(
          octokit.rest.pulls.listReviewComments,
          {
            owner: at.owner,
            repo: at.name,
            pull_number: pull,
            per_page: 100,
            sort: 'created',
            direction: 'desc',
          },
          ({ data }, done) => {
            pages += 1;
            if (pages >= pagesMax) done();
            return data;
          },
        );
        return comments.map(toComment);
      }),
    threadResolved: (at, thread) =>
      caller.find({ at, permissions: reading }, async (octokit) => {
        const { node } = await octokit.graphql<ThreadAnswer>(threadQuery, { thread });
        return node?.isResolved;
      }),
  };
}

/** Replies and resolving. */
export function createThreadWrites(
  caller: RepositoryCaller,
): Pick<ForgeWriter, 'replyOnLine' | 'resolveThread'> {
  return {
    replyOnLine: (at, pull, { to, body }) =>
      caller.call({ at, permissions: onPull }, async ({ rest }) => {
        const place = { owner: at.owner, repo: at.name, pull_number: pull, comment_id: to };
        const { data } = await rest.pulls.createReplyForReviewComment({ ...place, body });
        return { id: data.id, url: data.html_url };
      }),
    resolveThread: (at, thread) =>
      caller.call({ at, permissions: onThread }, async (octokit) => {
        const answer = await octokit.graphql<ResolveAnswer>(resolveMutation, { thread });
        if (answer.resolveReviewThread?.thread?.isResolved !== true)
          throw new AppError('github-rejected', 'The thread is still open after it was resolved');
      }),
  };
}

interface ThreadAnswer {
  readonly node: { readonly isResolved?: boolean } | null;
}

interface ResolveAnswer {
  readonly resolveReviewThread: { readonly thread: { readonly isResolved: boolean } | null } | null;
}

const threadQuery = `query thread($thread: ID!) {
  node(id: $thread) { ... on PullRequestReviewThread { isResolved } }
}`;

const resolveMutation = `mutation resolve($thread: ID!) {
  resolveReviewThread(input: { threadId: $thread }) { thread { isResolved } }
}`;
