import { z } from 'zod';
import { type DiffPlace, findPlace } from '../git/diff-places.ts';
import { type ChangedFile, diffFiles } from '../git/diff-reader.ts';
import { isAncestor } from '../git/history.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { paginate } from '../http/paginate.ts';
import { parseBody } from '../http/parse-body.ts';
import {
  created,
  noContent,
  ok,
  type RepositoryCall,
  type Route,
  read,
  repositoryRoute,
  write,
} from '../http/route.ts';
import { markdownBody } from '../http/text-limits.ts';
import { type PullView, reviewCommentShape, reviewShape } from '../shapes/pull-shape.ts';
import type { Review, ReviewComment } from '../state/model.ts';
import { requireUser } from './issue-lookup.ts';
import { requirePull, requireReviewComment } from './pull-lookup.ts';
import { forkPoint } from './pull-routes.ts';

const side = z.enum(['LEFT', 'RIGHT']).default('RIGHT');
const place = {
  path: z.string(),
  line: z.number().int().positive().optional(),
  side,
  start_line: z.number().int().positive().nullish(),
  start_side: z.string().nullish(),
  position: z.number().int().nullish(),
  subject_type: z.enum(['line', 'file']).optional(),
};
const newComment = z.object({ ...place, body: markdownBody, commit_id: z.string() });
const newReview = z.object({
  body: markdownBody.nullish(),
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']).optional(),
  commit_id: z.string().optional(),
  comments: z.array(z.object({ ...place, body: markdownBody })).default([]),
});
const bodyOnly = z.object({ body: markdownBody });

const states = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

/** Reviews and the comments on lines that belong to them. */
export const reviewRoutes: readonly Route[] = [
  repositoryRoute('GET', '/pulls/:number/reviews', read('pull_requests'), (call) => {
    const view = requirePull(call);
    return paginate(call, view.pull.reviews, (page) =>
      page.map((one) => reviewShape(call.hub.urls, view, one)),
    );
  }),
  repositoryRoute('POST', '/pulls/:number/reviews', write('pull_requests', 'read'), createReview),
  repositoryRoute('GET', '/pulls/:number/reviews/:review_id', read('pull_requests'), (call) => {
    const view = requirePull(call);
    return ok(reviewShape(call.hub.urls, view, requireReview(call, view)));
  }),
  repositoryRoute('PUT', '/pulls/:number/reviews/:review_id/dismissals', write('pull_requests'), (call) => {
    const view = requirePull(call);
    const review = requireReview(call, view);
    parseBody(z.object({ message: z.string() }), call.body, 'PullRequestReview');
    review.state = 'DISMISSED';
    call.hub.events.review({ view, review, sender: requireUser(call) }, 'dismissed');
    return ok(reviewShape(call.hub.urls, view, review));
  }),
  repositoryRoute('GET', '/pulls/:number/comments', read('pull_requests'), (call) => {
    const view = requirePull(call);
    return paginate(call, sorted(call, view.pull.reviewComments), (page) =>
      page.map((one) => reviewCommentShape(call.hub.urls, view, one)),
    );
  }),
  repositoryRoute('POST', '/pulls/:number/comments', write('pull_requests', 'read'), async (call) => {
    const view = requirePull(call);
    const wanted = parseBody(newComment, call.body, 'PullRequestReviewComment');
    const placed = await withPlace(view, await commitOf(view, wanted.commit_id), wanted);
    const review = addReview(call, view, { state: 'COMMENTED', body: '', commitId: wanted.commit_id });
    const comment = addComment(call, view, { ...placed, review });
    announce(call, view, { review, comments: [comment] });
    return created(reviewCommentShape(call.hub.urls, view, comment));
  }),
  repositoryRoute(
    'POST',
    '/pulls/:number/comments/:comment_id/replies',
    write('pull_requests', 'read'),
    reply,
  ),
  repositoryRoute('GET', '/pulls/comments/:comment_id', read('pull_requests'), (call) => {
    const { view, comment } = requireReviewComment(call);
    return ok(reviewCommentShape(call.hub.urls, view, comment));
  }),
  repositoryRoute('PATCH', '/pulls/comments/:comment_id', write('pull_requests', 'read'), (call) => {
    const { view, comment } = requireReviewComment(call);
    requireOwn(call, comment);
    const from = comment.body;
    comment.body = parseBody(bodyOnly, call.body, 'PullRequestReviewComment').body;
    comment.updatedAt = new Date();
    call.hub.events.reviewComment({ view, comment, sender: requireUser(call) }, 'edited', {
      changes: { body: { from } },
    });
    return ok(reviewCommentShape(call.hub.urls, view, comment));
  }),
  repositoryRoute('DELETE', '/pulls/comments/:comment_id', write('pull_requests', 'read'), (call) => {
    const { view, comment } = requireReviewComment(call);
    requireOwn(call, comment);
    view.pull.reviewComments.splice(view.pull.reviewComments.indexOf(comment), 1);
    call.hub.events.reviewComment({ view, comment, sender: requireUser(call) }, 'deleted');
    return noContent();
  }),
];

