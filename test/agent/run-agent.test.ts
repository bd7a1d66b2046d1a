import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/app-error.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { ScriptedToolCall } from '../support/scripted-model.ts';
import {
  type AgentHarness,
  finishCall,
  openHarness,
  sampleLimits,
  sampleTask,
  toolOutputs,
} from './agent-harness.ts';

let harness: AgentHarness;
afterEach(() => harness.close());

const fix: ScriptedToolCall = {
  name: 'edit_file',
  input: {
    path: 'calc.py',
    old_text: 'def add(a, b):\n    return a - b',
    new_text: 'def add(a, b):\n    return a + b',
  },
};
const read: ScriptedToolCall = { name: 'read_file', input: { path: 'calc.py' } };

function kinds(): readonly JournalEvent['kind'][] {
  return harness.store.entries.map(({ event }) => event.kind);
}

describe.each(['anthropic', 'openai'] as const)('the agent over the %s protocol', (protocol) => {
  it('reads, edits, checks and finishes, with every step in the journal', async () => {
    harness = await openHarness(
      [
        { text: 'Looking.', toolCalls: [read, { name: 'search', input: { pattern: 'def add' } }] },
        { toolCalls: [fix] },
        {
          toolCalls: [{ name: 'run', input: { command: 'python3 -c "import calc; print(calc.add(1, 2))"' } }],
        },
        { toolCalls: [finishCall] },
      ],
      { protocol },
    );
    const outcome = await harness.run();
    expect(outcome).toMatchObject({ stopReason: 'finished', summary: 'Fixed add().', notDone: '', turns: 4 });
    expect(await harness.scratch.read('calc.py')).toContain('return a + b');
    expect(toolOutputs(harness.store)[0]?.output).toContain('1\tdef add(a, b):');
    expect(toolOutputs(harness.store)[3]?.output).toMatch(/^exit code 0 .*\n3$/);
    expect(kinds().filter((kind) => kind === 'checkpoint.made').length).toBeGreaterThanOrEqual(2);
    expect(harness.model.requests).toHaveLength(4);
  });

  it('keeps every request a prefix of the next one', async () => {
    harness = await openHarness(
      ({ turn }) => (turn < 4 ? { text: `turn ${turn}`, toolCalls: [read] } : { toolCalls: [finishCall] }),
      { protocol },
    );
    await harness.run();
    const bodies = harness.model.requests.map(({ body }) =>
      JSON.parse(
        JSON.stringify(body, (key, value: unknown) => (key === 'cache_control' ? undefined : value)),
      ),
    ) as { messages: unknown[] }[];
    for (const [index, body] of bodies.entries()) {
      const before = bodies[index - 1];
      if (!before) continue;
      expect(body.messages.slice(0, before.messages.length)).toEqual(before.messages);
      expect({ ...body, messages: [] }).toEqual({ ...before, messages: [] });
    }
  });

  it('needs at most 12 KB for the first request of a small issue', async () => {
    harness = await openHarness([{ toolCalls: [finishCall] }], { protocol });
    await harness.run();
    expect(harness.model.requests[0]?.bytes).toBeLessThanOrEqual(12 * 1024);
  });
});

describe('phases and rounds', () => {
  it('plans without changing files, then implements in the same conversation', async () => {
    const step = { title: 'Fix add', acceptance: 'add(1, 2) is 3', status: 'open' };
    harness = await openHarness([
      { toolCalls: [fix, { name: 'run', input: { command: 'touch made-by-planning' } }] },
      {
        toolCalls: [
          { name: 'update_plan', input: { steps: [step] } },
          {
            name: 'record_decision',
            input: {
              question: 'Where?',
              options: ['add', 'sub'],
              choice: 'add',
              reason: 'it fails',
              evidence: '',
            },
          },
        ],
      },
      { text: 'The plan is made.' },
      { toolCalls: [fix] },
      { toolCalls: [finishCall] },
    ]);
    const planned = await harness.run({ phase: 'plan' });
    expect(planned).toMatchObject({ stopReason: 'finished', summary: 'The plan is made.' });
    expect(planned.plan).toEqual([{ id: '1', ...step }]);
    expect(toolOutputs(harness.store)[0]).toMatchObject({
      ok: false,
      output: expect.stringMatching(/^planning:/),
    });
    await expect(harness.scratch.read('made-by-planning')).rejects.toThrow('ENOENT');
    expect(await harness.scratch.read('calc.py')).not.toContain('a + b');

    const done = await harness.run();
    expect(done).toMatchObject({ stopReason: 'finished', turns: 5 });
    expect(await harness.scratch.read('calc.py')).toContain('a + b');
    const text = JSON.stringify(harness.model.requests.at(-1)?.body);
    expect(text.indexOf('Phase: plan')).toBeLessThan(text.indexOf('Phase: implement'));
    expect(kinds()).toContain('decision.recorded');
  });

  it('brings the feedback of failed gates into the next round', async () => {
    harness = await openHarness(() => ({ toolCalls: [finishCall] }));
    await harness.run();
    await harness.run({ round: 2, task: { ...sampleTask, feedback: 'test_add still fails' } });
    expect(harness.model.requests[1]?.lastText).toContain('test_add still fails');
    expect(harness.model.requests[1]?.lastText).not.toContain(sampleTask.body);
  });

  it('returns the outcome of a phase that had ended again, without asking the model', async () => {
    harness = await openHarness([{ toolCalls: [finishCall] }]);
    const first = await harness.run();
    expect(await harness.run()).toEqual(first);
    expect(harness.model.requests).toHaveLength(1);
  });

  it('stops planning after 15 turns', async () => {
    harness = await openHarness(({ turn }) => ({
      toolCalls: [{ name: 'run', input: { command: `echo ${turn}` } }],
    }));
    expect(await harness.run({ phase: 'plan' })).toMatchObject({ stopReason: 'turn-limit', turns: 15 });
  });
});

