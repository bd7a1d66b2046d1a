import type { JournalEntry } from '../../../domain/journal.ts';

/** Time for what tells of ends that the run itself could not tell. */
export const silenceMs = 60 * 60_000;

/** What people read; a check that is closed or a journal that is pushed after the end tells nobody anything. */
const words: ReadonlySet<string> = new Set(['comment.create', 'tracking.update']);

/** Whether the run told of its end itself: words were sent after it had ended in the journal. */
export function hasOwnLastWord(entries: readonly JournalEntry[]): boolean {
  const end = entries.findIndex(({ event }) => event.kind === 'run.ended');
  return (
    end !== -1 &&
    entries.slice(end).some(({ event }) => event.kind === 'effect.sent' && words.has(event.effect))
  );
}
