import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { CrashPointName } from '../../src/domain/crash-points.ts';
import { type HubStage, openHubStage } from '../support/hub-stage.ts';
import { startScriptedModel } from '../support/scripted-model.ts';
import type { Fault } from './bot-messages.ts';
import { type ChildBot, takeBot } from './child-bot.ts';
import { type Observation, observe } from './observation.ts';
import type { Scenario } from './scenarios.ts';
import { type Watch, watchDatabase } from './watch-database.ts';
import type { WeaknessName } from './weaknesses.ts';

export interface Cell {
  readonly scenario: Scenario;
  readonly fault: Fault | null;
  readonly weakness?: WeaknessName;
  /** Statements run on the empty database before anything starts. */
  readonly sabotage?: string;
}

export interface CellResult {
  readonly observation: Observation;
  /** Whether the seam was reached, so that the fault happened. */
  readonly fired: boolean;
  readonly passed: readonly CrashPointName[];
  /** What the bots logged. */
  readonly log: string;
}

/** Ten times what a cell takes on a quiet machine and more: a slow machine is no broken promise. */
const cellMs = 600_000;

/** Plays one scenario on a stage of its own, with at most one fault, and looks at what is left. */
export async function runCell(cell: Cell): Promise<CellResult> {
  const { scenario } = cell;
  const model = await startScriptedModel((request) => scenario.answer(request));
  const stage = await openHubStage({
    files: scenario.files,
    record: 'crash',
    env: {
      ANTHROPIC_API_KEY: 'test-key',
      ANTHROPIC_BASE_URL: model.anthropicUrl,
      AGENT_MODELS: 'anthropic:scripted',
      LEASE_MS: '1500',
      HEARTBEAT_MS: '100',
      ...scenario.env,
    },
  });
  const watch = await watchDatabase(stage.env['DATABASE_URL'] ?? '');
  const bots: ChildBot[] = [];
  try {
    if (cell.sabotage !== undefined) await watch.query(cell.sabotage);
    const fired = await play(cell, { stage, watch, bots });
    for (const bot of bots) await bot.close();
    const observation = await observe(stage, model.requests.length);
    return {
      observation,
      fired,
      passed: bots[0]?.passed ?? [],
      log: bots.map(({ log }) => log).join('\n----\n'),
    };
  } catch (error) {
    const logs = bots.map(({ log }) => log).join('\n----\n');
    throw new Error(`${String(error)}\n${logs.slice(-6_000)}`, { cause: error });
  } finally {
    for (const bot of bots) bot.signal('SIGKILL');
    await watch.close();
    await stage.close();
    await model.close();
  }
}

interface Theatre {
  readonly stage: HubStage;
  readonly watch: Watch;
  readonly bots: ChildBot[];
}

async function play(cell: Cell, theatre: Theatre): Promise<boolean> {
  const { stage, watch } = theatre;
  const deadline = AbortSignal.timeout(cellMs);
  const over = new AbortController();
  const first = await enter(cell, theatre, cell.fault);
  stage.install();
  await cell.scenario.begin(stage);
  const reaction = react(cell.scenario, theatre, AbortSignal.any([deadline, over.signal]));
  try {
    const fired = await faultOrEnd(first, watch, deadline);
    if (fired) await recover(cell, theatre, { first, deadline });
    await settle(theatre, deadline);
    return fired;
  } finally {
    over.abort();
    await reaction;
  }
}

/** Starts a bot and lets GitHub talk to it. */
async function enter(cell: Cell, { stage, bots }: Theatre, fault: Fault | null): Promise<ChildBot> {
  const bot = takeBot();
  bots.push(bot);
  const url = await bot.start({ env: stage.env, fault, weakness: cell.weakness ?? null });
  if (url !== null) stage.deliverTo(url);
  return bot;
}

async function faultOrEnd(bot: ChildBot, watch: Watch, deadline: AbortSignal): Promise<boolean> {
  const struck = Promise.race([bot.struck, bot.ended]).then(() => true);
  const over = watch.until(async () => await watch.isOver(), deadline).then(() => false);
  return await Promise.race([struck, over]);
}

async function recover(
  cell: Cell,
  theatre: Theatre,
  { first, deadline }: { readonly first: ChildBot; readonly deadline: AbortSignal },
): Promise<void> {
  const { watch, stage } = theatre;
  switch (cell.fault?.kind) {
    case 'terminate':
      await watch.terminateOthers();
      return first.goOn();
    case 'kill':
      await first.ended;
      await enter(cell, theatre, null);
      return;
    case 'stop': {
      const second = await enter(cell, theatre, null);
      await redeliverFailed(stage);
      await watch.until(async () => await watch.isOver(), deadline);
      first.signal('SIGCONT');
      await first.close();
      if (!second.alive) throw new Error('the second bot died');
      return;
    }
    default:
  }
}

/** GitHub redelivers what failed, as reconciliation asks it to, until everything that it sent was processed. */
async function settle({ stage, watch }: Theatre, deadline: AbortSignal): Promise<void> {
  await watch.until(async () => {
    await stage.hub.admin.deliveriesIdle();
    const redelivered = await redeliverFailed(stage);
    return redelivered === 0 && (await watch.isOver());
  }, deadline);
}

async function redeliverFailed({ hub, appId, env }: HubStage): Promise<number> {
  const byGuid = Map.groupBy(hub.admin.deliveries(appId), ({ guid }) => guid);
  const failed = [...byGuid.values()].filter((tries) => tries.every(({ status }) => status !== 'OK'));
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

async function react(scenario: Scenario, { stage, watch }: Theatre, signal: AbortSignal): Promise<void> {
  const { reaction } = scenario;
  if (!reaction) return;
  const happened = await watch
    .until(async () => await watch.hasEvent(reaction.after), signal)
    .then(() => true)
    .catch(() => false);
  if (happened) await reaction.act(stage);
}
