import type { JournalEntry } from '../../../domain/journal.ts';
import type { Invariant } from '../invariant.ts';

/** Between a delay and the claim that ends it: the queue wakes in steps. */
const toleranceMs = 1_000;

/** Entries are stamped by the database; what a worker's own clock decided would be out of step with them. */
export const databaseTimeDecides: Invariant = {
  id: 'I23',
  title: 'waits end by the database’s clock, whatever a worker’s own says',
  kind: 'run',
  partly:
    'order of the entries and length of waits; leases are test/integration, skewed clocks the simulation',
  check({ run, entries }) {
    const back = entries.flatMap(({ seq, at }, index) => {
      const before = entries[index - 1]?.at ?? at;
      return at.getTime() < before.getTime() - toleranceMs
        ? [`entry ${seq} is older than the one before it`]
        : [];
    });
    return run.cancelReason === null ? [...back, ...earlyClaims(entries)] : back;
  },
};

/** Whoever wrote to the run, or stopped it, ends the wait before its time. */
function earlyClaims(entries: readonly JournalEntry[]): readonly string[] {
  const wasCalled = entries.some(({ key }) => key?.startsWith('message:') === true);
  if (wasCalled) return [];
  return entries.flatMap(({ seq, event, at }, index) => {
    const parked = entries[index - 1];
    const retried = entries.slice(0, index).findLast((entry) => entry.event.kind === 'run.retried')?.event;
    if (event.kind !== 'run.claimed' || parked?.event.kind !== 'run.parked') return [];
    if (parked.event.cause === undefined || parked.event.cause === 'person') return [];
    if (retried?.kind !== 'run.retried') return [];
    const waitedMs = at.getTime() - parked.at.getTime();
    return waitedMs < retried.delayMs - toleranceMs
      ? [`entry ${seq} claims it after ${waitedMs} ms of a wait of ${retried.delayMs} ms`]
      : [];
  });
}
