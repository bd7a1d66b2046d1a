import { AppError } from '../../src/domain/app-error.ts';
import type { DeliveryFeed, FeedEntry } from '../../src/domain/delivery-feed.ts';
import type { DeliveryGuid } from '../../src/domain/ids.ts';
import { currentProcess } from './scheduler.ts';
import type { SentDelivery, SimulatedGithub } from './simulated-github.ts';
import { network, type Simulation, seam } from './simulation.ts';

/** GitHub's log of the App's deliveries, over all repositories. */
export function deliveryFeed(
  simulation: Simulation,
  hubs: ReadonlyMap<number, SimulatedGithub>,
): DeliveryFeed {
  const { scheduler, random, faults } = simulation;
  const ask = async <T>(name: string, look: () => T): Promise<T> => {
    await seam(simulation, name);
    const lost = faults.fires('github.lost');
    await scheduler.wait(network, name, random.between(10, 200));
    const found = lost ? undefined : look();
    await scheduler.wait(currentProcess(), `${name} answered`, random.between(10, 100));
    if (found === undefined) throw new AppError('github-unavailable', 'no answer');
    return found;
  };
  return {
    page: () => ask('feed page', () => ({ entries: entriesOf(hubs), next: null })),
    payload: (id) => {
      if (faults.fires('feed.unreadable'))
        return ask('feed payload', () => null).then(() => {
          throw new AppError('github-not-found', 'GitHub has it no more');
        });
      return ask('feed payload', () => attemptOf(hubs, id)?.delivery.payload ?? null);
    },
    redeliver: (id) =>
      ask('feed redeliver', () => {
        const found = attemptOf(hubs, id);
        if (found) found.hub.deliver(found.delivery);
        return null;
      }).then(() => undefined),
  };
}

function entriesOf(hubs: ReadonlyMap<number, SimulatedGithub>): readonly FeedEntry[] {
  const entries = [...hubs.values()].flatMap((hub) =>
    hub.sent.flatMap(({ guid, event, action, attempts }) =>
      attempts.map(({ id, at }) => ({
        id,
        guid: guid as DeliveryGuid,
        event,
        action,
        installationId: hub.installationId,
        repositoryId: hub.repositoryId,
        deliveredAt: at,
      })),
    ),
  );
  return entries.sort((one, other) => other.deliveredAt.getTime() - one.deliveredAt.getTime());
}

function attemptOf(
  hubs: ReadonlyMap<number, SimulatedGithub>,
  id: string,
): { readonly hub: SimulatedGithub; readonly delivery: SentDelivery } | undefined {
  for (const hub of hubs.values())
    for (const delivery of hub.sent)
      if (delivery.attempts.some((attempt) => attempt.id === id)) return { hub, delivery };
  return undefined;
}
