import { runAgent } from '../../src/agent/run-agent.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import type { ClaimedRun } from '../../src/domain/run.ts';
import { createModelChain } from '../../src/models/create-model-chain.ts';
import { openStore } from '../../src/store/open-store.ts';
import { newRun } from '../../test/support/new-run.ts';
import { openScratchWorkspace } from '../../test/support/scratch-workspace.ts';
import { type ScriptedModel, startScriptedModel } from '../../test/support/scripted-model.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { percentile, spread } from './percentiles.ts';

const turns = 100;
const command = `head -c 2048 /dev/zero | tr '\\0' x`;

/** From the model's answer written to the next request's head, with a journaled turn and a sandboxed command. */
export async function benchTurns(databaseUrl: string): Promise<readonly string[]> {
  const model = await startScriptedModel(({ turn }) =>
    turn < turns
      ? { toolCalls: [{ name: 'run', input: { command: `${command}; echo ${turn}` } }] }
      : { toolCalls: [{ name: 'finish', input: { summary: 'done', not_done: '' } }] },
  );
  const store = await openStore({ url: databaseUrl, worker: 'bench', log: silentLog });
  const scratch = await openScratchWorkspace({ 'README.md': '# bench\n' });
  try {
    await store.runs.create(newRun());
    const claimed = await store.queue.claim();
    if (!claimed) throw new Error('nothing to claim');
    const startedMs = performance.now();
    const outcome = await runTurns(store, claimed, scratch, model);
    const wallMs = performance.now() - startedMs;
    if (outcome.stopReason !== 'finished')
      throw new Error(`stopped: ${outcome.stopReason} ${outcome.summary}`);
    return describe(model, wallMs);
  } finally {
    await scratch.close();
    await store.close();
    await model.close();
  }
}

async function runTurns(
  store: Awaited<ReturnType<typeof openStore>>,
  claimed: ClaimedRun,
  scratch: Awaited<ReturnType<typeof openScratchWorkspace>>,
  model: ScriptedModel,
) {
  const { journal, blobs, spend } = store;
  return await runAgent({
    run: claimed.run,
    lease: claimed.lease,
    phase: 'implement',
    round: 1,
    task: {
      title: 'Bench',
      body: 'Run a command a hundred times.',
      instruction: null,
      remarks: [],
      author: 'ada',
      repository: { name: 'octo/bench', baseBranch: 'main', languages: [], commands: [] },
      instructionFiles: [],
      baseline: '',
      feedback: null,
    },
    chain: createModelChain({
      specs: ['anthropic:scripted'],
      anthropic: { apiKey: 'k', baseUrl: model.anthropicUrl },
      clock: systemClock,
      log: silentLog,
    }),
    sandbox: scratch.sandbox,
    workspace: scratch.workspace,
    journal,
    blobs,
    spend,
    clock: systemClock,
    log: silentLog,
    limits: {
      turnsMax: turns + 10,
      wallClockMs: 600_000,
      budget: () => ({ usd: 5 }),
      tokensMax: 100_000_000,
      commandTimeoutMs: 60_000,
    },
  });
}

function describe(model: ScriptedModel, wallMs: number): readonly string[] {
  const gapsMs = model.requests.slice(1).map(({ atMs }, index) => atMs - (model.answeredAtMs[index] ?? atMs));
  const median = (from: number, to: number): string => percentile(gapsMs.slice(from, to), 0.5).toFixed(1);
  return [
    `${turns} turns with 2 KB of output each: ${(wallMs / 1_000).toFixed(2)} s`,
    `gap between answer and next request (journal, sandboxed command, checkpoint): ${spread(gapsMs)}`,
    `median gap of turns 1-20: ${median(0, 20)} ms; of turns 81-100: ${median(80, 100)} ms`,
    `first request: ${((model.requests[0]?.bytes ?? 0) / 1024).toFixed(1)} KB; connections: ${model.connections()}`,
    `memory of the process: ${(process.memoryUsage().rss / 1024 / 1024).toFixed(0)} MB`,
  ];
}
