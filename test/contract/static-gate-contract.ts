import { afterAll, describe, expect, it } from 'vitest';
import type { Gate, GateInput } from '../../src/domain/gate.ts';
import { createFactsReader, type FactsReader } from '../../src/gates/facts/facts-reader.ts';
import { runGates } from '../../src/gates/run-gates.ts';
import { brokenFacts } from '../gates/change-input.ts';

/** What a static gate has to tell apart. */
export interface StaticGateCases {
  readonly create: (facts: FactsReader) => Gate;
  readonly pass: () => GateInput;
  readonly fail: () => GateInput;
  /** The problem of `fail` was there before: it is not this change's doing. */
  readonly known: () => GateInput;
  readonly notRun: () => GateInput;
  /** A text that takes longer than a millisecond; null where the gate reads no text. */
  readonly slow: (() => GateInput) | null;
  /** It runs commands on the head tree, at least sometimes, and so waits for its turn. */
  readonly asksTheTree?: boolean;
}

/** The contract of every static gate; `cases` are the gate's own texts. */
export function describeStaticGate(name: string, cases: StaticGateCases): void {
  describe(`the static gate ${name}`, () => {
    const facts = createFactsReader();
    const hasty = createFactsReader({ fileTimeoutMs: 1 });
    afterAll(async () => {
      await facts.close();
      await hasty.close();
    });
    const gate = cases.create(facts);

    it('runs beside the others unless it asks the tree, and judges the head tree under its own name', async () => {
      const input = cases.pass();
      const verdict = await gate.judge(input);
      expect([verdict.gate, verdict.treeId]).toEqual([name, input.head.treeId]);
      expect(gate.isStatic === true).toBe(cases.asksTheTree !== true);
    });

    it('passes a sound change, with evidence and without feedback', async () => {
      const verdict = await gate.judge(cases.pass());
      expect(verdict).toMatchObject({ status: 'pass', findings: [], feedback: '' });
      expect(verdict.evidence).toHaveLength(1);
    });

    it('fails an unsound change: named places, feedback, and stable identities without line numbers', async () => {
      const verdict = await gate.judge(cases.fail());
      expect(verdict.status).toBe('fail');
      expect(verdict.findings.length).toBeGreaterThan(0);
      for (const { identity, rule, path } of verdict.findings) {
        expect(identity).toMatch(/:[0-9a-f]{16}$/);
        expect(identity.startsWith(`${rule}:${path}:`)).toBe(true);
      }
      expect(verdict.feedback).toContain(verdict.findings[0]?.path);
      expect((await gate.judge(cases.fail())).findings).toEqual(verdict.findings);
    });

    it('does not blame the change for what was there before', async () => {
      expect((await gate.judge(cases.known())).status).not.toBe('fail');
    });

    it('is not run, and says why, where there is nothing to judge', async () => {
      const verdict = await gate.judge(cases.notRun());
      expect(verdict).toMatchObject({ status: 'not-run', blocking: false });
      expect(verdict.summary).not.toBe('');
    });

    it('blocks, holds, warns or is skipped as its mode says', async () => {
      const input = cases.fail();
      for (const mode of ['block', 'hold', 'warn', 'off'] as const) {
        const settings = { ...input.settings, [name]: { ...input.settings[gate.name], mode } };
        const [verdict] = await runGates([gate], { ...input, settings });
        expect(verdict?.mode).toBe(mode);
        expect(verdict?.status).toBe(mode === 'off' ? 'not-run' : 'fail');
      }
    });

    const { slow } = cases;
    if (slow === null) return;

    it('is an error when a text could not be read', async () => {
      const verdict = await cases.create(brokenFacts).judge(cases.fail());
      expect(verdict).toMatchObject({ status: 'error', blocking: true });
      expect(verdict.summary).toContain('the reader fell over');
    });

    it('is an error when reading a text takes too long', async () => {
      const verdict = await cases.create(hasty).judge(slow());
      expect(verdict).toMatchObject({ status: 'error', blocking: true });
      expect(verdict.summary).toContain('took too long');
    });
  });
}
