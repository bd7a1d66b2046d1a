import { beforeAll, describe, expect, it } from 'vitest';
import { runSeed, type SeedResult } from './run-seed.ts';
import type { Weakness } from './simulation.ts';

/** Long enough to meet every state of a run, short enough for every change. */
const sample = 40;

describe('a simulated world', () => {
  let results: readonly SeedResult[];
  beforeAll(async () => {
    const list: SeedResult[] = [];
    for (let seed = 1; seed <= sample; seed += 1) list.push(await runSeed(seed));
    results = list;
  }, 600_000);

  it('keeps every promise, whatever goes wrong: a failing seed is replayed by `npm run simulate -- --seed S`', () => {
    const failed = results.filter(({ violations }) => violations.length > 0);
    expect(failed.map(({ seed, violations }) => ({ seed, violations }))).toEqual([]);
  });

  it('is not a quiet one: faults fire, and runs end in every way', () => {
    const fired = new Set(
      results.flatMap(({ faults }) => Object.entries(faults).filter(([, count]) => count > 0)),
    );
    expect(new Set([...fired].map(([kind]) => kind)).size).toBeGreaterThanOrEqual(17);
    const ends = new Set(results.flatMap((result) => result.ends.map(({ state }) => state)));
    expect([...ends].sort()).toEqual(['cancelled', 'failed', 'published', 'refused']);
  });

  it('is the same again for the same seed, step by step', async () => {
    for (const { seed, hash, steps } of results.slice(0, 5)) {
      expect(await runSeed(seed)).toMatchObject({ hash, steps });
    }
  });
});

/** How many seeds it may take until somebody notices. */
const boundSeeds = 60;

describe('a world without one of the guards is noticed', () => {
  const controls: readonly (readonly [Weakness, RegExp])[] = [
    ['unfenced', /I[5-9]|I15/],
    ['never-adopts', /I[59]/],
    ['no-unique-keys', /I[345]/],
  ];
  it.each(controls)(
    '%s',
    async (weakness, expected) => {
      let found: readonly string[] = [];
      for (let seed = 1; seed <= boundSeeds && found.length === 0; seed += 1) {
        found = (await runSeed(seed, { weakness })).violations;
      }
      expect(found.join('\n')).toMatch(expected);
    },
    600_000,
  );
});
