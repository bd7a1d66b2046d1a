import { appendFileSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { type HubStage, openHubStage } from '../support/hub-stage.ts';
import { startScriptedModel } from '../support/scripted-model.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { type ArmedFault, endsBot, type Fault, type Pass } from './bot-messages.ts';
import { type ChildBot, giveBackBot, takeFreshBot, takeUsedBot } from './child-bot.ts';
import { type Observation, observe } from './observation.ts';
import { playPrelude } from './play-prelude.ts';
import type { Scenario } from './scenario.ts';
import { namedCalls } from './script-parts.ts';
import { type Watch, watchDatabase } from './watch-database.ts';
import type { WeaknessName } from './weaknesses.ts';

/** Where a cell is played. */
export interface Venue {
  createDatabase(): Promise<TestDatabase>;
  /** Ends the server of those databases at once, without a checkpoint, and starts it again at the same address. */
  restartServer(): Promise<void>;
  /** Aborts when somebody breaks the suite off: whatever is played here ends soon and leaves nothing behind. */
  readonly brokenOff?: AbortSignal;
}

export interface Cell {
  readonly scenario: Scenario;
  /** Each happens once, at the first bot that comes to its place; none: undisturbed. */
  readonly faults: readonly Fault[];
  readonly weakness?: WeaknessName;
  /** Statements run on the empty database before anything starts. */
  readonly sabotage?: string;
  /** Of the bots, over that of the suite. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a database of the server that all test files share, which cannot be restarted. */
  readonly venue?: Venue;
}

export interface CellResult {
  readonly observation: Observation;
  /** The faults that happened, in order: a seam may not be reached. */
  readonly fired: readonly Fault[];
  /** The seams that an undisturbed bot passed, in order. */
  readonly passed: readonly Pass[];
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
  const deadline = AbortSignal.any([
    AbortSignal.timeout(cellMs),
    ...(venue.brokenOff ? [venue.brokenOff] : []),
  ]);
  deadline.throwIfAborted();
  const model = await startScriptedModel((request) => namedCalls(scenario.answer(request), request.turn));
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
      // A cell kills more often than a run may crash; that it may not is shown by a test of its own.
      RUN_CRASHES_MAX: '1000',
      ...scenario.env,
      ...cell.env,
    },
  });
  const watch = await watchDatabase(stage.env['DATABASE_URL'] ?? '');
  const strikes = join(dirname(stage.stateDir), 'strikes');
  appendFileSync(strikes, '');
  const theatre: Theatre = { cell, venue, stage, watch, deadline, strikes, bots: [], seen: 0 };
  const logs = (): string => theatre.bots.map(({ log }) => log).join('\n----\n');
  try {
    if (cell.sabotage !== undefined) await watch.query(cell.sabotage);
    await play(theatre);
    for (const bot of theatre.bots) await bot.close();
    const observation = await observe(stage, model.requests.length);
    const fired = struckIn(theatre);
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
  /** File with the numbers of the faults that happened. */
  readonly strikes: string;
  readonly bots: ChildBot[];
  /** How many faults are known to have happened. */
  seen: number;
}

function hits({ strikes }: Theatre): readonly number[] {
  return readFileSync(strikes, 'utf8').split('\n').filter(Boolean).map(Number);
}

function struckIn(theatre: Theatre): readonly Fault[] {
  return hits(theatre).flatMap((nth) => theatre.cell.faults[nth] ?? []);
}

/**
 * The faults that have not happened. One that counts from the start of a bot waits until all before it have that end
 * a bot: in an earlier bot it would be at another place.
 */
function armed(theatre: Theatre): readonly ArmedFault[] {
  const happened = hits(theatre);
  const open = theatre.cell.faults
    .map((fault, nth) => ({ nth, fault }))
    .filter(({ nth }) => !happened.includes(nth));
  const ends = open.findIndex(({ fault }) => endsBot(fault));
  return open.filter(({ fault }, index) => fault.since !== null || ends === -1 || index <= ends);
}

/** The last bot was not hurt; where it is closed by now it can be another one. */
function leave(bots: readonly ChildBot[]): void {
  for (const bot of bots.slice(0, -1)) bot.signal('SIGKILL');
  const last = bots.at(-1);
  if (last?.closed) giveBackBot(last);
  else last?.signal('SIGKILL');
}

async function play(theatre: Theatre): Promise<void> {
  const { scenario } = theatre.cell;
  const over = new AbortController();
  await playPrelude(theatre, scenario);
  let bot = await enter(theatre);
  if (!scenario.prelude) theatre.stage.install();
  await scenario.begin(theatre.stage);
  const reaction = react(theatre, AbortSignal.any([theatre.deadline, over.signal]));
  try {
    while (isExpected(theatre) && (await isStruck(bot, theatre))) bot = await afterFault(theatre, bot);
    await settle(theatre);
  } finally {
    over.abort();
    await reaction;
  }
}

