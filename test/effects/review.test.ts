import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/app-error.ts';
import { setCrashHook } from '../../src/domain/crash-point.ts';
import type { Effect } from '../../src/domain/effect.ts';
import type { RunId } from '../../src/domain/ids.ts';
import { markdown } from '../../src/text/markdown.ts';
import { commit, effectsOver, lease, publishCommit, run } from './effects-fixture.ts';
import { MemoryForge, memoryLedger, person } from './memory-forge.ts';

const review = (...lines: readonly number[]): Effect => ({
  kind: 'review.create',
  number: 7,
  commit,
  body: markdown`What was found`,
  lines: lines.map((line) => ({ path: 'src/a b.ts', line, body: markdown`finding ${line}` })),
});

afterEach(() => setCrashHook(undefined));

describe('a review', () => {
  it('is of the commit that was looked at, and has its comments on lines', async () => {
    const forge = new MemoryForge();
    const { effects } = effectsOver(forge);
    expect(await effects.perform(run, lease, 'review', review(3, 4))).toMatchObject({
      outcome: 'sent',
      sha: commit,
      text: { live: [] },
    });
    expect(forge.reviews).toMatchObject([{ lines: 2, commit }]);
    expect(forge.reviews[0]?.body).toMatch(/^What was found\n\n<!-- pullwright:run=\w+ effect=review -->$/);
  });

  it('has its comments in the text where GitHub refuses one of the lines', async () => {
    const forge = new MemoryForge();
    const { effects } = effectsOver(forge);
    expect(await effects.perform(run, lease, 'review', review(3, 99))).toMatchObject({ outcome: 'sent' });
    expect(forge.reviews).toMatchObject([{ lines: 0, commit }]);
    const text = forge.reviews[0]?.body;
    expect(text).toContain('`src/a b.ts:3`\n\nfinding 3');
    expect(text).toContain('`src/a b.ts:99`\n\nfinding 99');
  });

  it.each(['after-intent', 'after-send', 'after-result'])(
    'that fell back to its text is one with a crash at %s',
    async (phase) => {
      const forge = new MemoryForge();
      const ledger = memoryLedger();
      setCrashHook((name) => {
        if (name === `review.create.${phase}`) throw new Error('killed');
      });
      await expect(
        effectsOver(forge, ledger).effects.perform(run, lease, 'review', review(99)),
      ).rejects.toThrow('killed');
      setCrashHook(undefined);
      await effectsOver(forge, ledger).effects.perform(run, lease, 'review', review(99));
      expect(forge.reviews).toHaveLength(1);
    },
  );

  it('is one when the answer to its second form was lost', async () => {
    const forge = new MemoryForge();
    const ledger = memoryLedger();
    forge.faults.push(undefined, 'applied');
    const first = effectsOver(forge, ledger).effects.perform(run, lease, 'review', review(99));
    await expect(first).rejects.toThrow('no answer');
    expect(await effectsOver(forge, ledger).effects.perform(run, lease, 'review', review(99))).toMatchObject({
      outcome: 'adopted',
    });
    expect(forge.reviews).toHaveLength(1);
  });

  it('of somebody who copied the marker is not adopted', async () => {
    const forge = new MemoryForge();
    const ledger = memoryLedger();
    forge.faults.push('applied');
    await effectsOver(forge, ledger)
      .effects.perform(run, lease, 'review', review())
      .catch(() => undefined);
    const [lost] = forge.reviews.splice(0);
    if (lost) forge.reviews.push({ ...lost, author: person });
    const again = await effectsOver(forge, ledger).effects.perform(run, lease, 'review', review());
    expect(again.outcome).toBe('sent');
    expect(forge.reviews.map(({ author }) => author.login)).toEqual(['ada', 'pullwright[bot]']);
  });

  it('of a run that was lost with its database is found by what asked for it', async () => {
    const forge = new MemoryForge();
    await effectsOver(forge).effects.perform(run, lease, 'review:comment:7', review(3));
    const anew = { ...run, id: '01hzx3w5m8q2v7c9k4t6r1n0zz' as RunId };
    const { effects } = effectsOver(forge);
    expect(await effects.perform(anew, lease, 'review:comment:7', review(4))).toMatchObject({
      outcome: 'adopted',
    });
    expect(await effects.perform(anew, lease, 'review:comment:71', review(4))).toMatchObject({
      outcome: 'sent',
    });
    expect(forge.reviews).toHaveLength(2);
  });

  it('that GitHub takes in no form is a result', async () => {
    const forge = new MemoryForge();
    const refusal = () => new AppError('github-rejected', 'Commit is not part of the pull request');
    forge.faults.push(refusal(), refusal());
    const { effects } = effectsOver(forge);
    expect(await effects.perform(run, lease, 'review', review(3))).toMatchObject({
      outcome: 'rejected',
      message: 'Commit is not part of the pull request',
    });
  });
});

describe('a run that reviews', () => {
  const reviewing = { ...run, trigger: 'review' } as const;

  it.each<Effect>([
    publishCommit,
    { kind: 'branch.push', branch: 'topic', commit, expected: null },
    { kind: 'journal.push', commit, expected: null },
    { kind: 'pull.update', number: 7, body: markdown`x` },
    { kind: 'pull.ready', number: 7, nodeId: 'PR_7' },
    { kind: 'pull.label', number: 7, labels: ['x'] },
    { kind: 'tracking-issue.open', title: markdown`x`, body: markdown`x` },
  ])('cannot write $kind, and leaves no intent of it', async (effect) => {
    const forge = new MemoryForge();
    const ledger = memoryLedger();
    const { effects } = effectsOver(forge, ledger);
    await expect(effects.perform(reviewing, lease, 'k', effect)).rejects.toMatchObject({ code: 'internal' });
    expect(forge.applied).toEqual([]);
    expect(ledger.records.size).toBe(0);
  });

  it('writes its review', async () => {
    const forge = new MemoryForge();
    expect(await effectsOver(forge).effects.perform(reviewing, lease, 'k', review())).toMatchObject({
      outcome: 'sent',
    });
  });
});
