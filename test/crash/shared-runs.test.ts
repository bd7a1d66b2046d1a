import { describe, expect, it } from 'vitest';
import type { CrashPointName } from '../../src/domain/crash-points.ts';
import { aimAt } from './aim.ts';
import type { Fault, FaultKind, Pass } from './bot-messages.ts';
import { everyLeaving, everyPoint, everyWrite, type PlannedCell } from './choose-faults.ts';
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
const baseline = trailOf(...trail);

function trailOf(...passed: readonly Pass[]): Baseline {
  const passes = new Map(
    [...Map.groupBy(passed, ({ name }) => name)].map(([name, list]) => [name, list.length]),
  );
  return { scenario: issueToPull, trail: passed, passes } as unknown as Baseline;
}

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

  it('are dealt so that few of them lose the entry that they are counted from to the kill before', () => {
    const close = trailOf(
      ...written('turn:1'),
      ...Array.from({ length: 6 }, () => pass('model.call.before')),
      ...written('turn:2'),
      ...Array.from({ length: 6 }, () => pass('model.call.after')),
    );
    const groups = groupCells(everyPoint(close, 'kill'));
    expect(groups.map((group) => group.map(({ id }) => id.split(' | ').slice(2).join(' ')))).toEqual([
      ['model.call.before first', 'model.call.after first'],
      ['model.call.before last', 'model.call.after last'],
    ]);
  });

  it('stand in the order of the run, never two at neighbouring seams', () => {
    for (const group of grouped('kill')) {
      const positions = group.map(({ shared }) => shared?.position ?? -1);
      expect(positions).toEqual(positions.toSorted((one, other) => one - other));
      expect(positions.every((at, index) => index === 0 || at > (positions[index - 1] ?? 0) + 1)).toBe(true);
    }
  });
});

describe('the cells of a detour', () => {
  const way = trailOf(...written('step.started:recon:1'), pass('model.call.before'), ...written('turn:1'));
  const ids = (...detour: readonly Pass[]): readonly string[] =>
    everyLeaving(trailOf(...detour), [way], 'kill').map(({ id }) => id.split(' | ').slice(2).join(' | '));

  it('are none where it does what the others do, however often', () => {
    expect(ids(pass('model.call.before'), ...written('turn:1'), ...written('turn:2'))).toEqual([]);
  });

  it('are the seams that none of the others passes', () => {
    expect(ids(pass('claims.ask.before'), ...written('turn:1'))).toEqual(['claims.ask.before | first']);
  });

  it('are the first and the last of a write that none of the others has, whatever numbers it', () => {
    const uuid = '50757c68-7125-4f6a-9467-4a827e980eee';
    expect(
      ids(
        ...written('turn:1'),
        ...written(`message:event:${uuid}`),
        ...written(`message:event:${uuid.replaceAll('5', '6')}`),
        ...written(`message:event:${uuid.replaceAll('5', '7')}`),
      ).toSorted(),
    ).toEqual([
      'journal.append.after | 2',
      'journal.append.after | 4',
      'journal.append.before | 2',
      'journal.append.before | 4',
    ]);
  });

  it('are the effects that none of the others sends, also where their seams are known', () => {
    const withComment = trailOf(pass('comment.create.after-send', 'report'));
    const detour = trailOf(
      pass('comment.create.after-send', 'report'),
      pass('comment.create.after-send', 'undo-report'),
    );
    const cells = everyLeaving(detour, [withComment], 'kill');
    expect(cells.map(({ faults }) => faults)).toMatchObject([
      [{ point: 'comment.create.after-send', occurrence: 2 }],
    ]);
  });

  it('are the seams inside a step that none of the others takes, and of no other step', () => {
    const inside = [pass('model.call.before'), pass('lease.beat.after')];
    const known = [...written('step.started:recon:2'), ...inside, ...written('step.finished:recon:2')];
    const fresh = [...written('step.started:undo:1'), ...inside, ...written('step.finished:undo:1')];
    const found = ids(...known, ...fresh);
    expect(found).toContain('model.call.before | last');
    expect(found.filter((id) => !id.startsWith('journal.append.'))).toEqual([
      'lease.beat.after | first',
      'model.call.before | last',
    ]);
  });

  it('count from an entry whose key is the same in every run', () => {
    const wait = `wait:checks:${'a1'.repeat(20)}:1`;
    const [found] = everyLeaving(
      trailOf(...written('turn:1'), ...written(wait), pass('claims.ask.before')),
      [way],
      'kill',
    );
    expect(found?.shared?.fault).toMatchObject({ point: 'claims.ask.before', since: 'turn:1' });
  });
});
