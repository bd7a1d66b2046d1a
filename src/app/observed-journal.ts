import type { EffectPort } from '../domain/effect.ts';
import type { RunId } from '../domain/ids.ts';
import type { Journal } from '../domain/journal.ts';
import type { JournalEvent } from '../domain/journal-event.ts';

/** Hears of every event that this process appended, after it was committed. Must not throw. */
export type JournalListener = (runId: RunId, event: JournalEvent) => void;

/** The same journal, with somebody watching: how the demo and local mode show progress. */
export function observeJournal(journal: Journal, listener: JournalListener): Journal {
  return {
    async append(lease, event, key) {
      const seq = await journal.append(lease, event, key);
      listener(lease.runId, event);
      return seq;
    },
    read: (runId, afterSeq) => journal.read(runId, afterSeq),
    verify: (runId) => journal.verify(runId),
  };
}

/** The same effects, with somebody watching; the store journals their results by itself. */
export function observeEffects(effects: EffectPort, listener: JournalListener): EffectPort {
  return {
    async perform(run, lease, key, effect) {
      const result = await effects.perform(run, lease, key, effect);
      listener(run.id, { kind: 'effect.sent', effect: effect.kind, key, result });
      return result;
    },
    settle: (run, lease, effectOf) => effects.settle(run, lease, effectOf),
  };
}
