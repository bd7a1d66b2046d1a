import { createHash } from 'node:crypto';
import type { FaultKind } from './bot-messages.ts';
import {
  everyPoint,
  everyPointOfTheSecond,
  everyPointOnce,
  everyWrite,
  type PlannedCell,
} from './choose-faults.ts';
import type { Baseline } from './run-matrix.ts';
import { scenarios } from './scenarios.ts';

/** What is not SIGKILL: sessions ended, the server restarted, a worker stopped beyond its lease. */
const otherFaults = ['terminate', 'restart', 'stop'] as const satisfies readonly FaultKind[];

/** `kill`: the whole matrix of SIGKILL. `full`: the other faults. */
export type SuiteName = 'kill' | 'full';

/** The kinds of fault that must have happened for the suite to have proved anything. */
export const suiteKinds: Readonly<Record<SuiteName, readonly FaultKind[]>> = {
  kill: ['kill'],
  full: otherFaults,
};

/** Everything that the suite plays; what finds most comes first. */
export function planSuite(suite: SuiteName, baselines: readonly Baseline[]): readonly PlannedCell[] {
  const second = (kind: FaultKind): readonly PlannedCell[] =>
    baselines.slice(0, 1).flatMap((baseline) => everyPointOfTheSecond(baseline, kind));
  if (suite === 'full') return [...everyPointOnce(baselines, otherFaults), ...otherFaults.flatMap(second)];
  const canonical = baselines.filter(({ scenario }) => scenarios.includes(scenario));
  const cells = [
    ...everyPointOnce(baselines, ['kill']),
    ...second('kill'),
    ...canonical.flatMap((baseline) => everyWrite(baseline, 'kill')),
    ...baselines.flatMap((baseline) => everyPoint(baseline, 'kill')),
  ];
  return [...new Map(cells.map((cell) => [cell.id, cell])).values()];
}

/** The cells of the nth of `of` shards: by their names, so that shards agree whatever they counted. */
export function shardOf(
  cells: readonly PlannedCell[],
  { nth, of }: { readonly nth: number; readonly of: number },
): readonly PlannedCell[] {
  return cells.filter(({ id }) => createHash('sha256').update(id).digest().readUInt32BE() % of === nth - 1);
}
