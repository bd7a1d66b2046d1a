import { fetchDependencies, type SetUpPlace } from './fetch-dependencies.ts';
import type { TreeContext } from './run-command.ts';
import { runPhase, type SetUp } from './run-phase.ts';

/**
 * Fetches dependencies with the registries reachable, or takes them from the cache, then builds in another sandbox without any
 * network: code that a dependency brings never runs while there is a way out.
 */
export async function setUpDirectories(context: TreeContext, at: SetUpPlace): Promise<SetUp> {
  const fetched = await fetchDependencies(context, at);
  if (!fetched.ok) return fetched;
  const built = await runPhase(context, { ...at, network: 'none', list: at.commands.build });
  return { reached: [], ...fetched, ok: built.ok, runs: [...fetched.runs, ...built.runs] };
}
