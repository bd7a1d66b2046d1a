import type { SeededRandom } from './seeded-random.ts';

/**
 * Everything that goes wrong in a simulation. `lost`: not applied and not answered; `unanswered`: applied, and whoever
 * asked never hears of it.
 */
export const faultKinds = [
  'process.crash',
  'process.pause',
  'clock.skew',
  'database.lost',
  'database.unanswered',
  'github.lost',
  'github.unanswered',
  'github.limited',
  'delivery.dropped',
  'delivery.duplicated',
  'delivery.delayed',
  'feed.unreadable',
  'model.overloaded',
  'model.cut-off',
  'model.limited',
  'model.nonsense',
  'sandbox.failed',
  'sandbox.timeout',
  'person.interferes',
] as const;

export type FaultKind = (typeof faultKinds)[number];
export type FaultCounts = Record<FaultKind, number>;

export function noFaults(): FaultCounts {
  return Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as FaultCounts;
}

/** Per opportunity; there are some thousand opportunities for a crash and some dozen for a model's failure. */
const odds: { readonly [Kind in FaultKind]: number } = {
  'process.crash': 0.0005,
  'process.pause': 0.0004,
  'clock.skew': 0.3,
  'database.lost': 0.003,
  'database.unanswered': 0.003,
  'github.lost': 0.04,
  'github.unanswered': 0.05,
  'github.limited': 0.012,
  'delivery.dropped': 0.15,
  'delivery.duplicated': 0.2,
  'delivery.delayed': 0.15,
  'feed.unreadable': 0.1,
  'model.overloaded': 0.06,
  'model.cut-off': 0.05,
  'model.limited': 0.03,
  'model.nonsense': 0.03,
  'sandbox.failed': 0.01,
  'sandbox.timeout': 0.01,
  'person.interferes': 0.35,
};

/** Which faults come, by seed. Each seed has a mood: some kinds are off, the others are more or less frequent. */
export interface FaultPlan {
  readonly counts: FaultCounts;
  /** Whether this opportunity is one; counts it. */
  fires(kind: FaultKind): boolean;
}

const mostPerSeed = 40;

export function planFaults(random: SeededRandom): FaultPlan {
  const counts = noFaults();
  const calm = random.chance(0.08);
  const mood = new Map(
    faultKinds.map((kind) => [kind, calm || random.chance(0.35) ? 0 : odds[kind] * random.between(1, 3)]),
  );
  let left = mostPerSeed;
  return {
    counts,
    fires(kind) {
      const likely = mood.get(kind) ?? 0;
      if (likely === 0 || left === 0 || !random.chance(likely)) return false;
      left -= 1;
      counts[kind] += 1;
      return true;
    },
  };
}
