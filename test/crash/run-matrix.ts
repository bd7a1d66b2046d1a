import type { CrashPointName } from '../../src/domain/crash-points.ts';
import type { FaultKind } from './bot-messages.ts';
import type { PlannedCell } from './choose-faults.ts';
import type { Observation } from './observation.ts';
import { runCell, type Venue } from './run-cell.ts';
import type { Scenario } from './scenarios.ts';
import { violations } from './violations.ts';

/** A scenario played undisturbed: what must come out, and which seams it passes how often. */
export interface Baseline {
  readonly scenario: Scenario;
  readonly observation: Observation;
  readonly passes: ReadonlyMap<CrashPointName, number>;
}

/** What became of a cell. */
export interface CellOutcome {
  readonly id: string;
  /** The faults that happened. */
  readonly fired: readonly { readonly kind: FaultKind; readonly point: CrashPointName }[];
  /** Null: every promise was kept. */
  readonly failure: string | null;
  readonly seconds: number;
}

export async function playUndisturbed(scenario: Scenario, venue?: Venue): Promise<Baseline> {
  const { observation, passed } = await runCell({ scenario, faults: [], ...(venue ? { venue } : {}) });
  const passes = new Map([...Map.groupBy(passed, (name) => name)].map(([name, list]) => [name, list.length]));
  return { scenario, observation, passes };
}

/** Plays the cells, one after the other on each of the venues; undefined is the server that test files share. */
export async function runMatrix(
  baselines: readonly Baseline[],
  cells: readonly PlannedCell[],
  options: { readonly venues: readonly (Venue | undefined)[]; onOutcome?(outcome: CellOutcome): void },
): Promise<readonly CellOutcome[]> {
  const waiting = [...cells];
  const outcomes: CellOutcome[] = [];
  const lane = async (venue: Venue | undefined): Promise<void> => {
    for (let cell = waiting.shift(); cell; cell = waiting.shift()) {
      const outcome = await playCell(baselineOf(baselines, cell), cell, venue);
      outcomes.push(outcome);
      options.onOutcome?.(outcome);
    }
  };
  await Promise.all(options.venues.map(lane));
  return outcomes;
}

function baselineOf(baselines: readonly Baseline[], { scenario, id }: PlannedCell): Baseline {
  const known = baselines.find((baseline) => baseline.scenario === scenario);
  if (!known) throw new Error(`${id} has nothing to be compared with`);
  return known;
}

async function playCell(
  { observation }: Baseline,
  { id, scenario, faults }: PlannedCell,
  venue: Venue | undefined,
): Promise<CellOutcome> {
  const startedMs = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedMs) / 100) / 10;
  try {
    const result = await runCell({ scenario, faults, ...(venue ? { venue } : {}) });
    const broken = violations(observation, result.observation, result.fired);
    const failure = broken.length === 0 ? null : `${broken.join('\n')}\n${result.log.slice(-4_000)}`;
    const fired = faults.slice(0, result.fired).map(({ kind, point }) => ({ kind, point }));
    return { id, fired, failure, seconds: seconds() };
  } catch (error) {
    return { id, fired: [], failure: String(error), seconds: seconds() };
  }
}
