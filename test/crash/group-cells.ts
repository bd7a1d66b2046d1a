import { endsBot } from './bot-messages.ts';
import type { PlannedCell } from './choose-faults.ts';

interface Sharing {
  /** How many faults one run takes: far enough from each other that a run gets on between two of them. */
  readonly faultsMax: number;
  /** Of those before the run's first journal entry: a delivery over which five workers were lost is dead. */
  readonly earlyMax: number;
}

const ending: Sharing = { faultsMax: 12, earlyMax: 2 };
const outlived: Sharing = { faultsMax: 16, earlyMax: 4 };

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
  if (!shared) return false;
  return shared.fault.since !== null || shared.fault.occurrence === 1 || !endsBot(shared.fault);
}

function dealt(cells: readonly PlannedCell[]): readonly (readonly PlannedCell[])[] {
  const inOrder = cells.toSorted((one, other) => positionOf(one) - positionOf(other));
  const { faultsMax, earlyMax } = inOrder.some(({ shared }) => shared && endsBot(shared.fault))
    ? ending
    : outlived;
  const early = inOrder.filter(({ shared }) => shared?.fault.since === null).length;
  const count = Math.max(Math.ceil(inOrder.length / faultsMax), Math.ceil(early / earlyMax));
  return Array.from({ length: count }, (_, nth) => inOrder.filter((_cell, index) => index % count === nth));
}

function positionOf({ shared }: PlannedCell): number {
  return shared?.position ?? 0;
}
