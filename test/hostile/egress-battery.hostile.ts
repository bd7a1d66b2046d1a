import { afterAll, describe, expect, it } from 'vitest';
import { withContainerEngine } from '../support/with-container-engine.ts';
import {
  type BatteryEngine,
  type Outcomes,
  openWorld,
  probeNames,
  type World,
} from './run-egress-battery.ts';

/*
 * Case 138: every way out that is known, in a world in which each target exists and answers, tried without any sandbox
 * (all are reached) and inside of each engine's, as an ordinary user and as root inside, in both kinds of phase.
 */
const world = await openWorld();
afterAll(() => world.close());

const outside = await world.outside();

describe('case 138, the egress battery with every defence off', () => {
  it('has at least 24 probes', () => {
    expect(probeNames.length).toBeGreaterThanOrEqual(24);
    expect(Object.keys(outside)).toEqual(probeNames);
  });

  it.each(probeNames)('138.%s: reached', (name) => {
    expect(outside[name]).toBe('reached');
  });
});

await describeBattery(world, 'bubblewrap', { kind: 'bwrap' });

await withContainerEngine(
  'case 138, the egress battery in containers',
  async (engine) => {
    const bare = await world.inContainer(engine);
    describe('case 138, the egress battery in a container with its defences off', () => {
      it.each(probeNames)('138.%s: reached', (name) => {
        expect(bare[name]).toBe('reached');
      });
    });
    const { program, clientEnv, image } = engine;
    await describeBattery(world, 'container', { kind: 'container', program, clientEnv, image });
  },
  { networkOf: world.namespace },
);

async function describeBattery(from: World, engineName: string, engine: BatteryEngine): Promise<void> {
  for (const userInside of ['agent', 'root'] as const) {
    for (const network of ['none', 'registries'] as const) {
      const outcomes = await from.inside({ engine, userInside, network });
      const phase = network === 'none' ? 'without network' : 'in the set-up phase';
      describeBlocked(
        `case 138, the egress battery in ${engineName}, ${userInside} inside, ${phase}`,
        outcomes,
      );
    }
  }
}

function describeBlocked(title: string, outcomes: Outcomes): void {
  describe(`${title}:`, () => {
    it.each(probeNames)('138.%s: blocked', (name) => {
      expect(outcomes[name]).toMatch(/^blocked: /);
    });
  });
}
