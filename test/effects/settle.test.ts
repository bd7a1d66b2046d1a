import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/domain/effect.ts';
import { markdown } from '../../src/text/markdown.ts';
import { commit, effectsOver, lease, run } from './effects-fixture.ts';
import { MemoryForge, memoryLedger } from './memory-forge.ts';

const open: Effect = {
  kind: 'pull.open',
  head: 'agent/7',
  base: 'main',
  title: markdown`title`,
  body: markdown`body`,
  draft: true,
};

describe('a run that ends in the middle of an effect', () => {
  it.each([
    ['knows the pull request that was opened although no answer came', 'applied', 'adopted', 1],
    ['says that it was not sent where GitHub does not have it', 'not-applied', 'rejected', 0],
  ] as const)('%s', async (_, fault, outcome, pulls) => {
    const forge = new MemoryForge();
    const ledger = memoryLedger();
    const { effects } = effectsOver(forge, ledger);
    forge.branches.set('agent/7', commit);
    forge.faults.push(fault);
    await expect(effects.perform(run, lease, 'pull', open)).rejects.toMatchObject({
      code: 'github-unavailable',
    });
    await effects.settle(run, lease, () => open);
    expect(ledger.records.get('pull')).toMatchObject({ state: 'done', result: { outcome } });
    expect(forge.pulls).toHaveLength(pulls);
  });

  it('counts what nobody can rebuild as not known, and leaves what has a result alone', async () => {
    const ledger = memoryLedger();
    const { effects } = effectsOver(new MemoryForge(), ledger);
    await ledger.intend(lease, 'odd', 'comment.create', { idempotent: false });
    await ledger.intend(lease, 'done', 'comment.create', { idempotent: false });
    await ledger.resolve(lease, 'done', 'comment.create', { outcome: 'sent', id: 1 });
    await effects.settle(run, lease, () => undefined);
    expect(ledger.records.get('odd')?.result).toMatchObject({ outcome: 'rejected' });
    expect(ledger.records.get('done')?.result).toEqual({ outcome: 'sent', id: 1 });
  });

  it('keeps the intent open while GitHub is away: the end waits for an answer', async () => {
    const forge = new MemoryForge();
    const ledger = memoryLedger();
    await ledger.intend(lease, 'pull', 'pull.open', { idempotent: false });
    const away = { ...forge.reader, openPullByHead: () => Promise.reject(new Error('away')) };
    const { effects } = effectsOver(Object.assign(forge, { reader: away }), ledger);
    await expect(effects.settle(run, lease, () => open)).rejects.toThrow('away');
    expect(ledger.records.get('pull')?.state).toBe('intended');
  });
});
