import type { EffectResult } from '../../domain/effect.ts';
import type { EffectFamily, EffectOf, EffectScope } from './effect-family.ts';

type Adding = 'pull.label' | 'pull.assign' | 'pull.ask-review';

/**
 * Labels, assignees and reviewers only add to what is there, and adding twice shows nothing twice: so they may be
 * repeated, nothing is read back, and a run does not depend on them.
 */
function adding<Kind extends Adding>(
  add: (effect: EffectOf<Kind>, scope: EffectScope) => Promise<void>,
): EffectFamily<Kind> {
  return {
    idempotent: false,
    dispensable: true,
    async send(effect, scope): Promise<EffectResult> {
      await add(effect, scope);
      return { outcome: 'sent' };
    },
    find: () => Promise.resolve(undefined),
  };
}

export const pullLabel = adding<'pull.label'>(({ number, labels }, { at, writer }) =>
  writer.addLabels(at, number, labels),
);

export const pullAssign = adding<'pull.assign'>(({ number, logins }, { at, writer }) =>
  writer.addAssignees(at, number, logins),
);

export const pullAskReview = adding<'pull.ask-review'>(({ number, users, teams }, { at, writer }) =>
  writer.requestReviewers(at, number, { users, teams }),
);
