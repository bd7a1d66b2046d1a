import type { Clock } from '../../domain/clock.ts';
import type { ControlIssue } from '../../domain/control-issue.ts';
import type { Bookmarks, DeliveryLookup } from '../../domain/delivery-feed.ts';
import { reconciled } from '../reconciliation.ts';

/** Without a complete look into GitHub's log of deliveries a tick is waited for so long. */
const patienceMs = 60 * 60_000;

/**
 * What became of ticks that stand on GitHub and were not heard of. `later`: their delivery waits here, or may still
 * come. `missed`: GitHub's own log has been read since, and it is not there: nobody will ever say who ticked.
 */
export type TickFate = 'later' | 'missed';

export interface TickWatch {
  judge(control: ControlIssue, ticks: readonly string[]): Promise<TickFate>;
}

/** Remembers, for the life of a process, since when it has seen which ticks. */
export function watchTicks(ports: {
  readonly deliveries: Pick<DeliveryLookup, 'waits'>;
  readonly bookmarks: Pick<Bookmarks, 'read'>;
  readonly clock: Clock;
}): TickWatch {
  const seen = new Map<number, { readonly ticks: string; readonly at: Date }>();
  return {
    async judge({ repository, number }, open) {
      const ticks = open.join(' ');
      const known = seen.get(repository.id);
      const first = known?.ticks === ticks ? known : { ticks, at: ports.clock.now() };
      seen.set(repository.id, first);
      if (await ports.deliveries.waits(repository.id, `edited:${number}`)) return 'later';
      const passAt = await ports.bookmarks.read(reconciled);
      const isRead = passAt !== null && passAt > first.at;
      const isOld = ports.clock.now().getTime() - first.at.getTime() > patienceMs;
      if (!isRead && !isOld) return 'later';
      seen.delete(repository.id);
      return 'missed';
    },
  };
}
