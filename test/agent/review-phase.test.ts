import { afterEach, expect, it } from 'vitest';
import type { AgentOptions } from '../../src/agent/agent-options.ts';
import { type AgentHarness, openHarness, sampleTask, toolOutputs } from './agent-harness.ts';

const reviewing: Partial<AgentOptions> = {
  phase: 'review',
  workspace: null,
  task: {
    ...sampleTask,
    instruction: 'the arithmetic',
    change: { diff: '     2 +    return a - b', gates: 'tests: fail' },
  },
  judgeFinding: ({ line }) => (line === 2 ? null : 'this change adds no such line'),
};

let harness: AgentHarness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

const report = (line: number) => ({
  name: 'report_finding',
  input: { path: 'calc.py', line, severity: 'error', claim: 'It subtracts.', quote: '    return a - b' },
});

it('gives the model tools that read and propose, and no other', async () => {
  harness = await openHarness([
    { toolCalls: [{ name: 'read_file', input: { path: 'calc.py' } }, report(2), report(40)] },
    {
      toolCalls: [
        { name: 'write_file', input: { path: 'calc.py', content: '' } },
        { name: 'run', input: { command: 'rm calc.py' } },
        { name: 'record_decision', input: {} },
      ],
    },
    { toolCalls: [{ name: 'finish', input: { summary: 'One problem.', not_done: '' } }] },
  ]);
  expect(await harness.run(reviewing)).toMatchObject({ stopReason: 'finished', summary: 'One problem.' });
  const [request] = harness.model.requests;
  const body: Readonly<Record<string, unknown>> = request?.body ?? {};
  const lastText = request?.lastText ?? '';
  const names = (body['tools'] as readonly { readonly name: string }[]).map(({ name }) => name);
  expect(names).toEqual(['read_file', 'list_files', 'search', 'report_finding', 'finish']);
  expect(JSON.stringify(body['system'])).toContain('careful reviewer');
  expect(lastText).toContain('Phase: review, round 1.');
  expect(lastText).toContain('in the words of its author');
  expect(lastText).toContain('can ask for nothing but findings');
  expect(lastText).toContain('     2 +    return a - b');
  const outputs = toolOutputs(harness.store);
  expect(outputs.map(({ ok }) => ok)).toEqual([true, true, false, false, false, false, true]);
  expect(outputs[2]?.output).toBe('dropped: this change adds no such line');
  expect(outputs[3]?.output).toContain('there is no tool write_file');
  const kinds = harness.store.entries.map(({ event }) => event.kind);
  expect(kinds.filter((kind) => kind === 'finding.proposed')).toHaveLength(2);
  expect(kinds).not.toContain('checkpoint.made');
});

it('goes on after a crash between a proposal and its answer, and keeps it once', async () => {
  harness = await openHarness(({ turn }) =>
    turn === 0
      ? { toolCalls: [report(2)] }
      : { toolCalls: [{ name: 'finish', input: { summary: 'Done.', not_done: '' } }] },
  );
  const { journal } = harness.store;
  const dying: AgentOptions['journal'] = {
    ...journal,
    read: (...values) => journal.read(...values),
    append: async (lease, event, key) => {
      if (event.kind === 'tool.returned') throw new Error('killed');
      return await journal.append(lease, event, key);
    },
  };
  await expect(harness.run({ ...reviewing, journal: dying })).rejects.toThrow('killed');
  harness.lease = harness.store.claim();
  expect(await harness.run(reviewing)).toMatchObject({ stopReason: 'finished' });
  const proposals = harness.store.entries.filter(({ event }) => event.kind === 'finding.proposed');
  expect(proposals).toHaveLength(1);
});
