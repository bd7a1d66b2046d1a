import type { z } from 'zod';
import type { DeliveryGuid } from '../domain/ids.ts';
import type { Actor } from '../domain/repository.ts';
import type { CommentPayload, PayloadIssue, reviewCommentPayload, reviewPayload } from './payload-shapes.ts';

/** Where on a thread something was written; reactions and answers depend on it. */
export type SaidWhere = 'comment' | 'review' | 'review-comment' | 'button' | 'box';

/** Something that a person wrote on an issue or pull request, wherever GitHub lets them write. */
export interface Said {
  readonly where: SaidWhere;
  readonly id: number;
  readonly text: string;
  readonly author: Actor | null;
  /** The App through which it was written, where GitHub says so. */
  readonly appId: number | null;
  readonly writtenAt: Date | null;
  /** Of a comment on a line: the review that it belongs to. */
  readonly review: number | null;
  /** For a button or a box, which has no id of its own when it is used: from the delivery's, which stays the same in every copy. */
  readonly press?: string;
}

/** Names the same words in every delivery of them. */
export function saidKey({ where, id, press }: Said): string {
  return `${where}:${press ?? id}`;
}

/** A comment of the thread itself. */
export function saidInComment({ comment }: CommentPayload): Said {
  return {
    where: 'comment',
    id: comment.id,
    text: comment.body,
    author: comment.user,
    appId: comment.performed_via_github_app,
    writtenAt: comment.created_at,
    review: null,
  };
}

/** The text of a review as a whole. */
export function saidInReview({ review }: z.output<typeof reviewPayload>): Said {
  return {
    where: 'review',
    id: review.id,
    text: review.body ?? '',
    author: review.user,
    appId: null,
    writtenAt: review.submitted_at,
    review: null,
  };
}

/** A comment on a line. */
export function saidOnLine({ comment }: z.output<typeof reviewCommentPayload>): Said {
  return {
    where: 'review-comment',
    id: comment.id,
    text: comment.body,
    author: comment.user,
    appId: null,
    writtenAt: comment.created_at,
    review: comment.pull_request_review_id ?? null,
  };
}

/** A button of a check run that somebody pressed. */
export function saidByButton(check: number, author: Actor | null, press: DeliveryGuid): Said {
  return { where: 'button', id: check, text: '', author, appId: null, writtenAt: null, review: null, press };
}

/** A box of the control issue that somebody ticked; one edit may tick several. */
export function saidByBox(
  issue: number,
  author: Actor | null,
  tick: { readonly guid: DeliveryGuid; readonly box: string },
): Said {
  const press = `${tick.guid}:${tick.box}`;
  return { where: 'box', id: issue, text: '', author, appId: null, writtenAt: null, review: null, press };
}

/** A pull request of a review's payload, as comments name it. */
export function issueOfPull(pull: z.output<typeof reviewPayload>['pull_request']): PayloadIssue {
  const { number, title, body, html_url, user, updated_at } = pull;
  return { number, title, body, html_url, user, updated_at, pull_request: {} };
}
