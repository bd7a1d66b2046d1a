import type { PlannedCell } from './choose-faults.ts';

/** How many faults one run takes at most: far enough from each other that a run gets on between two of them. */
const sizeMax = 12;
/** How many of them may fall before the run's first journal entry: a delivery that took five workers down is dead. */
const earlyMax = 2;

/**
 * Cells of one scenario and kind that share a run, in the order in which the run comes to them. Dealt out like cards,
 * so that two neighbours of the matrix are in different runs.
 */
export function groupCells(cells: readonly PlannedCell[]): readonly (readonly PlannedCell[])[] {
  const alone = cells.filter((cell) => !canShare(cell)).map((cell) => [cell]);
  const sharing = cells.filter(canShare);
  const byKind = Map.groupBy(sharing, ({ scenario, shared }) => `${scenario.name} ${shared?.fault.kind}`);
  return [...alone, ...[...byKind.values()].flatMap(dealt)];
}

/** Before the first journal entry passes are counted from the start of a bot: only the first is the same in any bot. */
function canShare({ shared }: PlannedCell): boolean {
  return shared !== null && (shared.fault.since !== null || shared.fault.occurrence === 1);
}

function dealt(cells: readonly PlannedCell[]): readonly (readonly PlannedCell[])[] {
  const inOrder = cells.toSorted((one, other) => positionOf(one) - positionOf(other));
  const early = inOrder.filter(({ shared }) => shared?.fault.since === null).length;
  const count = Math.max(Math.ceil(inOrder.length / sizeMax), Math.ceil(early / earlyMax));
  return Array.from({ length: count }, (_, nth) => inOrder.filter((_cell, index) => index % count === nth));
}

function positionOf({ shared }: PlannedCell): number {
  return shared?.position ?? 0;
}
