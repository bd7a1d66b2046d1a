import type { DiscussionReader, Remark } from '../domain/discussion.ts';
import type { RepositoryAddress } from '../domain/forge.ts';
import { toActor } from './forge-shapes.ts';
import type { RepositoryCaller } from './repository-caller.ts';
import { readReview, readReviewText } from './review-reader.ts';

const said = 'body createdAt lastEditedAt isMinimized author { __typename login ... on User { databaseId } }';
/** GraphQL alone knows `lastEditedAt`; at most 290 nodes, 1 point. */
const queries = {
  issue: `query discussion($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { thread: issue(number: $number) { comments(last: 50) { nodes { ${said} } } } }
}`,
  'pull-request': `query discussion($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { thread: pullRequest(number: $number) {
    comments(last: 50) { nodes { ${said} } }
    reviews(last: 20) { nodes { state fullDatabaseId ${said} } }
    reviewThreads(last: 20) { nodes { isResolved comments(first: 10) { nodes { path fullDatabaseId ${said} } } } }
  } }
}`,
} as const;

interface Said {
  readonly body: string;
  readonly createdAt: string;
  readonly lastEditedAt: string | null;
  readonly isMinimized: boolean;
  readonly author: {
    readonly __typename: string;
    readonly login: string;
    readonly databaseId?: number | null;
  } | null;
  readonly state?: string;
  readonly path?: string;
  readonly fullDatabaseId?: string | null;
}

interface Nodes<T> {
  readonly nodes: readonly T[];
}

interface Answer {
  readonly repository: {
    readonly thread: {
      readonly comments: Nodes<Said>;
      readonly reviews?: Nodes<Said>;
      readonly reviewThreads?: Nodes<{ readonly isResolved: boolean; readonly comments: Nodes<Said> }>;
    } | null;
  } | null;
}

/** See `DiscussionReader`. */
export function createDiscussionReader(caller: RepositoryCaller): DiscussionReader {
  return {
    async remarks(at, thread) {
      const answer = await caller.find(
        { at, permissions: { contents: 'read', issues: 'read', metadata: 'read', pull_requests: 'read' } },
        (octokit) => octokit.graphql<Answer>(queries[thread.kind], variables(at, thread)),
      );
      return answer ? toRemarks(answer) : [];
    },
    review: (at, of) => readReview(caller, at, of),
    reviewText: (at, of) => readReviewText(caller, at, of),
  };
}

function variables(at: RepositoryAddress, { number }: { readonly number: number }) {
  return { owner: at.owner, name: at.name, number };
}

function toRemarks({ repository }: Answer): readonly Remark[] {
  const thread = repository?.thread;
  if (!thread) return [];
  const open = (thread.reviewThreads?.nodes ?? []).filter(({ isResolved }) => !isResolved);
  const found = [
    ...thread.comments.nodes.map((one) => toRemark('comment', one)),
    // A pending review is seen by its author only.
    ...(thread.reviews?.nodes ?? [])
      .filter(({ state, body }) => state !== 'PENDING' && body !== '')
      .map((one) => toRemark('review', one)),
    ...open.flatMap(({ comments }) => comments.nodes.map((one) => toRemark('line-comment', one))),
  ];
  return found.sort((one, other) => one.writtenAt.getTime() - other.writtenAt.getTime());
}

function toRemark(kind: Remark['kind'], one: Said): Remark {
  const { author } = one;
  const known = typeof author?.databaseId === 'number';
  return {
    kind,
    ...(one.fullDatabaseId ? { id: Number(one.fullDatabaseId) } : {}),
    author: toActor(known ? { id: author.databaseId, login: author.login, type: author.__typename } : null),
    body: one.body,
    path: one.path ?? null,
    writtenAt: new Date(one.createdAt),
    lastEditedAt: one.lastEditedAt === null ? null : new Date(one.lastEditedAt),
    minimised: one.isMinimized,
  };
}
