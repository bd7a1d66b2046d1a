import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../src/domain/app-error.ts';
import type { Gate, GateName } from '../../src/domain/gate.ts';
import { createLintGate } from '../../src/gates/lint-gate.ts';
import { runGates } from '../../src/gates/run-gates.ts';
import { verdictOf } from '../../src/gates/verdict-of.ts';
import { gateInput } from './gate-input.ts';

const broken = (error: Error): Gate => ({
  name: 'tests',
  async judge() {
    throw error;
  },
});

describe('runGates', () => {
  it('makes of a broken gate an error that blocks, and judges the others', async () => {
    const verdicts = await runGates([broken(new Error('oops')), createLintGate()], gateInput({}));
    expect(verdicts.map(({ gate, status, blocking }) => [gate, status, blocking])).toEqual([
      ['tests', 'error', true],
      ['lint', 'not-run', false],
    ]);
    expect(verdicts[0]?.summary).toContain('oops');
  });

  it('passes on that the run belongs to someone else now', async () => {
    const lost = new AppError('lease-lost', 'gone');
    await expect(runGates([broken(lost)], gateInput({}))).rejects.toBe(lost);
  });

  it('stops between gates when the run is stopped', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(runGates([createLintGate()], gateInput({ signal }))).rejects.toThrow('stopped');
  });

  it('lets the static gates run beside the others, which wait for each other', async () => {
    const order: string[] = [];
    const static1 = Promise.withResolvers<void>();
    const gate = (name: GateName, isStatic: boolean, work: () => Promise<void>): Gate => ({
      name,
      isStatic,
      judge: async (input) => {
        order.push(`${name} starts`);
        await work();
        order.push(`${name} ends`);
        return verdictOf(name, input, { status: 'pass', blocking: true, summary: 'fine' });
      },
    });
    const verdicts = await runGates(
      [
        gate('tests', false, () => static1.promise),
        gate('lint', false, async () => undefined),
        gate('parse', true, async () => static1.resolve()),
      ],
      gateInput({}),
    );
    expect(verdicts.map((verdict) => verdict.gate)).toEqual(['tests', 'lint', 'parse']);
    expect(order.indexOf('lint starts')).toBeGreaterThan(order.indexOf('tests ends'));
    expect(order.indexOf('parse starts')).toBeLessThan(order.indexOf('tests ends'));
  });

  it('throws only after every gate has stopped', async () => {
    const lost = new AppError('lease-lost', 'gone');
    const stopped = vi.fn<() => void>();
    const slow: Gate = {
      name: 'parse',
      isStatic: true,
      async judge(input) {
        await new Promise(setImmediate);
        stopped();
        return verdictOf('parse', input, { status: 'pass', blocking: true, summary: 'fine' });
      },
    };
    await expect(runGates([broken(lost), slow], gateInput({}))).rejects.toBe(lost);
    expect(stopped).toHaveBeenCalledOnce();
  });

  it.each([
    ['block', { status: 'error', mode: 'block', blocking: true, held: false }],
    ['hold', { status: 'error', mode: 'hold', blocking: false, held: true }],
    ['warn', { status: 'error', mode: 'warn', blocking: false, held: false }],
    ['off', { status: 'not-run', mode: 'off', blocking: false }],
  ] as const)('judges under the mode %s', async (mode, expected) => {
    const settings = { tests: { mode, unfinished: 'block' as const } };
    const [verdict] = await runGates([broken(new Error('oops'))], gateInput({ settings }));
    expect(verdict).toMatchObject(expected);
  });
});
