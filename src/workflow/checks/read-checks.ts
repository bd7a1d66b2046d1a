import { type CheckResult, type CheckSource, checkSources } from '../../domain/checks.ts';
import type { CommitId } from '../../domain/ids.ts';
import { addressOf } from '../address.ts';
import { groundCommit } from '../choose-ground.ts';
import type { CheckPorts } from '../ports.ts';
import type { RunContext } from '../run-context.ts';
import type { CommitResults, Reading } from './reading.ts';

/** What is read again and again while a run waits. */
export type HeadReading = Pick<Reading, 'head' | 'required'> & { readonly sources: readonly CheckSource[] };

/** Results at the published commit and what the base branch demands; our own are judged elsewhere. */
export async function readHead(
  context: RunContext,
  { reader, appId }: CheckPorts,
  commit: CommitId,
): Promise<HeadReading> {
  const { run, ports } = context;
  const granted = (await ports.permissions?.granted(run.installationId)) ?? {};
  const sources = checkSources.filter((source) => granted[source] !== undefined);
  const results = await reader.results(addressOf(run), commit, sources);
  const own = new Set(results.filter((result) => result.appId === appId).map(({ name }) => name));
  const required = await reader.required(addressOf(run), context.fact('base.chosen').base);
  return {
    sources,
    head: othersOf(results, appId),
    required: required.filter((name) => !own.has(name)),
  };
}

/** The same commits for as long as the run goes on; their results may still change. */
export async function readBefore(
  context: RunContext,
  { reader, appId }: CheckPorts,
  sources: readonly CheckSource[],
): Promise<Pick<Reading, 'before' | 'runsOnPulls'>> {
  const at = addressOf(context.run);
  const { baseSha } = context.fact('base.chosen');
  const before: CommitResults[] = [];
  for (const sha of new Set([baseSha, groundCommit(context)])) {
    const results = await reader.results(at, sha as CommitId, sources);
    before.push({ sha, results: othersOf(results, appId) });
  }
  const runsOnPulls = sources.includes('actions') && (await reader.runsOnPulls(at));
  return { before, runsOnPulls };
}

function othersOf(results: readonly CheckResult[], appId: number): readonly CheckResult[] {
  return results.filter((result) => result.appId !== appId);
}
