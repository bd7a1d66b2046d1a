import type { EffectKind } from '../domain/effect.ts';
import { branch } from './kinds/branch.ts';
import { check } from './kinds/check.ts';
import { comment } from './kinds/comment.ts';
import { commit } from './kinds/commit.ts';
import type { EffectFamily } from './kinds/effect-family.ts';
import { journal } from './kinds/journal.ts';
import { pullOpen, pullReady, pullUpdate } from './kinds/pull.ts';
import { pullAskReview, pullAssign, pullLabel } from './kinds/pull-people.ts';
import { reaction } from './kinds/reaction.ts';
import { review } from './kinds/review.ts';
import { reviewReply, threadResolve } from './kinds/review-thread.ts';
import { sarif } from './kinds/sarif.ts';
import { tracking } from './kinds/tracking.ts';
import { trackingIssue } from './kinds/tracking-issue.ts';

/** Everything that can be written to GitHub. There is no approving, merging or deleting. */
export const effectFamilies: { readonly [Kind in EffectKind]: EffectFamily<Kind> } = {
  'reaction.add': reaction,
  'comment.create': comment,
  'tracking.update': tracking,
  'tracking-issue.open': trackingIssue,
  'branch.push': branch,
  'commit.publish': commit,
  'pull.open': pullOpen,
  'pull.update': pullUpdate,
  'pull.ready': pullReady,
  'pull.label': pullLabel,
  'pull.assign': pullAssign,
  'pull.ask-review': pullAskReview,
  'review.create': review,
  'check.publish': check,
  'review.reply': reviewReply,
  'thread.resolve': threadResolve,
  'journal.push': journal,
  'sarif.upload': sarif,
};