/** By creation, the oldest first, where nothing else is asked for; `direction` counts only with `sort`. */
function sorted(call: RepositoryCall, comments: readonly ReviewComment[]): readonly ReviewComment[] {
  const sort = call.query.get('sort');
  const time = (one: ReviewComment): Date => (sort === 'updated' ? one.updatedAt : one.createdAt);
  const rising = [...comments].sort((a, b) => time(a).getTime() - time(b).getTime() || a.id - b.id);
  return sort && call.query.get('direction') !== 'asc' ? rising.reverse() : rising;
}

function requireReview(call: RepositoryCall, view: PullView): Review {
  const review = view.pull.reviews.find((one) => one.id === Number(call.params['review_id']));
  if (!review) throw notFound();
  return review;
}

function requireOwn(call: RepositoryCall, comment: ReviewComment): void {
  if (comment.user !== requireUser(call)) throw new ApiError(403, 'Must have write rights to Repository.');
}

async function createReview(call: RepositoryCall) {
  const view = requirePull(call);
  const wanted = parseBody(newReview, call.body, 'PullRequestReview');
  requireAllowedReview(call, view, wanted);
  const body = wanted.body ?? '';
  // All or nothing: one comment that has no place and there is no review.
  const commitId = await commitOf(view, wanted.commit_id ?? view.pull.headSha);
  const placed = [];
  for (const comment of wanted.comments) placed.push(await withPlace(view, commitId, comment));
  const state = wanted.event ? states[wanted.event] : 'PENDING';
  const review = addReview(call, view, { state, body, commitId });
  const comments = placed.map((comment) => addComment(call, view, { ...comment, review }));
  announce(call, view, { review, comments });
  if (review.state !== 'PENDING')
    view.pull.requestedReviewers = view.pull.requestedReviewers.filter((one) => one !== review.user);
  return ok(reviewShape(call.hub.urls, view, review));
}

function requireAllowedReview(call: RepositoryCall, view: PullView, wanted: z.infer<typeof newReview>): void {
  const own = view.issue.user === requireUser(call);
  if (own && (wanted.event === 'APPROVE' || wanted.event === 'REQUEST_CHANGES'))
    throw new ApiError(422, 'Unprocessable Entity', [
      `Can not ${wanted.event === 'APPROVE' ? 'approve' : 'request changes on'} your own pull request`,
    ]);
  if (wanted.event && wanted.event !== 'APPROVE' && !wanted.body && wanted.comments.length === 0)
    throw new ApiError(422, 'Unprocessable Entity');
}

function addReview(
  call: RepositoryCall,
  view: PullView,
  wanted: Pick<Review, 'state' | 'body' | 'commitId'>,
): Review {
  const review: Review = {
    id: call.hub.state.ids.take('review'),
    user: requireUser(call),
    ...wanted,
    submittedAt: wanted.state === 'PENDING' ? null : new Date(),
    lastEditedAt: null,
  };
  view.pull.reviews.push(review);
  view.issue.updatedAt = new Date();
  return review;
}

