import type { EffectResult, OpenedPulls } from '../domain/effect.ts';
import type { Database } from './database.ts';

/** What the effect ledger says about pull requests that were opened. A rejected one can name somebody else's. */
export function openOpenedPulls(database: Database): OpenedPulls {
  return {
    async opened(repositoryId, pull) {
      const rows = await database.run('opened-pull', [repositoryId, pull]);
      const results = rows.map(({ result }) => JSON.parse(result as string) as EffectResult);
      return results.some(({ outcome, number }) => outcome !== 'rejected' && number === pull);
    },
  };
}
