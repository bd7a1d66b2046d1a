import type { Effect } from '../domain/effect.ts';
import type { RunContext } from './run-context.ts';

/** Performs what a run can do without: that GitHub refused it is noted, and changes nothing else. */
export async function performNoted(context: RunContext, key: string, effect: Effect): Promise<void> {
  const { run, lease, ports } = context;
  const result = await ports.effects.perform(run, lease, key, effect);
  await context.refresh();
  if (result.outcome !== 'rejected') return;
  const text = `GitHub did not take ${effect.kind}: ${result.message ?? 'no reason given'}`;
  await context.append({ kind: 'note', level: 'info', text }, `note:${key}`);
}
