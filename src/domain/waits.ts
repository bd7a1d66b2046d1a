import type { JournalEvent, Wait } from './journal-event.ts';

type Begun = Extract<JournalEvent, { kind: 'wait.begun' }>;
export type WaitEnded = Extract<JournalEvent, { kind: 'wait.ended' }>;

/** How a wait ended; undefined while it lasts or before it began. */
export function waitEnded(events: readonly JournalEvent[], waitId: string): WaitEnded | undefined {
  return events.findLast(
    (event): event is WaitEnded => event.kind === 'wait.ended' && event.waitId === waitId,
  );
}

/** What the run waits for: the newest wait that has begun and not ended. */
export function openWait(events: readonly JournalEvent[]): Wait | undefined {
  return events.findLast(
    (event): event is Begun => event.kind === 'wait.begun' && !waitEnded(events, event.wait.id),
  )?.wait;
}

/** How much of a hash people see and have to write at least. */
export const shownHashChars = 12;
const leastHashChars = 7;

/** Whether what a person wrote names this hash: a beginning of it that nobody hits by chance. */
export function namesHash(written: string, hash: string): boolean {
  const given = written.trim().toLowerCase();
  return given.length >= leastHashChars && hash.startsWith(given);
}
