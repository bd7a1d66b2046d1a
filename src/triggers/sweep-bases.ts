import type { RepositoryAddress } from '../domain/forge.ts';
import { classifyActor } from './actor-class.ts';
import type { Found, SweepPorts } from './sweep-ports.ts';

/**
 * Pull requests of ours whose base may have moved while a run worked on them, or unannounced. One event for each pair
 * of commits, so that what was looked at once is stored and never looked at again.
 */
export async function findMovedBases(ports: SweepPorts, at: RepositoryAddress): Promise<readonly Found[]> {
  const pulls = await ports.sweepReader.openPulls(at);
  const own = pulls.filter(({ author }) => classifyActor(author, null, ports) === 'own-bot');
  const tips = new Map<string, string | undefined>();
  for (const { base } of own) {
    if (!tips.has(base)) tips.set(base, await ports.reader.branchTip(at, base));
  }
  return own.flatMap(({ number, base, headSha }) => {
    const tip = tips.get(base);
    if (tip === undefined) return [];
    const payload = { ref: `refs/heads/${base}`, deleted: false };
    return [
      {
        guid: `sweep-base-${at.repositoryId}-${number}-${headSha}-${tip}`,
        event: 'push',
        action: null,
        payload,
      },
    ];
  });
}
