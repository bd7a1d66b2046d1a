import type { OpenedPulls } from '../domain/effect.ts';
import type { Database } from './database.ts';

/** What the effect ledger says about pull requests that were opened. */
export function openOpenedPulls(database: Database): OpenedPulls {
  return {
    async opened(repositoryId, pull) {
      return (await database.run('opened-pull', [repositoryId, pull])).length > 0;
    },
  };
}
