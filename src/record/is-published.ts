import type { EffectKind, EffectResult } from '../domain/effect.ts';

/** True for the effect that put the work on its branch, by the API or by git. */
export function isPublished(sent: { readonly effect: EffectKind; readonly result: EffectResult }): boolean {
  const { effect, result } = sent;
  return (effect === 'commit.publish' || effect === 'branch.push') && result.outcome !== 'rejected';
}
