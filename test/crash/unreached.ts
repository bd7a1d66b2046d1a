import type { CrashPointName } from '../../src/domain/crash-points.ts';

/** Seams that the canonical runs may miss while nothing goes wrong, and what leads there instead. */
export const unreached: ReadonlyMap<CrashPointName, string> = new Map([
  ['claims.ask.before', 'a summary that contradicts the evidence'],
  ['claims.ask.after', 'a summary that contradicts the evidence'],
  ['delivery.fail.before', 'a delivery whose processing throws'],
  ['delivery.fail.after', 'a delivery whose processing throws'],
  ['reaction.add.before-intent', 'reactions are sent before there is a run'],
  ['reaction.add.after-intent', 'reactions are sent before there is a run'],
  ['reaction.add.after-send', 'reactions are sent before there is a run'],
  ['reaction.add.after-result', 'reactions are sent before there is a run'],
]);
