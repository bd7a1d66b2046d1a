import { afterEach, describe, expect, it } from 'vitest';
import type { CheckRun } from '../../src/hub/state/model.ts';
import type { BotWorld } from '../support/bot-world.ts';
import type { ScriptedAnswer } from '../support/scripted-model.ts';
import {
  closed,
  finish,
  openSteeringWorld,
  planned,
  type SteeringWorld,
  write,
} from '../support/steering-world.ts';

const runMs = 240_000;
const at = { owner: 'mira', repo: 'thing' };

/** The check run of that name on the pull request's head, as GitHub keeps it. */
async function checkOn(world: BotWorld, name: string): Promise<CheckRun> {
  const [pull] = (await world.as('mira').rest.pulls.list({ ...at, state: 'open' })).data;
  const found = world.hub.admin
    .repository('mira/thing')
    .suites.flatMap(({ runs }) => runs)
    .find((run) => run.name === name && run.headSha === pull?.head.sha);
  if (!found) throw new Error(`no check ${name}`);
  return found;
}

const buttonsOf = ({ actions }: CheckRun): readonly string[] => actions.map(({ identifier }) => identifier);

describe('the buttons of check runs', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  it(
    'retry and stop act once for each press, for whoever may, and are answered where the run reports',
    async () => {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      let round = 0;
      opened = await openSteeringWorld('buttons', async ({ turn }): Promise<ScriptedAnswer> => {
        if (turn < planned.length) return planned[turn] ?? finish;
        if (turn > planned.length) return finish;
        round += 1;
        if (round > 1) {
          reached.resolve();
          await released.promise;
        }
        return { toolCalls: [write(`src/round-${round}.js`, `export const round = ${round};\n`)] };
      });
      const { world, issue } = opened;
      const { admin } = world.hub;
      const press = (check: CheckRun, identifier: string, login: string): void =>
        admin.requestAction('mira/thing', check.id, { identifier, login });
      // Whatever GitHub sends of these, it sends twice.
      admin.webhookFaults.plant({ kind: 'duplicate', event: 'check_run.requested_action' });
      expect(await world.ended()).toMatchObject({ state: 'published' });
      await closed(world, 1);
      const verdict = await checkOn(world, 'agent / tests');
      expect(buttonsOf(verdict)).toEqual(['retry']);

      press(verdict, 'retry', 'rea');
      await world.waitForComment(issue, /needs the role `write`/);
      press(verdict, 'retry', 'otto');
      admin.rerequestCheck('mira/thing', verdict.id, 'wim');
      await world.waitForComment(issue, /I judge each commit once/);
      await world.settled();
      const { runs } = world.bot.composition.store;
      expect(await runs.list({ limit: 9 })).toHaveLength(1);

      press(verdict, 'retry', 'wim');
      await world.waitForComment(issue, /I start again with the text that was frozen/);
      await reached.promise;
      const going = await checkOn(world, 'agent / run');
      expect([going.status, buttonsOf(going)]).toEqual(['in_progress', ['stop']]);
      press(going, 'stop', 'rea');
      press(going, 'stop', 'tri');
      await world.waitForComment(issue, /^Stopping run/);
      released.resolve();
      expect(await world.ended(2)).toMatchObject({ state: 'cancelled' });
      await closed(world, 2);
      const over = await checkOn(world, 'agent / run');
      expect([over.id, over.status, over.conclusion, buttonsOf(over)]).toEqual([
        going.id,
        'completed',
        'cancelled',
        ['retry'],
      ]);
      await world.settled();
      expect(await runs.list({ limit: 9 })).toHaveLength(2);
      const answers = world.botComments(issue).filter((body) => /^(I start again|Stopping run)/.test(body));
      expect(answers).toHaveLength(2);
      const page = await fetch(`${world.hub.url}/mira/thing/runs/${over.id}`);
      expect(await page.text()).toContain('Does the newest run here once more');
    },
    runMs,
  );
});
