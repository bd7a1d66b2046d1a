import type { PublishableText } from '../../domain/ids.ts';
import type { DropReason } from '../../domain/review.ts';
import type { StopReason } from '../../domain/stop-reason.ts';
import { joinText, markdown, quote } from '../../text/markdown.ts';
import { publishable } from '../../text/publishable.ts';
import type { ReviewRecord, RunRecord } from '../run-record.ts';
import { code, contextOf, listSome } from '../show.ts';
import { claimsNote, strikeClaims } from './claims.ts';

const unseenMax = 20;

/** What a model made of the change, marked as what it is, and what of it was not taken. */
export function modelSection(record: RunRecord): PublishableText {
  const { review } = record;
  if (!review) return markdown``;
  if (review.look === null)
    return markdown`## A model's opinion\n\nNo model has looked at this: the operator has set no key. Everything here was found by the gates.`;
  return joinText(
    [
      markdown`## A model's opinion`,
      markdown`A model read the diff, with tools that read only. It measured nothing and decides nothing.`,
      opinion(record, review),
      claimsNote(record),
      joinText([ending(review.look), ...dropped(review), ...unseen(review)]),
    ],
    '\n\n',
  );
}

function opinion(record: RunRecord, { summary }: ReviewRecord): PublishableText {
  const text = publishable(strikeClaims(record, summary), contextOf(record, 4_000));
  return text === '' ? text : quote(text);
}

function ending(look: StopReason): PublishableText {
  switch (look) {
    case 'finished':
      return markdown``;
    case 'model-unavailable':
    case 'model-misconfigured':
      return markdown`- ⚠️ No model answered to the end, so this part is missing or not whole.`;
    case 'budget':
      return markdown`- ⚠️ The budget of a run ended the look before the model was done.`;
    default:
      return markdown`- ⚠️ The look ended before the model said it was done (${code(look)}).`;
  }
}

const whys: Readonly<Record<DropReason, PublishableText>> = {
  'not-changed': markdown`on lines that this change does not touch`,
  'quote-differs': markdown`on lines that do not read as quoted`,
  repeated: markdown`said twice`,
  'too-many': markdown`beyond two on one line`,
};

function dropped(review: ReviewRecord): readonly PublishableText[] {
  if (review.dropped.length === 0) return [];
  const counts = review.dropped.map(({ reason, count }) => markdown`${count} ${whys[reason]}`);
  return [markdown`- Findings of the model that were dropped: ${joinText(counts, ', ')}.`];
}

function unseen({ unseen: paths }: ReviewRecord): readonly PublishableText[] {
  if (paths.length === 0) return [];
  return [
    markdown`- Too long for one look: the model was not shown the whole diff of`,
    ...listSome(paths, unseenMax, code).map((line) => markdown`  ${line}`),
  ];
}
