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

/** Cells of one scenario and kind that share a run, in the order in which the run comes to them. */
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

/** A fault that ends a bot hides places from the faults behind it; each of those costs a run of its own afterwards. */
function dealt(cells: readonly PlannedCell[]): readonly (readonly PlannedCell[])[] {
  const inOrder = cells.toSorted((one, other) => positionOf(one) - positionOf(other));
  if (!inOrder.some(({ shared }) => shared && endsBot(shared.fault))) return dealtInTurn(inOrder, outlived);
  const inTurn = dealtInTurn(inOrder, ending);
  const apart = dealtApart(inOrder);
  return inTurn.length + inTurn.map(countHidden).reduce((sum, count) => sum + count, 0) <= apart.length
    ? inTurn
    : apart;
}

function countHidden(group: readonly PlannedCell[]): number {
  return group.filter((cell, index) => index > 0 && !isBehind(group[index - 1], cell)).length;
}

/** What the cell is counted from comes after the one before it. */
function isBehind(before: PlannedCell | undefined, { shared }: PlannedCell): boolean {
  return !before || !shared || shared.from === -1 || shared.from > positionOf(before);
}

/**
 * Whoever goes on after a fault that ends a bot never comes to the entries of before: a cell fits behind another one
 * only where what it is counted from comes after that.
 */
function dealtApart(inOrder: readonly PlannedCell[]): readonly (readonly PlannedCell[])[] {
  const groups: PlannedCell[][] = [];
  for (const cell of inOrder) {
    const group = groups.find((one) => fits(one, cell));
    if (group) group.push(cell);
    else groups.push([cell]);
  }
  return groups;
}

function fits(group: readonly PlannedCell[], cell: PlannedCell): boolean {
  const { shared } = cell;
  const last = group.at(-1);
  if (!last || !shared || group.length >= ending.faultsMax) return false;
  if (shared.from === -1) return group.length < ending.earlyMax && shared.position > positionOf(last) + 1;
  return isBehind(last, cell);
}

/** Like cards, so that two neighbours of the matrix are in different runs. */
function dealtInTurn(
  inOrder: readonly PlannedCell[],
  { faultsMax, earlyMax }: Sharing,
): readonly (readonly PlannedCell[])[] {
  const early = inOrder.filter(({ shared }) => shared?.fault.since === null).length;
  const count = Math.max(Math.ceil(inOrder.length / faultsMax), Math.ceil(early / earlyMax));
  return Array.from({ length: count }, (_, nth) => inOrder.filter((_cell, index) => index % count === nth));
}

function positionOf({ shared }: PlannedCell): number {
  return shared?.position ?? 0;
}
