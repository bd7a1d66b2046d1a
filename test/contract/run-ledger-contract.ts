import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { EffectLedger, ReplyClaim, ReplyLedger } from '../../src/domain/effect.ts';
import type { BlobStore, Journal } from '../../src/domain/journal.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { Lease } from '../../src/domain/run.ts';
import { type BudgetStanding, type DayCaps, dayBudgets, type SpendLedger } from '../../src/domain/spend.ts';

/** One run with everything that is written for it, as the suites want it. */
export interface RunLedgers {
  readonly journal?: Journal;
  readonly blobs?: BlobStore;
  readonly spend?: SpendLedger;
  readonly effects?: EffectLedger;
  readonly lease: Lease;
  /** The run goes to another owner: its lease; the one before is over. */
  handOver(): Promise<Lease>;
}

export interface LedgerSubject {
  readonly name: string;
  /** A run that nothing was written for yet. */
  open(): Promise<RunLedgers>;
  close?(): Promise<void>;
}

const lost = { code: 'lease-lost' };
const note = (text: string): JournalEvent => ({ kind: 'note', level: 'info', text });

/** What every journal promises, the one in Postgres and its double. */
export function describeJournal(subject: LedgerSubject): void {
  describe(`the journal of ${subject.name}`, () => {
    let journal: Journal;
    let run: RunLedgers;
    beforeEach(async () => {
      run = await subject.open();
      journal = present(run.journal);
    });
    afterAll(async () => await subject.close?.());

    it('numbers entries without a gap, keeps their order and gives back what was put in', async () => {
      const before = (await journal.read(run.lease.runId)).length;
      const texts = ['plain', 'NUL \0', 'half \ud800 surrogate', 'x'.repeat(100_000)];
      for (const text of texts) await journal.append(run.lease, note(text));
      const entries = await journal.read(run.lease.runId, before);
      expect(entries.map(({ seq }) => seq)).toEqual(texts.map((_, index) => before + index + 1));
      expect(entries.map(({ event }) => event)).toEqual(texts.map(note));
      expect(entries.every(({ epoch }) => epoch === run.lease.epoch)).toBe(true);
      expect(await journal.verify(run.lease.runId)).toBeNull();
    });

    it('takes a key once and answers with the first number, to the next owner too', async () => {
      const first = await journal.append(run.lease, note('first'), 'key');
      const next = await run.handOver();
      expect(await journal.append(next, note('second'), 'key')).toBe(first);
      const notes = (await journal.read(next.runId)).filter(({ event }) => event.kind === 'note');
      expect(notes.map(({ event }) => event)).toEqual([note('first')]);
    });

    it('takes nothing from an owner whose lease is over, not even a key that is known', async () => {
      await journal.append(run.lease, note('known'), 'known');
      await run.handOver();
      await expect(journal.append(run.lease, note('late'))).rejects.toMatchObject(lost);
      await expect(journal.append(run.lease, note('late'), 'known')).rejects.toMatchObject(lost);
    });

    it('gives each entry a hash of its own', async () => {
      await journal.append(run.lease, note('same'));
      await journal.append(run.lease, note('same'));
      const hashes = (await journal.read(run.lease.runId)).map(({ hash }) => hash);
      expect(new Set(hashes).size).toBe(hashes.length);
      expect(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
    });
  });
}

/** What every spend ledger promises. */
export function describeSpend(subject: LedgerSubject): void {
  describe(`the spend ledger of ${subject.name}`, () => {
    let spend: SpendLedger;
    let run: RunLedgers;
    const cap = { usd: 1, tokens: 1_000 };
    beforeEach(async () => {
      run = await subject.open();
      spend = present(run.spend);
    });
    afterAll(async () => await subject.close?.());

    it('charges a key once, whoever reserves it again', async () => {
      expect(await spend.reserve(run.lease, 'turn:1', { usd: 0.5, tokens: 100 }, cap)).toBe('reserved');
      const next = await run.handOver();
      expect(await spend.reserve(next, 'turn:1', { usd: 0.5, tokens: 100 }, cap)).toBe('reserved');
      expect(await spend.total(next.runId)).toEqual({ usd: 0.5, tokens: 100 });
    });

    it('refuses what would pass the cap in money or in tokens, and charges nothing for it', async () => {
      await spend.reserve(run.lease, 'turn:1', { usd: 0.75, tokens: 500 }, cap);
      expect(await spend.reserve(run.lease, 'usd', { usd: 0.5, tokens: 1 }, cap)).toEqual({
        budget: 'run',
        limit: 1,
        spent: 0.75,
        needed: 0.5,
        resetsAt: null,
      });
      expect(await spend.reserve(run.lease, 'tokens', { usd: 0, tokens: 501 }, cap)).toEqual({
        budget: 'tokens',
        limit: 1_000,
        spent: 500,
        needed: 501,
        resetsAt: null,
      });
      expect(await spend.reserve(run.lease, 'both', { usd: 0.25, tokens: 500 }, cap)).toBe('reserved');
      expect(await spend.total(run.lease.runId)).toEqual({ usd: 1, tokens: 1_000 });
    });

    it('replaces a reservation by what was used, as often as that is said', async () => {
      await spend.reserve(run.lease, 'turn:1', { usd: 0.5, tokens: 500 }, cap);
      await spend.settle(run.lease, 'turn:1', { usd: 0.125, tokens: 50 });
      await spend.settle(run.lease, 'turn:1', { usd: 0.125, tokens: 50 });
      expect(await spend.total(run.lease.runId)).toEqual({ usd: 0.125, tokens: 50 });
    });

    it('holds a reservation against every budget of the day, and says which has no room', async () => {
      const charge = { usd: 0.5, tokens: 1 };
      await spend.reserve(run.lease, 'turn:1', charge, cap);
      await spend.settle(run.lease, 'turn:1', charge);
      const standings = await spend.standings(run.lease.runId, cap);
      expect(standings.map(({ budget, spent }) => [budget, spent])).toEqual([
        ['run', 0.5],
        ['tokens', 1],
      ]);
      for (const budget of dayBudgets) {
        // Other runs of the same day may count as well.
        const [before] = await daysOf({ [budget]: 1_000 });
        const spentUsd = before?.spent ?? 0;
        expect(spentUsd).toBeGreaterThanOrEqual(0.5);
        const days = { [budget]: spentUsd + 0.25 };
        const breach = await spend.reserve(run.lease, budget, charge, { ...cap, days });
        expect(breach).toMatchObject({ budget, limit: spentUsd + 0.25, spent: spentUsd, needed: 0.5 });
        expect(breach === 'reserved' ? null : breach.resetsAt?.toISOString()).toMatch(/T00:00:00.000Z$/);
      }
      expect(await spend.total(run.lease.runId)).toEqual(charge);

      async function daysOf(days: DayCaps): Promise<readonly BudgetStanding[]> {
        const all = await spend.standings(run.lease.runId, { ...cap, days });
        return all.filter(({ resetsAt }) => resetsAt !== null);
      }
    });

    it('is closed to an owner whose lease is over', async () => {
      await run.handOver();
      await expect(spend.reserve(run.lease, 'late', cap, cap)).rejects.toMatchObject(lost);
      await expect(spend.settle(run.lease, 'late', cap)).rejects.toMatchObject(lost);
    });
  });
}

/** What every blob store promises. */
export function describeBlobs(subject: LedgerSubject): void {
  describe(`the blobs of ${subject.name}`, () => {
    afterAll(async () => await subject.close?.());

    it('are found by the hash of their bytes, however often they were put', async () => {
      const { blobs } = await subject.open();
      const bytes = Buffer.from([0, 255, 10, 0, 128]);
      const hash = await present(blobs).put(bytes);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(await present(blobs).put(new Uint8Array(bytes))).toBe(hash);
      expect(await present(blobs).get(hash)).toEqual(bytes);
      expect(await present(blobs).get('0'.repeat(64) as typeof hash)).toBeUndefined();
    });
  });
}

/** What every effect ledger promises. */
export function describeEffectLedger(subject: LedgerSubject): void {
  describe(`the effect ledger of ${subject.name}`, () => {
    let effects: EffectLedger;
    let run: RunLedgers;
    const once = { idempotent: false };
    const result = { outcome: 'sent', number: 4 } as const;
    beforeEach(async () => {
      run = await subject.open();
      effects = present(run.effects);
    });
    afterAll(async () => await subject.close?.());

    it('says new, then unknown to whoever asks before there is a result, then done', async () => {
      expect(await effects.intend(run.lease, 'pull', 'pull.open', once)).toEqual({ state: 'new' });
      const next = await run.handOver();
      expect(await effects.intend(next, 'pull', 'pull.open', once)).toEqual({ state: 'unknown' });
      await effects.resolve(next, 'pull', 'pull.open', result);
      expect(await effects.intend(next, 'pull', 'pull.open', once)).toEqual({ state: 'done', result });
      expect(await effects.list(next.runId)).toMatchObject([
        { key: 'pull', kind: 'pull.open', state: 'done', result },
      ]);
    });

    it('says new again for an idempotent effect that is done, and unknown before that', async () => {
      const again = { idempotent: true };
      expect(await effects.intend(run.lease, 't', 'tracking.update', again)).toEqual({ state: 'new' });
      expect(await effects.intend(run.lease, 't', 'tracking.update', again)).toEqual({ state: 'unknown' });
      await effects.resolve(run.lease, 't', 'tracking.update', result);
      expect(await effects.intend(run.lease, 't', 'tracking.update', again)).toEqual({ state: 'new' });
    });

    it('takes neither intent nor result from an owner whose lease is over', async () => {
      await effects.intend(run.lease, 'pull', 'pull.open', once);
      await run.handOver();
      await expect(effects.intend(run.lease, 'late', 'pull.open', once)).rejects.toMatchObject(lost);
      await expect(effects.resolve(run.lease, 'pull', 'pull.open', result)).rejects.toMatchObject(lost);
    });
  });
}

/** What every reply ledger promises. */
export function describeReplyLedger(subject: {
  readonly name: string;
  open(): Promise<ReplyLedger>;
  close?(): Promise<void>;
}): void {
  describe(`the reply ledger of ${subject.name}`, () => {
    afterAll(async () => await subject.close?.());

    it('lets one of many that ask at once answer a key', async () => {
      const ledger = await subject.open();
      const key = `key-${crypto.randomUUID()}`;
      const states = await Promise.all(Array.from({ length: 5 }, () => ledger.intend(key)));
      expect(states.filter((state) => state === 'busy')).toHaveLength(4);
      expect(states).toContainEqual({ key, isNew: true, token: expect.any(String) });
      expect(await ledger.intend(`${key}-other`)).toMatchObject({ isNew: true });
    });

    it('lets nobody answer a key again that was answered', async () => {
      const ledger = await subject.open();
      const key = `key-${crypto.randomUUID()}`;
      const claim = await claimed(ledger, key);
      await ledger.resolve(claim);
      await ledger.release(claim);
      expect(await ledger.intend(key)).toBe('done');
    });

    it('knows that a released attempt may have been sent', async () => {
      const ledger = await subject.open();
      const key = `key-${crypto.randomUUID()}`;
      await ledger.release(await claimed(ledger, key));
      expect(await ledger.intend(key)).toMatchObject({ isNew: false });
      expect(await ledger.intend(key)).toBe('busy');
    });

    it('tells the claims of a key apart, and releases no other one', async () => {
      const ledger = await subject.open();
      const key = `key-${crypto.randomUUID()}`;
      const first = await claimed(ledger, key);
      await ledger.release(first);
      const second = await claimed(ledger, key);
      expect(second.token).not.toBe(first.token);
      await ledger.release(first);
      expect(await ledger.intend(key)).toBe('busy');
    });
  });
}

async function claimed(ledger: ReplyLedger, key: string): Promise<ReplyClaim> {
  const claim = await ledger.intend(key);
  if (typeof claim === 'string') throw new Error(`the key is ${claim}`);
  return claim;
}

function present<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the subject lacks this part');
  return part;
}
