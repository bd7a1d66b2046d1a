import type { CrashPointName } from '../../src/domain/crash-points.ts';
import type { ArmedFault } from './bot-messages.ts';

/** Tells at each seam that a bot passes which fault must happen there, each at most once. */
export function aimAt(
  faults: readonly ArmedFault[],
): (name: CrashPointName, key?: string) => ArmedFault | undefined {
  const targets = faults.map((armed) => ({
    armed,
    counts: armed.fault.since === null,
    passed: 0,
    hit: false,
  }));
  return (name, key) => {
    for (const target of targets) {
      if (target.counts && target.armed.fault.point === name) target.passed += 1;
    }
    const struck = targets.find(
      ({ armed, counts, passed, hit }) =>
        !hit && counts && armed.fault.point === name && passed === armed.fault.occurrence,
    );
    if (struck) struck.hit = true;
    if (name === 'journal.append.after') {
      for (const target of targets) target.counts ||= target.armed.fault.since === key;
    }
    return struck?.armed;
  };
}