describe('stop reasons', () => {
  it('takes a text without calls as the end, after one reminder', async () => {
    harness = await openHarness([{ text: 'I am done.' }, { text: 'Really done.' }]);
    expect(await harness.run()).toMatchObject({ stopReason: 'finished', summary: 'Really done.' });
    expect(harness.model.requests[1]?.lastText).toContain('call finish');
  });

  it.each([
    ['turn-limit', { turnsMax: 3 }],
    ['budget', { budget: () => ({ usd: 0.01 }) }],
    ['time-limit', { wallClockMs: 0 }],
  ])('reaches %s', async (stopReason, change) => {
    harness = await openHarness(({ turn }) => ({
      toolCalls: [{ name: 'run', input: { command: `echo ${turn}` } }],
    }));
    const outcome = await harness.run({ limits: { ...sampleLimits, ...change } });
    expect(outcome.stopReason).toBe(stopReason);
    expect(outcome.notDone).not.toBe('');
  });

  it('keeps to the token cap where a price is not known', async () => {
    harness = await openHarness(({ turn }) => ({
      toolCalls: [{ name: 'run', input: { command: `echo ${turn}` } }],
    }));
    const { createModelChain } = await import('../../src/models/create-model-chain.ts');
    const { silentLog } = await import('../support/silent-log.ts');
    const chain = createModelChain({
      specs: ['openai:my-local-model'],
      openai: { apiKey: 'none', baseUrl: harness.model.openaiUrl },
      clock: harness.clock,
      log: silentLog,
    });
    const outcome = await harness.run({ chain, limits: { ...sampleLimits, tokensMax: 20_000 } });
    expect(outcome.stopReason).toBe('budget');
    expect(outcome.turns).toBeGreaterThan(1);
    expect((await harness.store.spend.total(harness.lease.runId)).usd).toBe(0);
  });

  it.each([
    [{ fault: 'http-529' }, 'model-unavailable'],
    [{ fault: 'http-401' }, 'model-misconfigured'],
    [{ fault: 'http-429-spend-cap' }, 'model-misconfigured'],
    [{ text: 'No.', stop: 'refusal' }, 'model-refused'],
    [{ text: '' }, 'loop'],
  ] as const)('ends %j as %s', async (answer, stopReason) => {
    harness = await openHarness(() => answer);
    expect((await harness.run()).stopReason).toBe(stopReason);
  });

  it('goes on at the same turn when the model answers again', async () => {
    let sick = true;
    harness = await openHarness(() => (sick ? { fault: 'http-529' } : { toolCalls: [finishCall] }));
    expect((await harness.run()).stopReason).toBe('model-unavailable');
    expect(kinds().filter((kind) => kind === 'model.failed')).toHaveLength(2);
    sick = false;
    harness.lease = harness.store.claim();
    expect(await harness.run()).toMatchObject({ stopReason: 'finished', turns: 1 });
  });

  it('warns once about a loop, then stops', async () => {
    harness = await openHarness(() => ({ toolCalls: [read] }));
    expect(await harness.run()).toMatchObject({ stopReason: 'loop', turns: 10 });
    expect(harness.model.requests.filter(({ lastText }) => lastText.includes('five times'))).toHaveLength(1);
  });

  it('stops after three answers without a usable call', async () => {
    harness = await openHarness(() => ({ toolCalls: [{ name: 'read_file', raw: '{"path": ' }] }));
    expect(await harness.run()).toMatchObject({ stopReason: 'malformed-calls', turns: 3 });
    expect(harness.model.requests[1]?.lastText).toContain('not valid JSON');
  });

  it('charges the reservation when the answer reports no usage', async () => {
    harness = await openHarness([{ toolCalls: [finishCall], usage: null }]);
    await harness.run();
    expect((await harness.store.spend.total(harness.lease.runId)).usd).toBeGreaterThan(0.1);
  });

  it('ends with the reason of the lease when the run is cancelled', async () => {
    const owner = new AbortController();
    harness = await openHarness(() => ({ toolCalls: [{ name: 'run', input: { command: 'sleep 30' } }] }));
    const lease = { ...harness.lease, signal: owner.signal };
    const running = harness.run({ lease });
    running.catch(() => undefined);
    while (harness.model.answeredAtMs.length === 0) await new Promise((resolve) => setImmediate(resolve));
    owner.abort(new AppError('run-cancelled', 'the label was removed'));
    await expect(running).rejects.toMatchObject({ code: 'run-cancelled' });
  });
});
