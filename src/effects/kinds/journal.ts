import { isAppError } from '../../domain/app-error.ts';
import type { EffectResult } from '../../domain/effect.ts';
import type { EffectFamily, EffectOf, EffectScope } from './effect-family.ts';

/**
 * The journal ref, fast-forward only. The ref's own place tells what happened, so it may be repeated; a ref that
 * somebody moved or protects is a result, because a run never depends on it.
 */
export const journal: EffectFamily<'journal.push'> = {
  idempotent: true,
  dispensable: true,
  async send(effect, scope) {
    const { commit, expected } = effect;
    const { run, journals } = scope;
    if (!journals) return { outcome: 'rejected', message: 'journal refs are not written here' };
    try {
      await journals.push(run, { commit, expected });
      return { outcome: 'sent', sha: commit, from: expected };
    } catch (error) {
      if (!isAppError(error, 'git-moved')) throw error;
      return (await atCommit(effect, scope)) ?? { outcome: 'rejected', message: error.message };
    }
  },
  find: atCommit,
};

async function atCommit(
  { commit }: EffectOf<'journal.push'>,
  { run, journals }: EffectScope,
): Promise<EffectResult | undefined> {
  const tip = journals ? await journals.tip(run) : null;
  return tip === commit ? { outcome: 'adopted', sha: commit } : undefined;
}