/** A fault is to come, or the last one has stopped the bot that had just taken over from a stopped one. */
function isExpected(theatre: Theatre): boolean {
  return armed(theatre).length > 0 || hits(theatre).length > theatre.seen;
}

/** Starts a bot, lets GitHub talk to it, and returns when it is up; faults may fall into that, and then it is another one. */
async function enter(theatre: Theatre): Promise<ChildBot> {
  const { cell, stage, bots, strikes, deadline } = theatre;
  deadline.throwIfAborted();
  const faults = armed(theatre);
  const bot = faults.some(({ fault }) => endsBot(fault)) ? takeFreshBot() : takeUsedBot();
  bots.push(bot);
  const tells = cell.faults.length === 0;
  const weakness = cell.weakness ?? null;
  const up = bot.start({ env: stage.env, faults, strikes, tells, weakness }).then((url) => {
    if (url !== null) stage.deliverTo(url);
    return url !== null;
  });
  const isUp = await Promise.race([up, bot.struck.then(() => false)]);
  return isUp ? bot : await afterFault(theatre, bot);
}

/** False when everything was over before the seam was reached. */
async function isStruck(bot: ChildBot, theatre: Theatre): Promise<boolean> {
  const { watch, deadline } = theatre;
  const struck = Promise.race([bot.struck, bot.ended]).then(() => true);
  const enough = new AbortController();
  const over = watch
    .until(() => isSettled(theatre), AbortSignal.any([deadline, enough.signal]))
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

/** The bot that works from now on. */
async function afterFault(theatre: Theatre, bot: ChildBot): Promise<ChildBot> {
  const { watch, venue, seen } = theatre;
  const struck = struckIn(theatre);
  theatre.seen = struck.length;
  if (struck.length === seen && bot.wasUp) throw new Error('a bot died by itself');
  if (!bot.alive) return await enter(theatre);
  switch (struck.at(-1)?.kind) {
    case 'terminate':
      await watch.terminateBots();
      return await goOn(theatre, bot);
    case 'restart':
      await venue.restartServer();
      return await goOn(theatre, bot);
    case 'stop':
      return await outliveStopped(theatre, bot);
    default:
      await bot.ended;
      return await enter(theatre);
  }
}

/** One that had not started yet may give up, as it would on a bad address: then it is started again. */
async function goOn(theatre: Theatre, bot: ChildBot): Promise<ChildBot> {
  bot.goOn();
  return (await bot.isUp()) ? bot : await enter(theatre);
}

/** Another bot takes the work over, and where no other fault is to come does all of it, before the stopped one wakes up. */
async function outliveStopped(theatre: Theatre, stopped: ChildBot): Promise<ChildBot> {
  const { watch, deadline } = theatre;
  const epoch = await watch.epoch();
  const bot = await enter(theatre);
  const isLast = armed(theatre).length === 0;
  const enough = new AbortController();
  const signal = AbortSignal.any([deadline, enough.signal]);
  await Promise.race([
    watch.until(() => isSettled(theatre), signal),
    ...(isLast
      ? []
      : [bot.struck, bot.ended, watch.until(async () => (await watch.epoch()) > epoch, signal)]),
  ]);
  enough.abort();
  await stopped.wakeUp();
  await stopped.close();
  if (isLast && !bot.alive) throw new Error('the second bot died');
  return bot;
}

async function isOver({ cell, stage, watch }: Theatre): Promise<boolean> {
  const shown = cell.scenario.isOver;
  return (await watch.isOver(shown === undefined)) && (shown?.(stage) ?? true);
}

/** GitHub redelivers what failed, as reconciliation asks it to, until everything that it sent was processed. */
async function settle(theatre: Theatre): Promise<void> {
  await theatre.watch.until(() => isSettled(theatre), theatre.deadline);
}

async function isSettled(theatre: Theatre): Promise<boolean> {
  const { stage } = theatre;
  await stage.hub.admin.deliveriesIdle();
  const redelivered = await redeliverFailed(stage);
  return redelivered === 0 && (await isOver(theatre));
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
  for (const reaction of cell.scenario.reactions ?? []) {
    const happened = await watch
      .until(() => watch.hasEvents(reaction.after, reaction.nth ?? 1), signal)
      .then(() => true)
      .catch(() => false);
    if (!happened) return;
    await Promise.race([reaction.act(stage), aborted(signal)]);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
