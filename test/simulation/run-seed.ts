import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemorySaver } from '@langchain/langgraph';
import { setCrashHook } from '../../src/domain/crash-point.ts';
import type { DeliveryGuid, RunId } from '../../src/domain/ids.ts';
import type { Logger } from '../../src/domain/logger.ts';
import type { RunState, RunTrigger } from '../../src/domain/run.ts';
import { parseDelivery } from '../../src/intake/parse-delivery.ts';
import { parseSyntax } from '../../src/toolchains/syntax-tree.ts';
import { type FaultCounts, planFaults } from './faults.ts';
import { judge } from './judge.ts';
import { createMemoryDatabase, isOpen } from './memory-database.ts';
import { layFoundations, peopleAct } from './people.ts';
import { currentProcess, inProcess, Scheduler, type SimulatedProcess } from './scheduler.ts';
import { scriptedChain } from './scripted-thoughts.ts';
import { seededRandom } from './seeded-random.ts';
import { type SentDelivery, SimulatedGithub, type Trees } from './simulated-github.ts';
import { createHost } from './simulated-host.ts';
import { network, type Simulation, seam, type Weakness } from './simulation.ts';
import { type RunningProcess, startProcess, type World } from './start-process.ts';

export interface SeedResult {
  readonly seed: number;
  /** Of every step in order: equal for two runs of one seed. */
  readonly hash: string;
  readonly violations: readonly string[];
  readonly faults: FaultCounts;
  readonly steps: number;
  readonly simulatedMs: number;
  /** What the runs of this seed were asked for by, and how they ended. */
  readonly ends: readonly { readonly trigger: RunTrigger | 'retry'; readonly state: RunState }[];
}

export interface SeedOptions {
  readonly weakness?: Weakness;
  readonly trace?: (line: string) => void;
}

const processes = 2;
const limitHours = 5;
/** After the last of everything: reconciliation and sweeps must have had their turn. */
const quietMs = 300_000;

/**
 * One world by one seed, from the first issue to the last word. What the program loads at first use, in real time, is
 * loaded before: the first world of a process would be another than the same one later.
 */
export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  warm ??= loadGrammars();
  await warm;
  return await runWorld(seed, options);
}

let warm: Promise<void> | undefined;

async function loadGrammars(): Promise<void> {
  for (const language of ['javascript', 'typescript', 'python'] as const) {
    (await parseSyntax(language, '')).dispose();
  }
}

async function runWorld(seed: number, options: SeedOptions): Promise<SeedResult> {
  const directory = mkdtempSync(join(tmpdir(), 'pullwright-simulation-'));
  const { random: realRandom } = Math;
  const realTimeout = AbortSignal.timeout.bind(AbortSignal);
  try {
    return await simulate(seed, directory, options);
  } finally {
    Math.random = realRandom;
    AbortSignal.timeout = realTimeout;
    setCrashHook(undefined);
    rmSync(directory, { recursive: true, force: true });
  }
}

