import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/app-error.ts';
import { setCrashHook } from '../../src/domain/crash-point.ts';
import type { Effect, EffectKind } from '../../src/domain/effect.ts';
import { markdown } from '../../src/text/markdown.ts';
import { cases, prepared } from './effect-cases.ts';
import { commit, effectsOver, lease, run } from './effects-fixture.ts';
import { type Fault, MemoryForge, memoryLedger, person } from './memory-forge.ts';

const phases: readonly { readonly name: string; readonly crashAt?: string; readonly fault?: Fault }[] = [
  { name: 'a: before the intent is committed', crashAt: 'before-intent' },
  { name: 'b: intent committed, not sent', crashAt: 'after-intent' },
  { name: 'c1: sent, not applied, no answer', fault: 'not-applied' },
  { name: 'c2: sent, applied, no answer', fault: 'applied' },
  { name: 'd: answered, result not committed', crashAt: 'after-send' },
  { name: 'e: result committed', crashAt: 'after-result' },
];

afterEach(() => setCrashHook(undefined));

describe.each(Object.keys(cases) as EffectKind[])('%s', (kind) => {
  it.each(phases)('happens exactly once with a crash at phase $name', async ({ crashAt, fault }) => {
    const { forge, effect, seen } = prepared(kind);
    const ledger = memoryLedger();
    if (fault) forge.faults.push(fault);
    setCrashHook((name) => {
      if (name === `${kind}.${crashAt}`) throw new Error('killed');
    });
    await expect(effectsOver(forge, ledger).effects.perform(run, lease, 'k', effect)).rejects.toThrow(
      /killed|no answer/,
    );
    setCrashHook(undefined);

    const result = await effectsOver(forge, ledger).effects.perform(run, lease, 'k', effect);

    expect(result.outcome).not.toBe('rejected');
    expect(seen()).toBe(1);
    expect(ledger.records.get('k')?.state).toBe('done');
  });

  it('stays one after five lost answers in a row', async () => {
    const { forge, effect, seen } = prepared(kind);
    const { effects } = effectsOver(forge);
    for (const fault of ['applied', 'not-applied', 'applied', 'applied', 'not-applied'] as const) {
      forge.faults.push(fault);
      await effects.perform(run, lease, 'k', effect).catch(() => undefined);
    }
    forge.faults.length = 0;
    await effects.perform(run, lease, 'k', effect);
    expect(seen()).toBe(1);
  });

  it('turns an answer that will not change into a result, and keeps it', async () => {
    const { forge, effect } = prepared(kind);
    const { effects } = effectsOver(forge);
    forge.faults.push(new AppError('github-rejected', 'Validation Failed'));
    const result = await effects.perform(run, lease, 'k', effect);
    expect(result).toMatchObject({ outcome: 'rejected', message: 'Validation Failed' });
  });

  it('passes a rate limit on and can be performed later', async () => {
    const { forge, effect, seen } = prepared(kind);
    const { effects } = effectsOver(forge);
    forge.faults.push(new AppError('github-rate-limited', 'wait'));
    await expect(effects.perform(run, lease, 'k', effect)).rejects.toMatchObject({
      code: 'github-rate-limited',
    });
    await effects.perform(run, lease, 'k', effect);
    expect(seen()).toBe(1);
  });
});

describe('createEffects', () => {
  it('answers from the ledger without a request when the key is done', async () => {
    const { forge, effect } = prepared('comment.create');
    const { effects } = effectsOver(forge);
    const first = await effects.perform(run, lease, 'k', effect);
    expect(await effects.perform(run, lease, 'k', effect)).toEqual(first);
    expect(forge.applied).toEqual(['createComment']);
  });

  it('does not take a copied marker of someone else for its own comment', async () => {
    const { forge, effect } = prepared('comment.create');
    const ledger = memoryLedger();
    forge.faults.push('applied');
    await effectsOver(forge, ledger)
      .effects.perform(run, lease, 'k', effect)
      .catch(() => undefined);
    for (const comment of forge.comments) comment.author = person;
    expect(await effectsOver(forge, ledger).effects.perform(run, lease, 'k', effect)).toMatchObject({
      outcome: 'sent',
    });
    expect(forge.comments.map((comment) => comment.author.login)).toEqual(['ada', 'pullwright[bot]']);
  });

  it('lets 👀 pass what waits, and edits of the tracking comment wait for all others', async () => {
    const forge = new MemoryForge();
    const { effects, rates } = effectsOver(forge);
    const kinds = ['reaction.add', 'comment.create', 'tracking.update'] as const;
    for (const kind of kinds) await effects.perform(run, lease, kind, cases[kind].effect);
    expect(rates.turns).toEqual([
      { installationId: 3, priority: 'first', creates: false, lease },
      { installationId: 3, priority: 'normal', creates: true, lease },
      { installationId: 3, priority: 'last', creates: true, lease },
    ]);
  });

  it('says that a dispensable write lacks a permission, and stops for one that a run needs', async () => {
    const forbidden = new AppError('github-forbidden', 'Resource not accessible by integration');
    const comment = prepared('comment.create');
    comment.forge.faults.push(forbidden);
    expect(await effectsOver(comment.forge).effects.perform(run, lease, 'k', comment.effect)).toMatchObject({
      outcome: 'rejected',
    });
    const opening = prepared('pull.open');
    opening.forge.faults.push(forbidden);
    await expect(
      effectsOver(opening.forge).effects.perform(run, lease, 'k', opening.effect),
    ).rejects.toMatchObject({ code: 'github-forbidden' });
  });
});

