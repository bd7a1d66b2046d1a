import { type CrashPointName, crashPoints } from '../../src/domain/crash-points.ts';
import type { Fault, FaultKind } from './bot-messages.ts';
import type { Baseline } from './run-matrix.ts';
import type { Scenario } from './scenarios.ts';

/** One cell of the matrix. */
export interface PlannedCell {
  /** The same in every process and after every restart of the suite. */
  readonly id: string;
  readonly scenario: Scenario;
  readonly faults: readonly Fault[];
}

/** Seams whose every occurrence is a journal write. */
const journalSeams: readonly CrashPointName[] = ['journal.append.before', 'journal.append.after'];

/** The first occurrence of each seam that the scenario passes, of the last one too where there are several. */
export function everyPoint({ scenario, passes }: Baseline, kind: FaultKind): readonly PlannedCell[] {
  return crashPoints
    .filter((point) => !journalSeams.includes(point))
    .flatMap((point) => {
      const times = passes.get(point) ?? 0;
      const first = cell(scenario, { kind, point, occurrence: 1 }, 'first');
      const last = cell(scenario, { kind, point, occurrence: times }, 'last');
      return times === 0 ? [] : times === 1 ? [first] : [first, last];
    });
}

/** Just before and just after every journal write. */
export function everyWrite({ scenario, passes }: Baseline, kind: FaultKind): readonly PlannedCell[] {
  return journalSeams.flatMap((point) =>
    Array.from({ length: passes.get(point) ?? 0 }, (_, index) =>
      cell(scenario, { kind, point, occurrence: index + 1 }, String(index + 1)),
    ),
  );
}

/** Each seam once, in the first of the scenarios that reaches it, with each kind of fault. */
export function everyPointOnce(
  baselines: readonly Baseline[],
  kinds: readonly FaultKind[],
): readonly PlannedCell[] {
  return crashPoints.flatMap((point) => {
    const reaching = baselines.find(({ passes }) => passes.has(point));
    if (!reaching) return [];
    return kinds.map((kind) => cell(reaching.scenario, { kind, point, occurrence: 1 }, 'first'));
  });
}

/** The worker that takes over is hurt at the seams that only it passes: the first one dies while it holds a run. */
export function everyPointOfTheSecond({ scenario }: Baseline, kind: FaultKind): readonly PlannedCell[] {
  const before: Fault = { kind: 'kill', point: 'run.claim.after', occurrence: 1 };
  return (['run.reap.before-commit', 'run.reap.after'] as const).map((point) => ({
    id: `${scenario.name} | ${kind} | ${point} | of the second`,
    scenario,
    faults: [before, { kind, point, occurrence: 1 }],
  }));
}

/** `count` of them, the same ones for the same seed. */
export function sample(cells: readonly PlannedCell[], count: number, seed: number): readonly PlannedCell[] {
  const rest = [...cells];
  const chosen: PlannedCell[] = [];
  let state = seed >>> 0;
  while (rest.length > 0 && chosen.length < count) {
    // Numerical Recipes' linear congruential generator: enough to choose, and the same everywhere.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    chosen.push(...rest.splice(Math.floor((state / 2 ** 32) * rest.length), 1));
  }
  return chosen;
}

function cell(scenario: Scenario, fault: Fault, which: string): PlannedCell {
  return { id: `${scenario.name} | ${fault.kind} | ${fault.point} | ${which}`, scenario, faults: [fault] };
}
