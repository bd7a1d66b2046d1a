import { type CrashPointName, crashPoints } from '../../src/domain/crash-points.ts';
import type { Fault, FaultKind, Pass } from './bot-messages.ts';
import type { Baseline } from './run-matrix.ts';
import type { Scenario } from './scenario.ts';

/** One cell of the matrix. */
export interface PlannedCell {
  /** The same in every process and after every restart of the suite. */
  readonly id: string;
  readonly scenario: Scenario;
  /** When it is played by itself: counted from the start of a bot. */
  readonly faults: readonly Fault[];
  /** When it shares a run with others; null: it cannot. */
  readonly shared: {
    readonly fault: Fault;
    readonly position: number;
    /** Where the entry stands that passes are counted from; -1: the start of a bot. */
    readonly from: number;
  } | null;
}

/** Seams whose every occurrence is a journal write, or the last thing before or the first after one. */
function isOfWrite(point: CrashPointName): boolean {
  return (
    point === 'journal.append.before' ||
    point === 'journal.append.after' ||
    point.endsWith('.after-send') ||
    point.endsWith('.after-result')
  );
}

/**
 * The first occurrence of each seam that the scenario passes, of the last one too where there are several. Beats come by
 * the clock: which one is the last is another in every run.
 */
export function everyPoint(baseline: Baseline, kind: FaultKind): readonly PlannedCell[] {
  return crashPoints
    .filter((point) => !point.startsWith('journal.append.'))
    .flatMap((point) => {
      const times = baseline.passes.get(point) ?? 0;
      const first = cell(baseline, { kind, point, occurrence: 1 }, 'first');
      const last = cell(baseline, { kind, point, occurrence: times }, 'last');
      if (times === 0) return [];
      return times === 1 || point.startsWith('lease.beat.') ? [first] : [first, last];
    });
}

/** Just before and just after every journal write; the results of effects are written between their last two seams. */
export function everyWrite(baseline: Baseline, kind: FaultKind): readonly PlannedCell[] {
  return crashPoints.filter(isOfWrite).flatMap((point) => {
    const times = baseline.passes.get(point) ?? 0;
    return Array.from({ length: times }, (_, index) => {
      const occurrence = index + 1;
      return cell(baseline, { kind, point, occurrence }, nameOf(point, occurrence, times));
    });
  });
}

/** The cells of `everyPoint` are among them, under the same names. */
function nameOf(point: CrashPointName, occurrence: number, times: number): string {
  if (point.startsWith('journal.append.')) return String(occurrence);
  if (occurrence === 1) return 'first';
  return occurrence === times ? 'last' : String(occurrence);
}

/**
 * Where a detour leaves the ways of the others: the seams that none of them passes, both sides of each write of an
 * entry or an effect that none of them has (the first and the last of its kind), and the first pass of every seam inside
 * a step that none of them takes. Everything else is the same code on the same way, hurt there already.
 */
export function everyLeaving(
  baseline: Baseline,
  ways: readonly Baseline[],
  kind: FaultKind,
): readonly PlannedCell[] {
  const known = new Set(ways.flatMap(({ trail }) => trail.flatMap(writeOf)));
  const seams = everyPoint(baseline, kind).filter(({ faults: [fault] }) =>
    ways.every(({ passes }) => fault && !passes.has(fault.point)),
  );
  const places = [...newWrites(baseline.trail, known), ...insideNewSteps(baseline.trail, known)];
  const cells = [...seams, ...places.map((position) => cellAt(baseline, kind, position))];
  return [...new Map(cells.map((planned) => [planned.id, planned])).values()];
}

function newWrites(trail: readonly Pass[], known: ReadonlySet<string>): readonly number[] {
  const writes = [...trail.entries()].flatMap(([position, pass]) =>
    writeOf(pass).map((write) => ({ position, write })),
  );
  return [...Map.groupBy(writes, ({ write }) => write)]
    .filter(([write]) => !known.has(write))
    .flatMap(([, list]) => [list[0], list.at(-1)])
    .flatMap((place) => place?.position ?? []);
}

