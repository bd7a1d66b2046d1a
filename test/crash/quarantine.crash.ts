import { afterAll, expect, it } from 'vitest';
import type { Fault } from './bot-messages.ts';
import { endSpareBots } from './child-bot.ts';
import { runCell } from './run-cell.ts';
import type { Scenario } from './scenario.ts';
import { issueToPull } from './scenarios.ts';

afterAll(endSpareBots);

const lastWord = /The worker died 3 times while it worked on this run/;
const scenario: Scenario = {
  ...issueToPull,
  name: 'quarantine',
  isOver: (stage) => stage.botComments(1).some((body) => lastWord.test(body)),
};
const atTheModel: Fault = { kind: 'kill', point: 'model.call.before', occurrence: 1, since: null };

/** Everywhere else the suite allows more crashes, so that several kills can share a run. */
it('a run that takes three workers down is ended by the fourth, which says so on the issue', async () => {
  const { observation, fired } = await runCell({
    scenario,
    faults: [atTheModel, atTheModel, atTheModel],
    env: { RUN_CRASHES_MAX: '3' },
  });
  expect(fired).toHaveLength(3);
  expect(observation.runs).toEqual([{ state: 'failed', crashes: 3, chainBrokenAt: null }]);
  expect(observation.github).toMatch(lastWord);
  expect(observation.github).not.toMatch(/^pull /m);
  expect(observation.modelCalls).toBe(0);
  expect(observation.leftProcesses).toEqual([]);
}, 1_800_000);
