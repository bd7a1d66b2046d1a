import type { AgentOptions, AgentOutcome } from '../../src/agent/agent-options.ts';
import type { AgentTask } from '../../src/agent/agent-task.ts';
import { runAgent } from '../../src/agent/run-agent.ts';
import type { RunId } from '../../src/domain/ids.ts';
import type { Actor } from '../../src/domain/repository.ts';
import type { Lease, Run } from '../../src/domain/run.ts';
import { createModelChain } from '../../src/models/create-model-chain.ts';
import { createMemoryRunStore, type MemoryRunStore } from '../support/memory-run-store.ts';
import { openScratchWorkspace, type ScratchWorkspace } from '../support/scratch-workspace.ts';
import { type Script, type ScriptedModel, startScriptedModel } from '../support/scripted-model.ts';
import { silentLog } from '../support/silent-log.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

/** The agent with everything real but the model's thoughts and the database. */
export interface AgentHarness {
  readonly model: ScriptedModel;
  readonly scratch: ScratchWorkspace;
  readonly store: MemoryRunStore;
  readonly clock: TestClock;
  lease: Lease;
  run(changes?: Partial<AgentOptions>): Promise<AgentOutcome>;
  close(): Promise<void>;
}

export const calcFiles = {
  'calc.py': 'def add(a, b):\n    return a - b\n\n\ndef sub(a, b):\n    return a - b\n',
  'README.md': '# calc\n',
};

export const sampleTask: AgentTask = {
  title: 'add() subtracts',
  body: 'Calling `add(1, 2)` gives -1.',
  instruction: null,
  remarks: [],
  author: 'someone',
  repository: {
    name: 'acme/calc',
    baseBranch: 'main',
    languages: ['Python'],
    commands: ['test: python3 -m pytest -q'],
  },
  instructionFiles: [{ path: 'AGENTS.md', text: 'Run the tests with pytest.' }],
  baseline: '1 failed: test_calc.py::test_add (assert -1 == 3)',
  feedback: null,
};

const someone: Actor = { id: 7, login: 'someone', type: 'User' };

const sampleRun: Run = {
  id: '01jq0000000000000000000000' as RunId,
  installationId: 1,
  repository: {
    id: 1,
    owner: 'acme',
    name: 'calc',
    cloneUrl: 'http://127.0.0.1:1/acme/calc.git',
    htmlUrl: 'http://127.0.0.1:1/acme/calc',
    private: false,
    defaultBranch: 'main',
  },
  target: { kind: 'issue', number: 1, htmlUrl: 'http://127.0.0.1:1/acme/calc/issues/1' },
  branches: { base: 'main', head: 'agent/1-add', headSha: null },
  input: {
    title: sampleTask.title,
    body: sampleTask.body,
    instruction: null,
    author: someone,
    sha256: 'a'.repeat(64),
    dropped: [],
  },
  requestedBy: someone,
  requestedByRole: 'write',
  trigger: 'label',
  triggerKey: 'label:1',
  deliveryGuid: null,
  trackingIssue: 1,
  commentId: null,
  state: 'running',
  epoch: 1,
  cancelReason: null,
  crashes: 0,
  createdAt: new Date(0),
  endedAt: null,
};

export const sampleLimits = {
  turnsMax: 120,
  wallClockMs: 45 * 60_000,
  budget: () => ({ usd: 5 }),
  tokensMax: 5_000_000,
  commandTimeoutMs: 60_000,
};

export async function openHarness(
  script: Script,
  options: {
    readonly protocol?: 'anthropic' | 'openai';
    /** One that is open already; whoever opened it closes it. */
    readonly scratch?: ScratchWorkspace;
  } = {},
): Promise<AgentHarness> {
  const model = await startScriptedModel(script);
  const scratch = options.scratch ?? (await openScratchWorkspace(calcFiles));
  const store = createMemoryRunStore(sampleRun.id);
  const clock = createTestClock();
  const account = { apiKey: 'sk-test-0123456789abcdef' };
  const chain = createModelChain({
    specs: [options.protocol === 'openai' ? 'openai:gpt-6.1-sol' : 'anthropic:claude-sonnet-5-5'],
    anthropic: { ...account, baseUrl: model.anthropicUrl },
    openai: { ...account, baseUrl: model.openaiUrl },
    clock,
    log: silentLog,
    maxAttemptsPerProvider: 2,
  });
  const harness: AgentHarness = {
    model,
    scratch,
    store,
    clock,
    lease: store.claim(),
    run: (changes = {}) =>
      runAgent({
        run: sampleRun,
        lease: harness.lease,
        phase: 'implement',
        round: 1,
        task: sampleTask,
        chain,
        sandbox: scratch.sandbox,
        workspace: scratch.workspace,
        journal: store.journal,
        blobs: store.blobs,
        spend: store.spend,
        clock,
        log: silentLog,
        limits: sampleLimits,
        ...changes,
      }),
    async close() {
      await model.close();
      if (!options.scratch) await scratch.close();
    },
  };
  return harness;
}

/** `finish` as a scripted tool call. */
export const finishCall = { name: 'finish', input: { summary: 'Fixed add().', not_done: '' } };

/** Outputs of the tools so far, in order. */
export function toolOutputs(
  store: MemoryRunStore,
): readonly { readonly ok: boolean; readonly output: string }[] {
  return store.entries.flatMap(({ event }) =>
    event.kind === 'tool.returned' ? [{ ok: event.ok, output: event.output }] : [],
  );
}
