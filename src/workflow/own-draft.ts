import type { ForgePull } from '../domain/forge.ts';
import type { CommitId } from '../domain/ids.ts';
import { addressOf } from './address.ts';
import { openWorkspace } from './open-workspace.ts';
import type { RunContext } from './run-context.ts';

/**
 * The pull request that the run works on, where a run of ours opened it as a draft and none has made it ready yet. One
 * that was ready before is a draft because a person wanted that, and so is everybody else's.
 */
export async function draftOfOurs(context: RunContext): Promise<ForgePull | undefined> {
  const { run, ports } = context;
  const { number } = run.target;
  const pull = await ports.reader.pull(addressOf(run), number);
  if (!pull?.draft) return undefined;
  const sent = await sentByEarlierRuns(context);
  const has = (effect: string): boolean =>
    sent.some((event) => event.effect === effect && event.result.number === number);
  return has('pull.open') && !has('pull.ready') ? pull : undefined;
}

/** By the runs whose commits are on the branch. */
async function sentByEarlierRuns(context: RunContext) {
  const { run, ports } = context;
  const { baseSha, startSha } = context.fact('base.chosen');
  const workspace = await openWorkspace(context);
  const branch = await workspace.commitsSince(baseSha as CommitId, startSha as CommitId);
  const commits = branch.map(({ sha }) => sha);
  const published = await ports.published.published(run.repository.id, commits);
  const earlier = new Set(published.map((one) => one.run));
  const journals = await Promise.all([...earlier].map((id) => ports.journal.read(id)));
  return journals.flat().flatMap(({ event }) => (event.kind === 'effect.sent' ? [event] : []));
}
