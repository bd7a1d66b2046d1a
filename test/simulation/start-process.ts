import type { MemorySaver } from '@langchain/langgraph';
import { startDeliveryLoop } from '../../src/app/delivery-loop.ts';
import { startEndings } from '../../src/app/endings.ts';
import { startQueueAnnouncer } from '../../src/app/queue-announcer.ts';
import { startReconciliation } from '../../src/app/reconciliation.ts';
import { createRepositoryRecorder } from '../../src/app/record-repositories.ts';
import { readRepositoryConfig } from '../../src/app/repository-config.ts';
import { startSweeping } from '../../src/app/sweeping.ts';
import { startWorker } from '../../src/app/worker.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Gate } from '../../src/domain/gate.ts';
import type { RunId } from '../../src/domain/ids.ts';
import type { Logger } from '../../src/domain/logger.ts';
import type { ModelChain } from '../../src/domain/model.ts';
import { createEffects } from '../../src/effects/create-effects.ts';
import { createReplies } from '../../src/effects/create-replies.ts';
import { pacedWriter } from '../../src/effects/paced-writer.ts';
import { createTestsGate } from '../../src/gates/tests-gate.ts';
import { createDeliveryProcessor } from '../../src/triggers/process-delivery.ts';
import type { TriggerPorts } from '../../src/triggers/trigger-ports.ts';
import { executeRun } from '../../src/workflow/execute-run.ts';
import type { WorkflowPorts } from '../../src/workflow/ports.ts';
import { operatorBudgets } from '../support/operator-budgets.ts';
import { deliveryFeed } from './delivery-feed.ts';
import { type GithubPorts, githubPorts } from './github-ports.ts';
import type { MemoryDatabase } from './memory-database.ts';
import { type MemoryStore, openMemoryStore } from './memory-store.ts';
import { inProcess, type SimulatedProcess } from './scheduler.ts';
import { bot, label, type SimulatedGithub } from './simulated-github.ts';
import type { SimulatedHost } from './simulated-host.ts';
import { simulatedClock } from './simulation.ts';

/** What every process of the world is made of. */
export interface World {
  readonly database: MemoryDatabase;
  readonly hubs: ReadonlyMap<number, SimulatedGithub>;
  readonly host: SimulatedHost;
  readonly graphs: MemorySaver;
  readonly chain: ModelChain;
  readonly log: Logger;
  readonly commits: 'api' | 'git';
  readonly newRunId: () => RunId;
}

/** A process of the bot with all its roles, as `startBot` wires them. */
export interface RunningProcess {
  readonly process: SimulatedProcess;
  readonly store: MemoryStore;
}

const botRules = { userId: bot.id, login: bot.login, appId: 7 };
export const deadlineHours = 3;

export function startProcess(world: World, process: SimulatedProcess): RunningProcess {
  return inProcess(process, () => {
    const store = openMemoryStore(world.database, process, world.graphs);
    const forge = githubPorts(world.database, store.rates, world.hubs);
    const clock = simulatedClock(world.database.simulation);
    startLoops(world, { store, forge, clock });
    return { process, store };
  });
}

interface Parts {
  readonly store: MemoryStore;
  readonly forge: GithubPorts;
  readonly clock: Clock;
}

function startLoops(world: World, parts: Parts): void {
  const { store, forge, clock } = parts;
  const { log } = world;
  const readBack = { reader: forge.reader, botLogin: bot.login };
  const { writer, reader } = forge;
  const replies = createReplies({ writer, ledger: store.replies, readBack, rates: store.rates, clock, log });
  const processor = createDeliveryProcessor({
    runs: store.runs,
    replies,
    log,
    reader,
    bot: botRules,
    trustedAppIds: [],
    discussion: forge.discussion,
    inbox: store.inbox,
    pulls: { opened: async () => false },
    explanations: { explain: async () => null } as unknown as TriggerPorts['explanations'],
    configs: { show: async () => null } as unknown as TriggerPorts['configs'],
    controls: { get: async () => undefined, take: async () => undefined, show: async () => undefined },
    journal: store.journal,
    spend: store.spend,
    budgets: operatorBudgets,
    newRunId: world.newRunId,
    labelName: label,
    clock,
    repositoriesOf: async () => [],
    followsBase: async () => true,
    onUninstalled: async () => undefined,
  });
  const record = createRepositoryRecorder(store.repositories);
  const ports = workflowPorts(world, parts);
  startDeliveryLoop({
    deliveries: store.deliveries,
    log,
    async process(delivery) {
      await record(delivery);
      return await processor.process(delivery);
    },
  });
  startWorker({ queue: store.queue, execute: (run) => executeRun(run, ports), concurrency: 3, clock, log });
  startQueueAnnouncer({ store: store as never, writer, clock, log });
  startRecovery(world, parts, replies);
}

function startRecovery(
  world: World,
  { store, forge, clock }: Parts,
  replies: ReturnType<typeof createReplies>,
): void {
  const { log, database, hubs } = world;
  const { reader, sweepReader, writer } = forge;
  startReconciliation({
    store,
    feed: deliveryFeed(database.simulation, hubs),
    everyMs: 120_000,
    clock,
    log,
  });
  startSweeping({
    reader,
    sweepReader,
    deliveries: store.deliveries,
    repositories: store.repositories,
    replies,
    bot: botRules,
    trustedAppIds: [],
    labelName: label,
    everyMs: 240_000,
    minAgeMs: 180_000,
    clock,
    log,
  });
  startEndings({
    store,
    reader,
    writerFor: (installationId) =>
      pacedWriter(writer, (creates, send) =>
        store.rates.write({ installationId, priority: 'normal', creates }, send),
      ),
    botLogin: bot.login,
    deadlineHours,
    everyMs: 30_000,
    clock,
    log,
  });
}

function workflowPorts(world: World, { store, forge, clock }: Parts): WorkflowPorts {
  const { host, log, chain } = world;
  const { reader, writer, pusher } = forge;
  return {
    journal: store.journal,
    runs: store.runs,
    inbox: store.inbox,
    blobs: store.blobs,
    spend: store.spend,
    effects: createEffects({
      reader,
      writer,
      pusher,
      ledger: store.effects,
      rates: store.rates,
      log,
      botLogin: bot.login,
    }),
    published: store.effects,
    reader,
    pusher,
    commits: world.commits,
    workspaces: host.workspaces,
    sandbox: host.sandbox,
    chain,
    gates: [createTestsGate(), lookAway],
    readConfig: readRepositoryConfig,
    mounts: [],
    toolchainPath: null,
    checkpointer: (lease) => store.checkpointer(lease),
    clock,
    log,
    trustedAppIds: [],
    tools: {},
    limits: {
      turnsMax: 40,
      wallClockMs: 40 * 60_000,
      budgets: { ...operatorBudgets, runUsd: 1, raisedUsd: 1 },
      tokensMax: 1_000_000,
      commandTimeoutMs: 60_000,
      repairMs: 10_000,
      repositoryFilesMax: 1_000,
      roundsMax: 2,
      progressMs: 10_000,
      retriesMax: 6,
      ageMsMax: 2 * 3_600_000,
    },
    committer: { name: bot.login, email: 'bot@users.noreply.github.test' },
    noreplyHost: 'github.test',
  };
}

/** In the place of the scan for secrets, whose thread would bring real time into the simulation. */
const lookAway: Gate = {
  name: 'secrets',
  judge: async ({ head }) => ({
    gate: 'secrets',
    status: 'pass',
    blocking: true,
    summary: 'nothing',
    treeId: head.treeId,
    evidence: [],
    findings: [],
    feedback: '',
    details: {},
  }),
};
