import { z } from 'zod';
import type { NewDelivery } from '../domain/delivery.ts';

const id = z.number().int();
const labelled = z.object({ issue: z.object({ number: id }), label: z.object({ name: z.string() }) });
const commented = z.object({ comment: z.object({ id }) });
const edited = z.object({ issue: z.object({ number: id }), sender: z.object({ type: z.literal('User') }) });
const reviewed = z.object({ review: z.object({ id }) });

/**
 * What a delivery announces, by which a sweep knows that it need not: a label put on, or a comment; and what may have
 * been somebody's request: a review, or a person's edit of an issue.
 */
export function subjectOf({ event, action, payload }: NewDelivery): string | null {
  switch (`${event}.${action}`) {
    case 'issues.labeled': {
      const { data } = labelled.safeParse(payload);
      return data ? `label:${data.issue.number}:${data.label.name.toLowerCase()}` : null;
    }
    case 'issue_comment.created': {
      const { data } = commented.safeParse(payload);
      return data ? `comment:${data.comment.id}` : null;
    }
    case 'pull_request_review.submitted': {
      const { data } = reviewed.safeParse(payload);
      return data ? `review:${data.review.id}` : null;
    }
    case 'issues.edited': {
      const { data } = edited.safeParse(payload);
      return data ? `edited:${data.issue.number}` : null;
    }
    default:
      return null;
  }
}