async function simulate(seed: number, directory: string, options: SeedOptions): Promise<SeedResult> {
  const random = seededRandom(seed);
  Math.random = () => random.next();
  const scheduler = new Scheduler(options.trace);
  AbortSignal.timeout = (ms) => virtualTimeout(scheduler, ms);
  const simulation: Simulation = {
    seed,
    random,
    scheduler,
    faults: planFaults(random),
    weakness: options.weakness ?? 'none',
    leaseMs: 8_000,
    onCrash: () => restart(),
  };
  setCrashHook((name) => seam(simulation, name));
  const database = createMemoryDatabase(simulation);
  const trees: Trees = new Map();
  const hubs = new Map(
    [
      { repositoryId: 42, installationId: 5 },
      { repositoryId: 43, installationId: 6 },
    ]
      .slice(0, random.between(1, 2))
      .map((at) => [at.repositoryId, new SimulatedGithub(simulation, { ...at, trees })]),
  );
  const host = createHost(simulation, hubs, { trees, directory });
  let runs = 0;
  const world: World = {
    database,
    hubs,
    host,
    graphs: new MemorySaver(),
    chain: scriptedChain(simulation, random.pick([1, 1, 1, 2, 9])),
    log: traceLog(scheduler),
    commits: random.pick(['api', 'git']),
    newRunId: () => {
      runs += 1;
      return `01sim${String(seed).padStart(10, '0')}${String(runs).padStart(11, '0')}` as RunId;
    },
  };
  const running: RunningProcess[] = [];
  let started = 0;
  const start = (): void => {
    started += 1;
    const skewMs = simulation.faults.fires('clock.skew') ? random.between(-100_000_000, 100_000_000) : 0;
    const process: SimulatedProcess = { name: `p${started}`, alive: true, pausedUntilMs: 0, skewMs };
    running.push(startProcess(world, process));
  };
  const restart = (): void => {
    const resume = (): void => start();
    scheduler.at(network, 'a process starts', {
      dueMs: scheduler.nowMs + random.between(500, 6_000),
      resume,
    });
  };
  const acknowledged = new Set<string>();
  for (const hub of hubs.values()) {
    hub.deliver = (delivery) => travel(simulation, { hub, delivery, running, acknowledged });
    layFoundations(hub);
    peopleAct(simulation, hub);
  }
  for (let index = 0; index < processes; index += 1) start();
  const startMs = scheduler.nowMs;
  let quietSinceMs = Number.POSITIVE_INFINITY;
  const isOver = (): boolean => {
    quietSinceMs = isBusy(world) ? Number.POSITIVE_INFINITY : Math.min(quietSinceMs, scheduler.nowMs);
    return scheduler.nowMs > quietSinceMs + quietMs;
  };
  await scheduler.run(isOver, { untilMs: startMs + limitHours * 3_600_000 });
  const judged = inProcess(network, () => judge({ database, hubs, host, acknowledged }));
  return {
    seed,
    hash: scheduler.hash(),
    violations: await judged,
    faults: simulation.faults.counts,
    steps: scheduler.steps,
    simulatedMs: scheduler.nowMs - startMs,
    ends: [...database.runs.values()].map(({ newRun, state }) => ({
      trigger: newRun.retryOf === undefined ? newRun.trigger : 'retry',
      state,
    })),
  };
}

/** The platform's own takes real time, and keeps what waits for it until then. */
function virtualTimeout(scheduler: Scheduler, ms: number): AbortSignal {
  const controller = new AbortController();
  const resume = (): void => controller.abort(new DOMException('timed out', 'TimeoutError'));
  scheduler.at(currentProcess(), 'timeout', { dueMs: scheduler.nowMs + ms, resume });
  return controller.signal;
}

function isBusy({ database, hubs }: World): boolean {
  for (const { coming } of hubs.values()) if (coming > 0) return true;
  for (const row of database.runs.values()) if (isOpen(row) || !row.told) return true;
  for (const { state } of database.deliveries.values()) if (state === 'waiting') return true;
  return false;
}

interface Travel {
  readonly hub: SimulatedGithub;
  readonly delivery: SentDelivery;
  readonly running: readonly RunningProcess[];
  readonly acknowledged: Set<string>;
}

/** A delivery on its way: late, twice, out of order, or to nobody. */
function travel(simulation: Simulation, { hub, delivery, running, acknowledged }: Travel): void {
  const { random, faults } = simulation;
  const times = faults.fires('delivery.duplicated') ? 2 : 1;
  for (let copy = 0; copy < times; copy += 1) {
    const delayMs = faults.fires('delivery.delayed')
      ? random.between(5_000, 300_000)
      : random.between(20, 900);
    hub.later(`deliver ${delivery.guid}`, delayMs, () => {
      const attempt = { id: `${hub.repositoryId}${hub.id()}`, at: hub.now(), ok: false };
      delivery.attempts.push(attempt);
      const alive = running.filter(
        ({ process }) => process.alive && process.pausedUntilMs <= hub.now().getTime(),
      );
      const [target] = alive.slice(random.between(0, Math.max(0, alive.length - 1)));
      if (!target || faults.fires('delivery.dropped')) return;
      void inProcess(target.process, async () => {
        const headers = { guid: delivery.guid as DeliveryGuid, event: delivery.event };
        const parsed = parseDelivery(headers, Buffer.from(JSON.stringify(delivery.payload)));
        await target.store.deliveries.insert(parsed).then(
          () => {
            attempt.ok = true;
            acknowledged.add(delivery.guid);
          },
          () => undefined,
        );
      });
    });
  }
}

/** What the bot logs is a part of the trace, without what is too long for it. */
function traceLog(scheduler: Scheduler): Logger {
  const say =
    (level: string) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      scheduler.note(
        `${level} ${event} ${JSON.stringify(fields['cause'] ?? fields['code'] ?? '').slice(0, 160)}`,
      );
  const log: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: say('warn'),
    error: say('error'),
    child: () => log,
  };
  return log;
}
