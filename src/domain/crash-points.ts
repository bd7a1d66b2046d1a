import type { EffectKind } from './effect.ts';

/** What every effect passes on its way; `after-send` is what a lost answer looks like to the next owner. */
export const effectPhases = ['before-intent', 'after-intent', 'after-send', 'after-result'] as const;

/** The kinds of effects that pass these phases. A test compares them with the families that exist. */
export const crashingEffects = [
  'reaction.add',
  'comment.create',
  'tracking.update',
  'tracking-issue.open',
  'branch.push',
  'commit.publish',
  'pull.open',
  'pull.update',
  'pull.ready',
  'pull.label',
  'pull.assign',
  'pull.ask-review',
  'review.create',
  'check.publish',
  'review.reply',
  'thread.resolve',
  'journal.push',
  'sarif.upload',
] as const satisfies readonly EffectKind[];

/** Steps with a seam just before and one just after; those that write commit in between. */
export const crashSteps = [
  'delivery.insert',
  'delivery.finish',
  'delivery.fail',
  'run.create',
  'run.cancel',
  'run.release',
  'message.post',
  'run.finish',
  'tracking-issue.record',
  'lease.beat',
  'journal.append',
  'graph.save',
  'spend.reserve',
  'spend.settle',
  'token.mint',
  'role.read',
  'approver.read',
  'reply.react',
  'reply.intend',
  'reply.send',
  'reply.resolve',
  'base.fetch',
  'workspace.create',
  'workspace.discard',
  'sandbox.open',
  'sandbox.exec',
  'sandbox.close',
  'model.call',
  'claims.ask',
  'checkpoint.make',
  'gate.judge',
  'commit.make',
] as const;

/** Seams that stand alone. `before-commit`: the statements ran, their transaction is still open. */
export const crashMoments = [
  'delivery.claim.after',
  'run.create.before-commit',
  'run.claim.before-commit',
  'run.claim.after',
  'run.finish.before-commit',
  'message.post.before-commit',
  'run.reap.before-commit',
  'run.reap.after',
  'effect.resolve.before-commit',
  'checkpoint.make.before-note',
] as const;

export type CrashStep = (typeof crashSteps)[number];

/** A place at which the crash suite can end the process. */
export type CrashPointName =
  | `${EffectKind}.${(typeof effectPhases)[number]}`
  | `${CrashStep}.${'before' | 'after'}`
  | (typeof crashMoments)[number];

/** Every seam there is. */
export const crashPoints: readonly CrashPointName[] = [
  ...crashingEffects.flatMap((kind) => effectPhases.map((phase) => `${kind}.${phase}` as const)),
  ...crashSteps.flatMap((step) => [`${step}.before`, `${step}.after`] as const),
  ...crashMoments,
];
