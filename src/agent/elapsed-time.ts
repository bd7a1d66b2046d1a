import type { JournalEntry } from '../domain/journal.ts';
import type { JournalEvent } from '../domain/journal-event.ts';

const kindsOfOurs = new Set<JournalEvent['kind']>([
  'context.added',
  'turn.answered',
  'tool.returned',
  'checkpoint.made',
  'model.failed',
  'plan.updated',
  'decision.recorded',
  'finding.proposed',
]);

/**
 * Milliseconds of agent work that the journal holds, by the database's clock: the time between neighbouring entries
 * of the loop under one claim. Gates, queueing, parking and dead workers do not count.
 */
export function elapsedMs(entries: readonly JournalEntry[]): number {
  let sumMs = 0;
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1];
    if (!before || before.epoch !== entry.epoch) continue;
    if (kindsOfOurs.has(entry.event.kind) && kindsOfOurs.has(before.event.kind))
      sumMs += Math.max(0, entry.at.getTime() - before.at.getTime());
  }
  return sumMs;
}
