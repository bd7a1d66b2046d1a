import type { JournalEntry } from '../../../domain/journal.ts';

/** Time for what tells of ends that the run itself could not tell. */
export const silenceMs = 60 * 60_000;

/** Whether the run told of its end itself: something was sent after it had ended in the journal. */
export function hasOwnLastWord(entries: readonly JournalEntry[]): boolean {
  const end = entries.findIndex(({ event }) => event.kind === 'run.ended');
  return end !== -1 && entries.slice(end).some(({ event }) => event.kind === 'effect.sent');
}
