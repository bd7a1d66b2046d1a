import { describe, expect, it } from 'vitest';
import { openWorld, probeNames } from '../hostile/run-egress-battery.ts';

const isRoot = process.getuid?.() === 0;

/** A sample of `npm run test:hostile`, which tries all engines, users and phases: this one needs seconds. */
describe('case 138, a sample of the egress battery', () => {
  it.runIf(isRoot)('is blocked in bubblewrap, probe by probe, and reaches everything outside', async () => {
    const world = await openWorld();
    try {
      const outside = await world.outside();
      const inside = await world.inside({ engine: { kind: 'bwrap' }, userInside: 'agent', network: 'none' });
      expect(probeNames.filter((name) => outside[name] !== 'reached')).toEqual([]);
      expect(probeNames.filter((name) => inside[name]?.startsWith('blocked: ') !== true)).toEqual([]);
      expect(probeNames.length).toBeGreaterThanOrEqual(24);
    } finally {
      await world.close();
    }
  });
});
