import { isAppError } from '../domain/app-error.ts';
import type { CommitId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { RunContext } from './run-context.ts';

/**
 * The run's workspace at its start commit: created the first time, found again afterwards. A run that comes from
 * another machine finds no mirror here: what its snapshot chose is fetched once more.
 */
export async function openWorkspace(context: RunContext): Promise<Workspace> {
  // A worker that was stopped and wakes up must not make directories anew that the run's next owner has removed.
  context.checkLease();
  try {
    return await open(context);
  } catch (error) {
    if (!isAppError(error, 'git-failed')) throw error;
    await fetchStart(context);
    return await open(context);
  }
}

async function open(context: RunContext): Promise<Workspace> {
  const { run, ports } = context;
  const start = context.fact('base.chosen').startSha as CommitId;
  return await ports.workspaces.open(run.id, run.repository, start);
}

async function fetchStart(context: RunContext): Promise<void> {
  const { run, ports } = context;
  const { base, baseSha, head, headTip } = context.fact('base.chosen');
  const { workspaces } = ports;
  await workspaces.fetch(run, run.repository, { branch: base, sha: baseSha as CommitId });
  if (headTip !== null)
    await workspaces.fetch(run, run.repository, { branch: head, sha: headTip as CommitId });
}