describe('the tracking comment', () => {
  const update = (text: string): Effect => ({
    kind: 'tracking.update',
    issue: 7,
    body: markdown`${text.length}`,
  });

  it('is edited in place, only when the text differs, under any key', async () => {
    const forge = new MemoryForge();
    const { effects } = effectsOver(forge);
    await effects.perform(run, lease, 'k', update('x'));
    await effects.perform(run, lease, 'k', update('x'));
    await effects.perform(run, lease, 'other', update('xx'));
    expect(forge.applied).toEqual(['createComment', 'updateComment']);
    expect(forge.comments).toHaveLength(1);
    expect(forge.comments[0]?.body).toMatch(/^2\n\n<!-- pullwright:run=\w+ effect=tracking -->$/);
  });

  it('that waits for its turn is replaced by the newest text', async () => {
    const forge = new MemoryForge();
    const { effects, rates } = effectsOver(forge);
    const gate = Promise.withResolvers<void>();
    const held = rates.write({ installationId: 3, priority: 'normal', creates: false }, () => gate.promise);
    const edits = ['x', 'xx', 'xxx'].map((text) => effects.perform(run, lease, 'tracking', update(text)));
    gate.resolve();
    await Promise.all([held, ...edits]);
    expect(forge.applied).toEqual(['createComment']);
    expect(forge.comments[0]?.body).toMatch(/^3\n/);
  });

  it('is made again when someone deleted it', async () => {
    const forge = new MemoryForge();
    const { effects } = effectsOver(forge);
    await effects.perform(run, lease, 'k', update('x'));
    forge.comments.length = 0;
    await effects.perform(run, lease, 'k', update('x'));
    expect(forge.comments).toHaveLength(1);
  });
});

describe('branch and pull request', () => {
  it.each([
    ['moved by a person', 'b'.repeat(40), 'is at bbbbbbbbbbbb'],
    ['deleted by a person', undefined, 'does not exist any more'],
  ])('a branch %s is left alone', async (_, tip, words) => {
    const { forge, effect } = prepared('branch.push');
    forge.branches.clear();
    if (tip !== undefined) forge.branches.set('agent/7', tip as typeof commit);
    const result = await effectsOver(forge).effects.perform(run, lease, 'k', effect);
    expect(result.outcome).toBe('rejected');
    expect(result.message).toContain(words);
    expect(forge.branches.get('agent/7')).toBe(tip);
  });

  it('adopts the pull request that GitHub says exists already', async () => {
    const { forge, effect } = prepared('pull.open');
    forge.pulls.push(forge.pullOf({ number: 12, draft: false }));
    expect(await effectsOver(forge).effects.perform(run, lease, 'k', effect)).toMatchObject({
      outcome: 'adopted',
      number: 12,
      draft: false,
    });
  });

  it('neither adopts nor edits the pull request of a person or a fork', async () => {
    const opening = prepared('pull.open');
    opening.forge.pulls.push(opening.forge.pullOf({ number: 12, author: person }));
    const opened = await effectsOver(opening.forge).effects.perform(run, lease, 'k', opening.effect);
    expect(opened).toMatchObject({ outcome: 'rejected', number: 12 });

    const { forge, effect } = prepared('pull.update');
    for (const found of forge.pulls) found.author = person;
    const updated = await effectsOver(forge).effects.perform(run, lease, 'k', effect);
    expect(updated.message).toContain('belongs to ada');
    expect(forge.applied).toEqual([]);
  });

  it('does not reopen or touch a closed pull request', async () => {
    for (const kind of ['pull.update', 'pull.ready'] as const) {
      const { forge, effect } = prepared(kind);
      for (const found of forge.pulls) found.state = 'closed';
      const result = await effectsOver(forge).effects.perform(run, lease, 'k', effect);
      expect(result).toMatchObject({ outcome: 'rejected' });
      expect(forge.applied).toEqual([]);
    }
  });

  it('takes no other node id out of draft', async () => {
    const { forge } = prepared('pull.ready');
    const effect: Effect = { kind: 'pull.ready', number: 50, nodeId: 'PR_51' };
    const result = await effectsOver(forge).effects.perform(run, lease, 'k', effect);
    expect(result.outcome).toBe('rejected');
  });
});
