import {
  messageKey,
  type RunInbox,
  type RunMessage,
  type RunMessageKind,
} from '../../src/domain/run-inbox.ts';
import { isOpen, type MemoryDatabase, notify, type RunRow } from './memory-database.ts';
import { requeue } from './memory-runs.ts';
import { transact } from './simulation.ts';

/** Messages as `src/store/run-inbox.ts` keeps them. */
export function memoryInbox(database: MemoryDatabase): RunInbox {
  const { simulation, runs, messages } = database;
  return {
    post: (message) =>
      transact(simulation, 'message.post', () => {
        if (messages.some(({ triggerKey }) => triggerKey === message.triggerKey)) return 'repeated';
        const row = runs.get(message.runId);
        if (!row || !isOpen(row) || row.keys.has('run.ended')) return 'over';
        const seq = messages.filter(({ runId }) => runId === message.runId).length + 1;
        messages.push({ ...message, seq, createdAt: simulation.scheduler.now() });
        if (row.state === 'parked' && wakes(message.kind, row.parkCause)) requeue(database, row, 15);
        notify(database, { channel: 'run' });
        return 'posted';
      }),
    runOf: async (triggerKey) => messages.find((message) => message.triggerKey === triggerKey)?.runId,
    pending: async (runId) => {
      const row = runs.get(runId);
      return row ? pendingOf(database, row) : [];
    },
  };
}

/** Those that the journal has not taken. */
export function pendingOf({ messages }: MemoryDatabase, { newRun, keys }: RunRow): readonly RunMessage[] {
  return messages.filter((message) => message.runId === newRun.id && !keys.has(messageKey(message)));
}

function wakes(kind: RunMessageKind, cause: RunRow['parkCause']): boolean {
  return (
    cause === null || cause === 'person' || cause === 'checks' || (kind !== 'message' && kind !== 'revise')
  );
}
