import { isAppError } from '../../domain/app-error.ts';
import type { EffectResult } from '../../domain/effect.ts';
import type { EffectFamily, EffectOf, EffectScope } from './effect-family.ts';

/**
 * A push by compare-and-swap. The branch itself tells what happened: at our commit it is done, where we expected it
 * the push was not applied, anywhere else a person moved or deleted it and nothing of theirs is overwritten.
 */
export const branch: EffectFamily<'branch.push'> = {
  idempotent: false,
  dispensable: false,
  async send(effect, scope) {
    const { run, pusher } = scope;
    const { branch: name, commit, expected } = effect;
    try {
      await pusher.push({ run, repository: run.repository, branch: name, commit, expected });
      return { outcome: 'sent', sha: commit, from: expected };
    } catch (error) {
      if (!isAppError(error, 'git-moved')) throw error;
      return (await readTip(effect, scope)) ?? rejected(effect, expected);
    }
  },
  find: readTip,
};

async function readTip(
  effect: EffectOf<'branch.push'>,
  scope: EffectScope,
): Promise<EffectResult | undefined> {
  const tip = await scope.pusher.remoteTip(scope.run, effect.branch);
  if (tip === effect.commit) return { outcome: 'adopted', sha: tip };
  return tip === effect.expected ? undefined : rejected(effect, tip);
}

function rejected(effect: EffectOf<'branch.push'>, tip: string | null): EffectResult {
  const where = tip === null ? 'does not exist any more' : `is at ${tip.slice(0, 12)}`;
  const expected = effect.expected === null ? 'not to exist' : `at ${effect.expected.slice(0, 12)}`;
  return {
    outcome: 'rejected',
    message: `the branch ${where}, we expected it ${expected}: someone else changed it`,
    ...(tip === null ? {} : { sha: tip }),
  };
}
