import { type CrashPointName, effectPhases } from '../../src/domain/crash-points.ts';

/** Seams that the canonical runs may miss while nothing goes wrong, and what leads there instead. */
export const unreached: ReadonlyMap<CrashPointName, string> = new Map<CrashPointName, string>([
  ['claims.ask.before', 'a summary that contradicts the evidence'],
  ['claims.ask.after', 'a summary that contradicts the evidence'],
  ['delivery.fail.before', 'a delivery whose processing throws'],
  ['delivery.fail.after', 'a delivery whose processing throws'],
  ...effectPhases.flatMap(
    (phase) =>
      [
        [`reaction.add.${phase}`, 'reactions are sent before there is a run'],
        [`review.create.${phase}`, 'a review that a run writes'],
        [`review.reply.${phase}`, 'an answer in a thread of a review'],
        [`thread.resolve.${phase}`, 'a thread of a review that a run resolves'],
      ] as const,
  ),
]);
