import { createHash } from 'node:crypto';
import type { FaultKind } from './bot-messages.ts';
import {
  everyLeaving,
  everyPoint,
  everyPointOfTheSecond,
  everyPointOnce,
  everyWrite,
  type PlannedCell,
} from './choose-faults.ts';
import type { Baseline } from './run-matrix.ts';
import type { Scenario } from './scenario.ts';
import { detours, scenarios } from './scenarios.ts';

/** What is not SIGKILL: sessions ended, the server restarted, a worker stopped beyond its lease. */
const otherFaults = ['terminate', 'restart', 'stop'] as const satisfies readonly FaultKind[];

/** `kill`: the whole matrix of SIGKILL. `full`: the other faults. */
export type SuiteName = 'kill' | 'full';

/** The kinds of fault that must have happened for the suite to have proved anything. */
export const suiteKinds: Readonly<Record<SuiteName, readonly FaultKind[]>> = {
  kill: ['kill'],
  full: otherFaults,
};

/**
 * Everything that the suite plays of these; what finds most comes first. A detour is hurt where it leaves the ways of
 * the others, which are all to be among the baselines then: whole it would be 200 cells, nearly all of them at seams and
 * writes that were hurt on the same way in another scenario.
 */
export function planSuite(
  suite: SuiteName,
  baselines: readonly Baseline[],
  isChosen: (scenario: Scenario) => boolean = () => true,
): readonly PlannedCell[] {
  const isDetour = ({ scenario }: Baseline): boolean => detours.includes(scenario);
  const chosen = baselines.filter(({ scenario }) => isChosen(scenario));
  const ways = baselines.filter((baseline) => !isDetour(baseline));
  const mine = chosen.filter((baseline) => !isDetour(baseline));
  const second = (kind: FaultKind): readonly PlannedCell[] =>
    mine.slice(0, 1).flatMap((baseline) => everyPointOfTheSecond(baseline, kind));
  if (suite === 'full') return [...everyPointOnce(chosen, otherFaults), ...otherFaults.flatMap(second)];
  const canonical = mine.filter(({ scenario }) => scenarios.includes(scenario));
  const cells = [
    ...everyPointOnce(mine, ['kill']),
    ...second('kill'),
    ...chosen.filter(isDetour).flatMap((baseline) => everyLeaving(baseline, ways, 'kill')),
    ...canonical.flatMap((baseline) => everyWrite(baseline, 'kill')),
    ...mine.flatMap((baseline) => everyPoint(baseline, 'kill')),
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
