import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { CrashPointName } from '../../src/domain/crash-points.ts';
import { type HubStage, openHubStage } from '../support/hub-stage.ts';
import { startScriptedModel } from '../support/scripted-model.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import type { Fault } from './bot-messages.ts';
import { type ChildBot, giveBackBot, takeFreshBot, takeUsedBot } from './child-bot.ts';
import { type Observation, observe } from './observation.ts';
import type { Scenario } from './scenarios.ts';
import { type Watch, watchDatabase } from './watch-database.ts';
import type { WeaknessName } from './weaknesses.ts';

/** Where a cell is played. */
export interface Venue {
  createDatabase(): Promise<TestDatabase>;
  /** Ends the server of those databases at once, without a checkpoint, and starts it again at the same address. */
  restartServer(): Promise<void>;
}

export interface Cell {
  readonly scenario: Scenario;
  /** Of the first bot, of the one that takes over from it, and so on; none: undisturbed. */
  readonly faults: readonly Fault[];
  readonly weakness?: WeaknessName;
  /** Statements run on the empty database before anything starts. */
  readonly sabotage?: string;
  /** Default: a database of the server that all test files share, which cannot be restarted. */
  readonly venue?: Venue;
}

export interface CellResult {
  readonly observation: Observation;
  /** How many of the faults happened: a seam may not be reached. */
  readonly fired: number;
  /** The seams that an undisturbed bot passed, in order. */
  readonly passed: readonly CrashPointName[];
  /** What the bots logged. */
  readonly log: string;
}

/** Ten times what a cell takes on a quiet machine and more: a slow machine is no broken promise. */
const cellMs = 600_000;

const sharedServer: Venue = {
  createDatabase: createTestDatabase,
  restartServer: () => Promise.reject(new Error('this server is shared')),
};

/** Plays one scenario on a stage of its own and looks at what is left. */
export async function runCell(cell: Cell): Promise<CellResult> {
  const { scenario, venue = sharedServer } = cell;
  const model = await startScriptedModel((request) => scenario.answer(request));
  const stage = await openHubStage({
    files: scenario.files,
    record: 'crash',
    createDatabase: () => venue.createDatabase(),
    env: {
      ANTHROPIC_API_KEY: 'test-key',
      ANTHROPIC_BASE_URL: model.anthropicUrl,
      AGENT_MODELS: 'anthropic:scripted',
      LEASE_MS: '1500',
      HEARTBEAT_MS: '300',
      ...scenario.env,
    },
  });
  const watch = await watchDatabase(stage.env['DATABASE_URL'] ?? '');
  const deadline = AbortSignal.timeout(cellMs);
  const theatre: Theatre = { cell, venue, stage, watch, deadline, bots: [] };
  const logs = (): string => theatre.bots.map(({ log }) => log).join('\n----\n');
  try {
    if (cell.sabotage !== undefined) await watch.query(cell.sabotage);
    const fired = await play(theatre);
    for (const bot of theatre.bots) await bot.close();
    const observation = await observe(stage, model.requests.length);
    return { observation, fired, passed: theatre.bots[0]?.passed ?? [], log: logs() };
  } catch (error) {
    throw new Error(`${String(error)}\n${logs().slice(-6_000)}`, { cause: error });
  } finally {
    leave(theatre.bots);
    await watch.close();
    await stage.close();
    await model.close();
  }
}

interface Theatre {
  readonly cell: Cell;
  readonly venue: Venue;
  readonly stage: HubStage;
  readonly watch: Watch;
  readonly deadline: AbortSignal;
  readonly bots: ChildBot[];
}

/** The last bot was not hurt; where it is closed by now it can be another one. */
function leave(bots: readonly ChildBot[]): void {
  for (const bot of bots.slice(0, -1)) bot.signal('SIGKILL');
  const last = bots.at(-1);
  if (last?.closed) giveBackBot(last);
  else last?.signal('SIGKILL');
}

/** Returns how many faults happened. */
async function play(theatre: Theatre): Promise<number> {
  const { scenario } = theatre.cell;
  const over = new AbortController();
  const first = await enter(theatre, 0);
  const { fired, bot } = first.isUp ? { fired: 0, bot: first.bot } : await afterFault(theatre, first.bot, 0);
  theatre.stage.install();
  await scenario.begin(theatre.stage);
  const reaction = react(theatre, AbortSignal.any([theatre.deadline, over.signal]));
  try {
    const all = await faultsOf(theatre, bot, fired);
    await settle(theatre);
    return all;
  } finally {
    over.abort();
    await reaction;
  }
}

async function faultsOf(theatre: Theatre, first: ChildBot, firedBefore: number): Promise<number> {
  let bot = first;
  let fired = firedBefore;
  while (fired < theatre.cell.faults.length && (await isStruck(bot, theatre))) {
    ({ bot, fired } = await afterFault(theatre, bot, fired));
  }
  return fired;
}