/** The whole review is there before anybody hears of it. */
function announce(
  call: RepositoryCall,
  view: PullView,
  { review, comments }: { readonly review: Review; readonly comments: readonly ReviewComment[] },
): void {
  if (review.state === 'PENDING') return;
  call.hub.events.review({ view, review, sender: review.user }, 'submitted');
  for (const comment of comments)
    call.hub.events.reviewComment({ view, comment, sender: comment.user }, 'created');
}

interface WantedPlace {
  readonly path: string;
  readonly line?: number | undefined;
  readonly start_line?: number | null | undefined;
  readonly side: 'LEFT' | 'RIGHT';
}

interface NewLineComment extends WantedPlace {
  readonly body: string;
  readonly review: Review;
  readonly place: DiffPlace;
  readonly inReplyTo?: ReviewComment;
}

function addComment(call: RepositoryCall, view: PullView, wanted: NewLineComment): ReviewComment {
  const now = new Date();
  const { inReplyTo, place } = wanted;
  const comment: ReviewComment = {
    id: call.hub.state.ids.take('reviewComment'),
    reviewId: wanted.review.id,
    user: requireUser(call),
    body: wanted.body,
    path: wanted.path,
    line: wanted.line ?? null,
    startLine: wanted.start_line ?? null,
    side: wanted.side,
    diffHunk: place.hunk,
    position: place.position,
    commitId: inReplyTo?.commitId ?? wanted.review.commitId,
    inReplyToId: inReplyTo?.inReplyToId ?? inReplyTo?.id ?? null,
    createdAt: now,
    updatedAt: now,
    reactions: [],
    thread: inReplyTo?.thread ?? { id: call.hub.state.ids.take('thread'), resolvedBy: null },
  };
  view.pull.reviewComments.push(comment);
  return comment;
}

function unresolved(what: string): ApiError {
  return new ApiError(422, 'Unprocessable Entity', [`${what} could not be resolved`]);
}

/** Only commits of the pull request can be reviewed: also those before its head. */
async function commitOf({ repository, pull }: PullView, sha: string): Promise<string> {
  const isPart = /^[0-9a-f]{40}$/.test(sha) && (await isAncestor(repository.gitDir, sha, pull.headSha));
  if (!isPart) throw new ApiError(422, 'Unprocessable Entity', ['Commit is not part of the pull request']);
  return sha;
}

/** The comment with its place in what the pull request changes up to the commit; 422 where it has none. */
async function withPlace<Wanted extends WantedPlace>(
  view: PullView,
  commitId: string,
  wanted: Wanted,
): Promise<Omit<Wanted, 'place'> & { readonly place: DiffPlace }> {
  const files = await diffFiles(view.repository.gitDir, await forkPoint(view), commitId);
  return { ...wanted, place: placeIn(files, wanted) };
}

function placeIn(files: readonly ChangedFile[], { path, line, side, start_line }: WantedPlace): DiffPlace {
  const file = files.find((one) => one.path === path);
  if (!file) throw unresolved('Path');
  const patch = file.patch ?? '';
  if (line === undefined) return { hunk: patch.slice(0, 2000), position: 1 };
  const found = findPlace(patch, { line, side });
  if (!found) throw unresolved('Line');
  if (typeof start_line === 'number' && !findPlace(patch, { line: start_line, side }))
    throw unresolved('Start line');
  return found;
}

async function reply(call: RepositoryCall) {
  const view = requirePull(call);
  const { comment: parent } = requireReviewComment(call);
  // Only what begins a thread takes replies.
  if (parent.inReplyToId !== null) throw unresolved('In reply to');
  const { body } = parseBody(bodyOnly, call.body, 'PullRequestReviewComment');
  const review = addReview(call, view, { state: 'COMMENTED', body: '', commitId: view.pull.headSha });
  const comment = addComment(call, view, {
    path: parent.path,
    ...(parent.line === null ? {} : { line: parent.line }),
    start_line: parent.startLine,
    side: parent.side,
    body,
    review,
    place: { hunk: parent.diffHunk, position: parent.position },
    inReplyTo: parent,
  });
  announce(call, view, { review, comments: [comment] });
  return created(reviewCommentShape(call.hub.urls, view, comment));
}
