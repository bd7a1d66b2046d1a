import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endSpareBots } from './child-bot.ts';
import { type Cell, runCell } from './run-cell.ts';
import { type Baseline, playUndisturbed } from './run-matrix.ts';
import { fixPull } from './scenarios.ts';
import { violations } from './violations.ts';

const cellMs = 1_800_000;

/** Each promise is broken on purpose, once: a suite that stayed green would prove nothing. */
describe('the suite goes red', () => {
  let baseline: Baseline;
  beforeAll(async () => {
    baseline = await playUndisturbed(fixPull);
  }, cellMs);
  afterAll(endSpareBots);

  async function play(cell: Omit<Cell, 'scenario'>): Promise<readonly string[]> {
    const { observation, fired } = await runCell({ scenario: fixPull, ...cell });
    expect(fired).toHaveLength(cell.faults.length);
    return violations(baseline.observation, observation, 1);
  }

  it(
    'when nothing is read back after a crash',
    async () => {
      const fault = { kind: 'kill', point: 'comment.create.after-send', occurrence: 1, since: null } as const;
      expect(await play({ faults: [fault] })).toEqual([]);
      const broken = await play({ faults: [fault], weakness: 'never-adopts' });
      expect(broken.join('\n')).toContain('GitHub differs');
    },
    cellMs,
  );

  it(
    'when a worker that was stopped may go on after another took over',
    async () => {
      const fault = {
        kind: 'stop',
        point: 'comment.create.before-intent',
        occurrence: 1,
        since: null,
      } as const;
      expect(await play({ faults: [fault] })).toEqual([]);
      const broken = await play({ faults: [fault], weakness: 'unfenced' });
      expect(broken.join('\n')).toContain('GitHub differs');
    },
    cellMs,
  );

  it(
    'when a trigger may start two runs',
    async () => {
      const fault = { kind: 'kill', point: 'run.create.after', occurrence: 1, since: null } as const;
      expect(await play({ faults: [fault] })).toEqual([]);
      const sabotage =
        'alter table pullwright.run drop constraint run_trigger_key_key; drop index pullwright.run_active';
      const broken = await play({ faults: [fault], sabotage });
      expect(broken).toContain('2 runs');
    },
    cellMs,
  );
});
