import { afterAll, expect, it } from 'vitest';
import { endSpareBots } from './child-bot.ts';
import { everyPoint } from './choose-faults.ts';
import { groupCells } from './group-cells.ts';
import { playUndisturbed, runMatrix } from './run-matrix.ts';
import { sideScenarios } from './scenarios.ts';

/** Around the post, the parking and the second question for the role; the rest is `npm run test:crash`. */
const points = [
  'message.post.before-commit',
  'message.post.after',
  'run.release.after',
  'approver.read.after',
];

afterAll(endSpareBots);

it('an approval is taken once, wherever the bot dies between the comment and the push', async () => {
  const approved = sideScenarios.find(({ name }) => name === 'waits for an approval');
  if (!approved) throw new Error('no such scenario');
  const baseline = await playUndisturbed(approved);
  const firsts = points.flatMap((point) => {
    const cell = everyPoint(baseline, 'kill').find(({ faults }) => faults[0]?.point === point);
    return cell ? [cell] : [];
  });
  expect(firsts).toHaveLength(points.length);
  const outcomes = await runMatrix([baseline], groupCells(firsts), { venues: [undefined, undefined] });
  expect(outcomes.filter(({ failure }) => failure !== null)).toEqual([]);
  expect(
    outcomes
      .flatMap(({ fired }) => fired)
      .map(({ point }) => point)
      .sort(),
  ).toEqual([...points].sort());
}, 1_800_000);
