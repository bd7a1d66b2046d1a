import type { DiscussionReader, LineRange, ReviewPlace, ReviewRemark } from '../domain/discussion.ts';
import type { RepositoryAddress, TokenPermissions } from '../domain/forge.ts';
import type { CommitId } from '../domain/ids.ts';
import { toActor } from './forge-shapes.ts';
import type { RepositoryCaller } from './repository-caller.ts';

const pagesMax = 3;
const permissions: TokenPermissions = {
  contents: 'read',
  issues: 'read',
  metadata: 'read',
  pull_requests: 'read',
};

/**
 * REST alone tells the lines and the hunk, GraphQL alone the thread and the last edit. The list of the whole pull
 * request and not that of the review: the latter lacks the lines
 * (https://docs.github.com/en/rest/pulls/reviews#list-comments-for-a-pull-request-review).
 */
export async function readReview(
  caller: RepositoryCaller,
  at: RepositoryAddress,
  { pull, review }: ReviewPlace,
): Promise<readonly ReviewRemark[]> {
  const listed = await listComments(caller, at, pull);
  const own = listed.filter(({ pull_request_review_id: id }) => id === review);
  if (own.length === 0) return [];
  const threads = await readThreads(caller, at, pull);
  return own
    .sort((one, other) => one.id - other.id)
    .map((comment) => toReviewRemark(comment, threads.get(comment.id)));
}

/** See `DiscussionReader`. A review that was dismissed asks for nothing any more. */
export async function readReviewText(
  caller: RepositoryCaller,
  at: RepositoryAddress,
  { pull, review }: ReviewPlace,
): ReturnType<DiscussionReader['reviewText']> {
  const reviews = await caller.find({ at, permissions }, async (octokit) => {
    const wanted = { owner: at.owner, repo: at.name, pull_number: pull, per_page: 100 };
    return await octokit.paginate(octokit.rest.pulls.listReviews, wanted);
  });
  const found = reviews?.find(({ id }) => id === review);
  return found && { asksForChanges: found.state === 'CHANGES_REQUESTED', body: found.body };
}

/** The part of a comment on a line that we read. */
interface LineComment {
  readonly id: number;
  readonly pull_request_review_id: number | null;
  readonly user: Parameters<typeof toActor>[0];
  readonly body: string;
  readonly path: string;
  readonly side?: string | undefined;
  readonly line?: number | null | undefined;
  readonly start_line?: number | null | undefined;
  readonly original_line?: number | null | undefined;
  readonly original_start_line?: number | null | undefined;
  readonly original_commit_id: string;
  readonly subject_type?: string | undefined;
  readonly diff_hunk: string;
  readonly in_reply_to_id?: number | undefined;
}

function listComments(
  caller: RepositoryCaller,
  at: RepositoryAddress,
  pull: number,
): Promise<readonly LineComment[]> {
  return caller.call({ at, permissions }, async (octokit) => {
    let pages = 0;
    const wanted = { owner: at.owner, repo: at.name, pull_number: pull, per_page: 100 };
    return await octokit.paginate(
      octokit.rest.pulls.listReviewComments,
      { ...wanted, sort: 'created', direction: 'desc' },
      ({ data }, done) => {
        pages += 1;
        if (pages >= pagesMax) done();
        return data;
      },
    );
  });
}

interface ThreadFacts {
  readonly thread: string;
  readonly lastEditedAt: Date | null;
  readonly minimised: boolean;
}

interface Threads {
  readonly nodes: readonly {
    readonly id: string;
    readonly comments: {
      readonly nodes: readonly {
        readonly fullDatabaseId: string | null;
        readonly lastEditedAt: string | null;
        readonly isMinimized: boolean;
      }[];
    };
  }[];
  readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null };
}

interface ThreadsAnswer {
  readonly repository: { readonly pullRequest: { readonly reviewThreads: Threads } | null } | null;
}

const threadsQuery = `query threads($owner: String!, $name: String!, $number: Int!, $before: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    reviewThreads(last: 100, before: $before) {
      nodes { id comments(first: 50) { nodes { fullDatabaseId lastEditedAt isMinimized } } }
      pageInfo { hasPreviousPage startCursor }
    }
  } }
}`;

/** By the id of each comment; the newest 300 threads. */
async function readThreads(
  caller: RepositoryCaller,
  at: RepositoryAddress,
  pull: number,
): Promise<ReadonlyMap<number, ThreadFacts>> {
  const found = new Map<number, ThreadFacts>();
  let before: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const threads: Threads | undefined = await readThreadsPage(caller, at, { pull, before });
    for (const [id, facts] of (threads?.nodes ?? []).flatMap(factsOf)) found.set(id, facts);
    if (threads?.pageInfo.hasPreviousPage !== true) break;
    before = threads.pageInfo.startCursor;
  }
  return found;
}

async function readThreadsPage(
  caller: RepositoryCaller,
  at: RepositoryAddress,
  { pull, before }: { readonly pull: number; readonly before: string | null },
): Promise<Threads | undefined> {
  const variables = { owner: at.owner, name: at.name, number: pull, before };
  const answer = await caller.find({ at, permissions }, (octokit) =>
    octokit.graphql<ThreadsAnswer>(threadsQuery, variables),
  );
  return answer?.repository?.pullRequest?.reviewThreads;
}

function factsOf({ id: thread, comments }: Threads['nodes'][number]): readonly [number, ThreadFacts][] {
  return comments.nodes.map(({ fullDatabaseId, lastEditedAt, isMinimized: minimised }) => [
    Number(fullDatabaseId),
    { thread, lastEditedAt: lastEditedAt === null ? null : new Date(lastEditedAt), minimised },
  ]);
}

function toReviewRemark(comment: LineComment, facts: ThreadFacts | undefined): ReviewRemark {
  const isFile = comment.subject_type === 'file';
  const range = (first: number | null | undefined, last: number | null | undefined): LineRange | null =>
    isFile || typeof last !== 'number' ? null : { first: first ?? last, last };
  return {
    id: comment.id,
    author: toActor(comment.user),
    body: comment.body,
    path: comment.path,
    side: comment.side === 'LEFT' ? 'left' : 'right',
    lines: range(comment.start_line, comment.line),
    original: {
      commit: comment.original_commit_id as CommitId,
      lines: range(comment.original_start_line, comment.original_line),
    },
    hunk: comment.diff_hunk,
    threadStart: comment.in_reply_to_id ?? comment.id,
    thread: facts?.thread ?? null,
    lastEditedAt: facts?.lastEditedAt ?? null,
    minimised: facts?.minimised ?? false,
  };
}
