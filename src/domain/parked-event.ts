import type { JournalEvent } from './journal-event.ts';
import type { Release } from './run.ts';

/** What the journal keeps of a run that is given back. */
export function parkedEvent({ reason, cause, until, waitId }: Release): JournalEvent {
  return {
    kind: 'run.parked',
    reason,
    ...(cause ? { cause } : {}),
    ...(until ? { until: until.toISOString() } : {}),
    ...(waitId === undefined ? {} : { waitId }),
  };
}
