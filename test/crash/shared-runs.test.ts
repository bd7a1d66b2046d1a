import { describe, expect, it } from 'vitest';
import type { CrashPointName } from '../../src/domain/crash-points.ts';
import { aimAt } from './aim.ts';
import type { Fault, FaultKind, Pass } from './bot-messages.ts';
import { everyPoint, everyWrite, type PlannedCell } from './choose-faults.ts';
import { groupCells } from './group-cells.ts';
import type { Baseline } from './run-matrix.ts';
import { issueToPull } from './scenarios.ts';

const pass = (name: CrashPointName, key: string | null = null): Pass => ({ name, key });
const written = (key: string): readonly Pass[] => [
  pass('journal.append.before', key),
  pass('journal.append.after', key),
];

/** A run of twelve turns: a model call before each, with a delivery before all of them. */
const trail: readonly Pass[] = [
  pass('delivery.insert.before'),
  pass('delivery.insert.after'),
  ...Array.from({ length: 12 }, (_, turn) => [
    pass('model.call.before'),
    pass('model.call.after'),
    ...written(`turn:${turn}`),
  ]).flat(),
];
const passes = new Map(
  [...Map.groupBy(trail, ({ name }) => name)].map(([name, list]) => [name, list.length]),
);
const baseline = { scenario: issueToPull, trail, passes } as unknown as Baseline;

function cellOf(cells: readonly PlannedCell[], ending: string): PlannedCell {
  const found = cells.find(({ id }) => id.endsWith(ending));
  if (!found) throw new Error(`no cell ${ending}`);
  return found;
}

describe('the place of a fault', () => {
  const cells = [...everyPoint(baseline, 'kill'), ...everyWrite(baseline, 'kill')];

  it('is counted from the journal entry before it, so that a bot that goes on finds it', () => {
    expect(cellOf(cells, 'model.call.before | last').shared?.fault).toMatchObject({
      occurrence: 1,
      since: 'turn:10',
    });
    expect(cellOf(cells, 'journal.append.before | 3').shared?.fault).toMatchObject({
      occurrence: 1,
      since: 'turn:1',
    });
  });

  it('is counted from the start of a bot where no entry is before it', () => {
    expect(cellOf(cells, 'delivery.insert.after | first').shared?.fault).toMatchObject({ since: null });
  });

  it('is hit once, in whatever bot comes to it', () => {
    const fault: Fault = { kind: 'kill', point: 'model.call.before', occurrence: 1, since: 'turn:4' };
    const aim = aimAt([{ nth: 7, fault }]);
    const fromTurn4 = trail.slice(trail.findIndex(({ key }) => key === 'turn:4'));
    const hits = fromTurn4.map(({ name, key }) => aim(name, key ?? undefined)?.nth);
    expect(hits.filter((nth) => nth !== undefined)).toEqual([7]);
    // Two passes of the entry itself, then the one wanted.
    expect(hits.indexOf(7)).toBe(2);
  });
});

describe('faults that share a run', () => {
  const grouped = (kind: FaultKind) =>
    groupCells([...everyPoint(baseline, kind), ...everyWrite(baseline, kind)]);

  it('are all of them, each in one run', () => {
    const ids = grouped('kill')
      .flat()
      .map(({ id }) => id);
    const all = [...everyPoint(baseline, 'kill'), ...everyWrite(baseline, 'kill')].map(({ id }) => id);
    expect(ids.toSorted()).toEqual(all.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('stand in the order of the run, never two at neighbouring seams', () => {
    for (const group of grouped('kill')) {
      const positions = group.map(({ shared }) => shared?.position ?? -1);
      expect(positions).toEqual(positions.toSorted((one, other) => one - other));
      expect(positions.every((at, index) => index === 0 || at > (positions[index - 1] ?? 0) + 1)).toBe(true);
    }
  });
});
