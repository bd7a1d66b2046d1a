import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Journal } from '../../src/domain/journal.ts';
import type { Lease } from '../../src/domain/run.ts';
import { messageKey, type NewRunMessage, type RunInbox } from '../../src/domain/run-inbox.ts';
import { newRun } from '../support/new-run.ts';

/** A run that a worker holds, with its inbox. */
export interface InboxUnderTest {
  readonly inbox: RunInbox;
  readonly journal: Journal;
  readonly lease: Lease;
  /** The run goes to another owner. */
  handOver(): Promise<Lease>;
  /** The run is over. */
  end(): Promise<void>;
}

let count = 0;

/** What every inbox promises. */
export function describeRunInbox(subject: {
  readonly name: string;
  open(): Promise<InboxUnderTest>;
  close?(): Promise<void>;
}): void {
  describe(`the inbox of ${subject.name}`, () => {
    let run: InboxUnderTest;
    beforeEach(async () => {
      run = await subject.open();
    });
    afterAll(async () => await subject.close?.());

    function message(changes: Partial<NewRunMessage> = {}): NewRunMessage {
      count += 1;
      return {
        runId: run.lease.runId,
        kind: 'revise',
        text: 'use the other parser',
        actor: { id: 5, login: 'ada', type: 'User' },
        role: 'write',
        commentId: count,
        triggerKey: `comment:${count}`,
        ...changes,
      };
    }

    it('gives back what was posted, in order and whole', async () => {
      const said = [
        message({ text: 'NUL \0 and half \ud800 of a pair' }),
        message({ kind: 'approve', text: 'abc123', role: 'maintain', commentId: null }),
        message({ kind: 'event', text: '', details: { check: 'ci', ok: false } }),
      ];
      for (const one of said) expect(await run.inbox.post(one)).toBe('posted');
      const pending = await run.inbox.pending(run.lease.runId);
      expect(pending).toMatchObject(said.map((one, index) => ({ ...one, seq: index + 1 })));
      expect(pending.every(({ createdAt }) => createdAt instanceof Date)).toBe(true);
      expect(await run.inbox.pending(newRun().id)).toEqual([]);
    });

    it('takes a trigger once, also when two bring it at the same time', async () => {
      const same = message();
      const results = await Promise.all([run.inbox.post(same), run.inbox.post({ ...same, text: 'later' })]);
      expect([...results].sort()).toEqual(['posted', 'repeated']);
      expect(await run.inbox.post(same)).toBe('repeated');
      expect(await run.inbox.pending(run.lease.runId)).toHaveLength(1);
    });

    it('numbers messages without a gap when many come at once', async () => {
      const many = Array.from({ length: 8 }, () => message());
      await Promise.all(many.map((one) => run.inbox.post(one)));
      const pending = await run.inbox.pending(run.lease.runId);
      expect(pending.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    it('holds a message until a journal entry takes it, and never gives it out again', async () => {
      const first = message();
      const second = message();
      await run.inbox.post(first);
      await run.inbox.post(second);
      const note = { kind: 'note', level: 'info', text: 'taken' } as const;
      await run.journal.append(run.lease, note, messageKey(first));
      const next = await run.handOver();
      expect(await run.inbox.pending(next.runId)).toMatchObject([{ triggerKey: second.triggerKey }]);
      await expect(run.journal.append(run.lease, note, messageKey(second))).rejects.toMatchObject({
        code: 'lease-lost',
      });
      expect(await run.inbox.pending(next.runId)).toHaveLength(1);
    });

    it('takes nothing for a run that is over or unknown', async () => {
      expect(await run.inbox.post(message({ runId: newRun().id }))).toBe('over');
      const before = message();
      await run.inbox.post(before);
      await run.end();
      expect(await run.inbox.post(message())).toBe('over');
      expect(await run.inbox.post(before)).toBe('repeated');
    });

    it('knows which run a trigger was posted to, also when that took it and is over', async () => {
      const heard = message();
      expect(await run.inbox.runOf(heard.triggerKey)).toBeUndefined();
      await run.inbox.post(heard);
      const note = { kind: 'note', level: 'info', text: 'taken' } as const;
      await run.journal.append(run.lease, note, messageKey(heard));
      await run.end();
      expect(await run.inbox.runOf(heard.triggerKey)).toBe(run.lease.runId);
    });

    it('takes nothing more once the end is journaled, though its worker still has to tell of it', async () => {
      const before = message();
      await run.inbox.post(before);
      const end = { state: 'refused', summary: 'done' } as const;
      await run.journal.append(run.lease, { kind: 'run.ended', state: end.state, end }, 'run.ended');
      expect(await run.inbox.post(message())).toBe('over');
      expect(await run.inbox.pending(run.lease.runId)).toMatchObject([{ triggerKey: before.triggerKey }]);
    });
  });
}
