import type { CrashPointName } from '../../src/domain/crash-points.ts';
import type { Fault, FaultKind, Pass } from './bot-messages.ts';
import type { PlannedCell } from './choose-faults.ts';
import type { Observation } from './observation.ts';
import { runCell, type Venue } from './run-cell.ts';
import type { Scenario } from './scenario.ts';
import { violations } from './violations.ts';

/** A scenario played undisturbed: what must come out, and which seams it passes in which order, and how often. */
export interface Baseline {
  readonly scenario: Scenario;
  readonly observation: Observation;
  readonly trail: readonly Pass[];
  readonly passes: ReadonlyMap<CrashPointName, number>;
}

/** What became of a cell. */
export interface CellOutcome {
  readonly id: string;
  /** The faults that happened. */
  readonly fired: readonly { readonly kind: FaultKind; readonly point: CrashPointName }[];
  /** Null: every promise was kept. */
  readonly failure: string | null;
  /** Of its share of the run. */
  readonly seconds: number;
  /** How many faults happened in the same run. */
  readonly together: number;
}

export async function playUndisturbed(scenario: Scenario, venue?: Venue): Promise<Baseline> {
  const { observation, passed } = await runCell({ scenario, faults: [], ...(venue ? { venue } : {}) });
  const counts = [...Map.groupBy(passed, ({ name }) => name)].map(
    ([name, list]) => [name, list.length] as const,
  );
  return { scenario, observation, trail: passed, passes: new Map(counts) };
}

/** Each of them, one after the other on each of the venues: many bots at once would lose their leases to each other. */
export async function playAllUndisturbed(
  scenarios: readonly Scenario[],
  venues: readonly Venue[],
): Promise<readonly Baseline[]> {
  const waiting = [...scenarios.entries()];
  const baselines: Baseline[] = [];
  const lane = async (venue: Venue): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [nth, scenario] = next;
      baselines[nth] = await playUndisturbed(scenario, venue);
    }
  };
  await Promise.all(venues.map(lane));
  return baselines;
}

/** Cells that share a run, or one by itself. */
type Group = readonly PlannedCell[];

export interface MatrixOptions {
  readonly venues: readonly (Venue | undefined)[];
  onOutcome?(outcome: CellOutcome): void;
  /** A shared run broke a promise; what its cells do alone takes a while. */
  onBroken?(cells: readonly string[], failure: string): void;
}

/** Plays the groups, one after the other on each of the venues; undefined is the server that test files share. */
export async function runMatrix(
  baselines: readonly Baseline[],
  groups: readonly Group[],
  options: MatrixOptions,
): Promise<readonly CellOutcome[]> {
  const waiting = [...groups];
  const outcomes: CellOutcome[] = [];
  const lane = async (venue: Venue | undefined): Promise<void> => {
    // What was broken off says nothing about its cells.
    const counts = (): boolean => venue?.brokenOff?.aborted !== true;
    const take: Lane['take'] = (outcome) => {
      if (!counts()) return;
      outcomes.push(outcome);
      options.onOutcome?.(outcome);
    };
    const tell: Lane['tell'] = (group, failure) => {
      const ids = group.map(({ id }) => id);
      if (counts()) options.onBroken?.(ids, failure);
    };
    for (let group = waiting.shift(); group && counts(); group = waiting.shift()) {
      await playGroup(baselineOf(baselines, group), group, { venue, take, tell });
    }
  };
  await Promise.all(options.venues.map(lane));
  return outcomes;
}

interface Lane {
  readonly venue: Venue | undefined;
  readonly take: (outcome: CellOutcome) => void;
  readonly tell: (group: Group, failure: string) => void;
}

function baselineOf(baselines: readonly Baseline[], group: Group): Baseline {
  const known = baselines.find(({ scenario }) => scenario === group[0]?.scenario);
  if (!known) throw new Error(`${group[0]?.id} has nothing to be compared with`);
  return known;
}

/**
 * A cell whose fault did not happen in the shared run is played by itself. So is every cell of a run that broke a
 * promise: where none of them breaks it alone, all are to blame.
 */
async function playGroup(baseline: Baseline, group: Group, { venue, take, tell }: Lane): Promise<void> {
  const [first] = group;
  if (group.length === 1 && first) {
    take(await playAlone(baseline, first, venue));
    return;
  }
  const faults = group.flatMap(({ shared }) => shared?.fault ?? []);
  const played = await attempt(baseline, { faults, venue });
  const hit = group.filter((_, index) => played.fired.includes(faults[index] as Fault));
  const seconds = rounded(played.seconds / Math.max(1, hit.length));
  const shared = (cell: PlannedCell, failure: string | null): CellOutcome => ({
    id: cell.id,
    fired: fieldsOf(cell.shared ? [cell.shared.fault] : []),
    failure,
    seconds,
    together: hit.length,
  });
  if (played.failure === null) for (const cell of hit) take(shared(cell, null));
  else tell(group, played.failure);
  const rest = played.failure === null ? group.filter((cell) => !hit.includes(cell)) : group;
  const alone: CellOutcome[] = [];
  for (const cell of rest) alone.push(await playAlone(baseline, cell, venue));
  const isExplained = played.failure === null || alone.some(({ failure }) => failure !== null);
  if (isExplained) for (const outcome of alone) take(outcome);
  else for (const cell of group) take(shared(cell, `only together: ${played.failure}`));
}

async function playAlone(
  baseline: Baseline,
  { id, faults }: PlannedCell,
  venue: Venue | undefined,
): Promise<CellOutcome> {
  const { fired, failure, seconds } = await attempt(baseline, { faults, venue });
  return { id, fired: fieldsOf(fired), failure, seconds: rounded(seconds), together: fired.length };
}

/** Plays one run with these faults. */
async function attempt(
  { observation, scenario }: Baseline,
  { faults, venue }: { readonly faults: readonly Fault[]; readonly venue: Venue | undefined },
): Promise<{ readonly fired: readonly Fault[]; readonly failure: string | null; readonly seconds: number }> {
  const startedMs = performance.now();
  const seconds = (): number => (performance.now() - startedMs) / 1_000;
  try {
    const result = await runCell({ scenario, faults, ...(venue ? { venue } : {}) });
    const broken = violations(observation, result.observation, result.fired.length);
    const failure = broken.length === 0 ? null : `${broken.join('\n')}\n${result.log.slice(-4_000)}`;
    return { fired: result.fired, failure, seconds: seconds() };
  } catch (error) {
    return { fired: [], failure: String(error), seconds: seconds() };
  }
}

function fieldsOf(faults: readonly Fault[]): CellOutcome['fired'] {
  return faults.map(({ kind, point }) => ({ kind, point }));
}

function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
