import { afterAll, expect, it } from 'vitest';
import { endSpareBots } from './child-bot.ts';
import { everyPoint, everyWrite, sample } from './choose-faults.ts';
import { groupCells } from './group-cells.ts';
import { playUndisturbed, runMatrix } from './run-matrix.ts';
import { issueToPull } from './scenarios.ts';

const seed = 20_261_121;
const cells = 4;

afterAll(endSpareBots);

/** A seeded sample of what `npm run test:crash` does as a whole. */
it('a run that is killed anywhere ends as an undisturbed one, seen from GitHub, the journal and the bill', async () => {
  const baseline = await playUndisturbed(issueToPull);
  const all = [...everyPoint(baseline, 'kill'), ...everyWrite(baseline, 'kill')];
  const outcomes = await runMatrix([baseline], groupCells(sample(all, cells, seed)), {
    venues: [undefined, undefined],
  });
  expect(outcomes.filter(({ failure }) => failure !== null)).toEqual([]);
  expect(outcomes.flatMap(({ fired }) => fired).length).toBeGreaterThan(0);
}, 1_800_000);
