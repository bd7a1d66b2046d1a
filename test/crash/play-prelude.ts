import type { HubStage } from '../support/hub-stage.ts';
import { giveBackBot, takeUsedBot } from './child-bot.ts';
import type { Scenario } from './scenario.ts';
import type { Watch } from './watch-database.ts';

/** What a prelude needs of where a cell is played. */
interface Stage {
  readonly stage: HubStage;
  readonly watch: Watch;
  readonly deadline: AbortSignal;
  readonly strikes: string;
}

/** A bot of its own does what has to be there before, to its end, and is closed: the bots after it know nothing of it. */
export async function playPrelude(on: Stage, scenario: Scenario): Promise<void> {
  if (!scenario.prelude) return;
  const { stage, watch, deadline, strikes } = on;
  const bot = takeUsedBot();
  try {
    const url = await bot.start({ env: stage.env, faults: [], strikes, tells: false, weakness: null });
    if (url === null) throw new Error(`the bot of the prelude did not start\n${bot.log}`);
    stage.deliverTo(url);
    stage.install();
    await scenario.prelude(stage);
    await watch.until(async () => {
      await stage.hub.admin.deliveriesIdle();
      return await watch.isOver(true);
    }, deadline);
    await bot.close();
  } finally {
    if (bot.closed) giveBackBot(bot);
    else bot.signal('SIGKILL');
  }
}