function insideNewSteps(trail: readonly Pass[], known: ReadonlySet<string>): readonly number[] {
  const inside = new Map<CrashPointName, number>();
  let isInside = false;
  for (const [position, pass] of trail.entries()) {
    const [write] = writeOf(pass);
    if (write?.includes(' step.')) isInside = !known.has(write) && write.includes(' step.started:');
    else if (isInside && write === undefined && !isClocked(pass.name) && !inside.has(pass.name))
      inside.set(pass.name, position);
  }
  return [...inside.values()];
}

/** Beats come by the clock, and so do deliveries of what happens on GitHub. */
function isClocked(point: CrashPointName): boolean {
  return point.startsWith('lease.beat.') || point.startsWith('delivery.');
}

/** What is written at a seam of a write, without what numbers it: the third turn is no other write than the second. */
function writeOf({ name, key }: Pass): readonly string[] {
  if (key === null || !isOfWrite(name)) return [];
  return [`${name} ${key.replaceAll(otherInEveryRun, '#').replaceAll(/\d+/g, '#')}`];
}

function cellAt(baseline: Baseline, kind: FaultKind, position: number): PlannedCell {
  const point = baseline.trail[position]?.name as CrashPointName;
  const occurrence = baseline.trail.slice(0, position + 1).filter(({ name }) => name === point).length;
  const times = baseline.passes.get(point) ?? 0;
  return cell(baseline, { kind, point, occurrence }, nameOf(point, occurrence, times));
}

/** Each seam once, in the first of the scenarios that reaches it, with each kind of fault. */
export function everyPointOnce(
  baselines: readonly Baseline[],
  kinds: readonly FaultKind[],
): readonly PlannedCell[] {
  return crashPoints.flatMap((point) => {
    const reaching = baselines.find(({ passes }) => passes.has(point));
    if (!reaching) return [];
    return kinds.map((kind) => cell(reaching, { kind, point, occurrence: 1 }, 'first'));
  });
}

/** The worker that takes over is hurt at the seams that only it passes: the first one dies while it holds a run. */
export function everyPointOfTheSecond({ scenario }: Baseline, kind: FaultKind): readonly PlannedCell[] {
  const before: Fault = { kind: 'kill', point: 'run.claim.after', occurrence: 1, since: null };
  return (['run.reap.before-commit', 'run.reap.after'] as const).map((point) => ({
    id: `${scenario.name} | ${kind} | ${point} | of the second`,
    scenario,
    faults: [before, { kind, point, occurrence: 1, since: null }],
    shared: null,
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

function cell(
  { scenario, trail }: Baseline,
  { kind, point, occurrence }: Omit<Fault, 'since'>,
  which: string,
): PlannedCell {
  return {
    id: `${scenario.name} | ${kind} | ${point} | ${which}`,
    scenario,
    faults: [{ kind, point, occurrence, since: null }],
    shared: placed(trail, { kind, point, occurrence }),
  };
}

/** Ids of objects (a commit's time is when it was made), of deliveries and of runs. */
const otherInEveryRun =
  /\b(?:[0-9a-f]{40}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-7][0-9a-hjkmnp-tv-z]{25})\b/g;

function isFindable(key: string | null): key is string {
  return key !== null && key.search(otherInEveryRun) === -1;
}

/** The same pass, counted from the last journal entry before it. */
function placed(
  trail: readonly Pass[],
  { kind, point, occurrence }: Omit<Fault, 'since'>,
): PlannedCell['shared'] {
  let [passed, sinceEntry] = [0, 0];
  let [since, from]: [string | null, number] = [null, -1];
  for (const [position, { name, key }] of trail.entries()) {
    if (name === point) {
      passed += 1;
      sinceEntry += 1;
      if (passed === occurrence)
        return { fault: { kind, point, occurrence: sinceEntry, since }, position, from };
    }
    if (name === 'journal.append.after' && isFindable(key)) [since, from, sinceEntry] = [key, position, 0];
  }
  return null;
}
