import type { CrashPointName } from '../../src/domain/crash-points.ts';

/** Seams that the four canonical runs may miss while nothing goes wrong, and what leads there instead. */
export const unreached: ReadonlyMap<CrashPointName, string> = new Map([
  ['delivery.fail.before', 'a delivery whose processing throws'],
  ['delivery.fail.after', 'a delivery whose processing throws'],
  ['run.release.before', 'a worker that drains, or a run that parks'],
  ['run.release.after', 'a worker that drains, or a run that parks'],
  ['approver.read.before', 'a change of protected paths that somebody approved'],
  ['approver.read.after', 'a change of protected paths that somebody approved'],
  ['message.post.before', 'something said to a run that is under way'],
  ['message.post.before-commit', 'something said to a run that is under way'],
  ['message.post.after', 'something said to a run that is under way'],
  ['reaction.add.before-intent', 'reactions are sent before there is a run'],
  ['reaction.add.after-intent', 'reactions are sent before there is a run'],
  ['reaction.add.after-send', 'reactions are sent before there is a run'],
  ['reaction.add.after-result', 'reactions are sent before there is a run'],
]);