/** Starts a bot, with the nth of the cell's faults, and lets GitHub talk to it. */
async function enter(
  { cell, stage, bots }: Theatre,
  nth: number,
): Promise<{ readonly bot: ChildBot; readonly isUp: boolean }> {
  const fault = cell.faults[nth] ?? null;
  const bot = fault?.kind === 'kill' || fault?.kind === 'stop' ? takeFreshBot() : takeUsedBot();
  bots.push(bot);
  const tells = cell.faults.length === 0;
  const url = bot.start({ env: stage.env, fault, tells, weakness: cell.weakness ?? null });
  const up = url.then((known) => {
    if (known !== null) stage.deliverTo(known);
    return known !== null;
  });
  return { bot, isUp: await Promise.race([up, bot.struck.then(() => false)]) };
}

/** False when everything was over before the seam was reached. */
async function isStruck(bot: ChildBot, theatre: Theatre): Promise<boolean> {
  const { watch, deadline } = theatre;
  const struck = Promise.race([bot.struck, bot.ended]).then(() => true);
  const enough = new AbortController();
  const over = watch
    .until(() => isOver(theatre), AbortSignal.any([deadline, enough.signal]))
    .then(() => false)
    .catch(() => {
      deadline.throwIfAborted();
      return true;
    });
  try {
    return await Promise.race([struck, over]);
  } finally {
    enough.abort();
  }
}

/** What the nth fault leads to: the bot that works from now on, and how many faults have happened. */
async function afterFault(
  theatre: Theatre,
  bot: ChildBot,
  nth: number,
): Promise<{ readonly bot: ChildBot; readonly fired: number }> {
  const { watch, venue } = theatre;
  const fired = nth + 1;
  switch (theatre.cell.faults[nth]?.kind) {
    case 'terminate':
      await watch.terminateBots();
      return { bot: await goOn(theatre, bot), fired };
    case 'restart':
      await venue.restartServer();
      return { bot: await goOn(theatre, bot), fired };
    case 'stop':
      return { bot: await outliveStopped(theatre, bot), fired };
    default: {
      await bot.ended;
      const next = await enter(theatre, fired);
      return next.isUp ? { bot: next.bot, fired } : await afterFault(theatre, next.bot, fired);
    }
  }
}

/** One that had not started yet may give up, as it would on a bad address: then it is started again. */
async function goOn(theatre: Theatre, bot: ChildBot): Promise<ChildBot> {
  bot.goOn();
  if (await bot.isUp()) return bot;
  return (await enter(theatre, theatre.cell.faults.length)).bot;
}

/** Another bot does all the work before the stopped one wakes up. */
async function outliveStopped(theatre: Theatre, stopped: ChildBot): Promise<ChildBot> {
  const { stage, watch, deadline, cell } = theatre;
  const { bot } = await enter(theatre, cell.faults.length);
  await redeliverFailed(stage);
  await watch.until(() => isOver(theatre), deadline);
  await stopped.wakeUp();
  await stopped.close();
  if (!bot.alive) throw new Error('the second bot died');
  return bot;
}

async function isOver({ cell, stage, watch }: Theatre): Promise<boolean> {
  const shown = cell.scenario.isOver;
  return (await watch.isOver(shown === undefined)) && (shown?.(stage) ?? true);
}

/** GitHub redelivers what failed, as reconciliation asks it to, until everything that it sent was processed. */
async function settle(theatre: Theatre): Promise<void> {
  const { stage, watch, deadline } = theatre;
  await watch.until(async () => {
    await stage.hub.admin.deliveriesIdle();
    const redelivered = await redeliverFailed(stage);
    return redelivered === 0 && (await isOver(theatre));
  }, deadline);
}

async function redeliverFailed({ hub, appId, env }: HubStage): Promise<number> {
  const byGuid = Map.groupBy(hub.admin.deliveries(appId), ({ guid }) => guid);
  const failed = [...byGuid.values()].filter((tries) => tries.every(({ status }) => status !== 'OK'));
  if (failed.length === 0) return 0;
  const octokit = new Octokit({
    authStrategy: createAppAuth,
    auth: { appId, privateKey: env['PRIVATE_KEY'] },
    baseUrl: `${hub.url}/api/v3`,
  });
  for (const [delivery] of failed) {
    if (!delivery) continue;
    await octokit.request('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id: delivery.id });
  }
  await hub.admin.deliveriesIdle();
  return failed.length;
}

async function react({ cell, stage, watch }: Theatre, signal: AbortSignal): Promise<void> {
  const { reaction } = cell.scenario;
  if (!reaction) return;
  const happened = await watch
    .until(() => watch.hasEvent(reaction.after), signal)
    .then(() => true)
    .catch(() => false);
  if (happened) await reaction.act(stage);
}
