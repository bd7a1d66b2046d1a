import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/app-error.ts';
import type { ReplyLedger } from '../../src/domain/effect.ts';
import type { RateBucket } from '../../src/domain/rate-bucket.ts';
import { createReplies } from '../../src/effects/create-replies.ts';
import { markdown } from '../../src/text/markdown.ts';
import { freeRates } from '../support/free-rates.ts';
import { jumpingClock, silent } from './effects-fixture.ts';
import { MemoryForge } from './memory-forge.ts';

const at = { installationId: 3, repositoryId: 10, owner: 'o', name: 'r' };

/** As Postgres keeps it, for one process after the other. */
function memoryLedger(): ReplyLedger {
  const states = new Map<string, number | 'done'>();
  return {
    async intend(key) {
      const known = states.get(key);
      if (known === 'done') return 'done';
      states.set(key, (known ?? 0) + 1);
      return { key, isNew: known === undefined, token: String((known ?? 0) + 1) };
    },
    resolve: async ({ key }) => void states.set(key, 'done'),
    release: async () => undefined,
  };
}

/** The first turn is asked for after another worker has taken the answer over. */
function lostTurn(happens: () => Promise<unknown>): RateBucket {
  const rates = freeRates();
  let isFirst = true;
  return {
    ...rates,
    async write(turn, send) {
      if (!isFirst) return await rates.write(turn, send);
      isFirst = false;
      expect(turn.claim).toEqual({ kind: 'reply', key: 'k', token: '1' });
      await happens();
      throw new AppError('lease-lost', 'taken over');
    },
  };
}

function repliesOver(
  forge: MemoryForge,
  ledger: ReplyLedger = memoryLedger(),
  rates: RateBucket = freeRates(),
) {
  const { reader, writer } = forge;
  const readBack = { reader, botLogin: 'pullwright[bot]' };
  return createReplies({ writer, ledger, clock: jumpingClock(), rates, log: silent, readBack });
}

describe('createReplies', () => {
  it('answers once per key', async () => {
    const forge = new MemoryForge();
    const replies = repliesOver(forge);
    expect(await replies.reply(at, 7, 'ada/7/day', markdown`No.`)).toBe(true);
    expect(await replies.reply(at, 7, 'ada/7/day', markdown`No.`)).toBe(false);
    expect(forge.comments).toHaveLength(1);
  });

  it.each(['applied', 'not-applied'] as const)(
    'leaves one comment when the answer was lost (%s)',
    async (fault) => {
      const forge = new MemoryForge();
      forge.faults.push(fault);
      expect(await repliesOver(forge).reply(at, 7, 'k', markdown`No.`)).toBe(true);
      expect(forge.comments).toHaveLength(1);
    },
  );

  it('gives up with the error after three attempts', async () => {
    const forge = new MemoryForge();
    forge.faults.push('not-applied', 'not-applied', 'not-applied');
    await expect(repliesOver(forge).reply(at, 7, 'k', markdown`No.`)).rejects.toMatchObject({
      code: 'github-unavailable',
    });
  });

  it('answers when the process before died with nothing but the intent', async () => {
    const forge = new MemoryForge();
    const ledger = memoryLedger();
    await ledger.intend('k');
    expect(await repliesOver(forge, ledger).reply(at, 7, 'k', markdown`No.`)).toBe(true);
    expect(forge.comments).toHaveLength(1);
  });

  it('adopts the answer of a process that died before it noted the result', async () => {
    const forge = new MemoryForge();
    const ledger = memoryLedger();
    const dying = { ...ledger, resolve: () => Promise.reject(new Error('died')) };
    await expect(repliesOver(forge, dying).reply(at, 7, 'k', markdown`No.`)).rejects.toThrow('died');
    expect(await repliesOver(forge, ledger).reply(at, 7, 'k', markdown`No.`)).toBe(true);
    expect(forge.comments).toHaveLength(1);
  });

  it('sends nothing when another worker took the answer over while this one was stopped before its request', async () => {
    const forge = new MemoryForge();
    const ledger = memoryLedger();
    const other = repliesOver(forge, ledger);
    const lost = lostTurn(() => other.reply(at, 7, 'k', markdown`No.`));
    expect(await repliesOver(forge, ledger, lost).reply(at, 7, 'k', markdown`No.`)).toBe(false);
    expect(forge.comments).toHaveLength(1);
  });

  it('answers after all when the worker that took the answer over died before its request', async () => {
    const forge = new MemoryForge();
    const ledger = memoryLedger();
    const lost = lostTurn(() => ledger.intend('k'));
    expect(await repliesOver(forge, ledger, lost).reply(at, 7, 'k', markdown`No.`)).toBe(true);
    expect(forge.comments).toHaveLength(1);
  });

  it('waits for another worker that is at the same answer', async () => {
    const forge = new MemoryForge();
    const states = ['busy', 'busy', 'done'] as const;
    let asked = 0;
    const ledger = { ...memoryLedger(), intend: async () => states[asked++] ?? 'done' };
    expect(await repliesOver(forge, ledger).reply(at, 7, 'k', markdown`No.`)).toBe(false);
    expect([asked, forge.comments.length]).toEqual([3, 0]);
  });

  it('tries an answer again that another worker never gets done', async () => {
    const ledger = { ...memoryLedger(), intend: async () => 'busy' as const };
    const replies = repliesOver(new MemoryForge(), ledger);
    await expect(replies.reply(at, 7, 'k', markdown`No.`)).rejects.toMatchObject({
      code: 'github-unavailable',
    });
  });

  it('is not an error where a thread is locked', async () => {
    const forge = new MemoryForge();
    const locked = new AppError('github-forbidden', 'locked');
    forge.faults.push(locked, locked);
    const replies = repliesOver(forge);
    await replies.react(at, 'issue', 7, 'eyes');
    expect(await replies.reply(at, 7, 'k', markdown`No.`)).toBe(false);
    expect(forge.applied).toEqual([]);
  });
});
