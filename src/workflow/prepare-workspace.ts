import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxRun } from '../domain/sandbox.ts';
import type { Workspace } from '../domain/workspace.ts';
import { openSandbox } from './open-sandbox.ts';
import type { RunContext } from './run-context.ts';
import { setUpDirectories } from './set-up-directories.ts';
import { startTree } from './steps/snapshot.ts';

/**
 * The sandbox over the run's work tree, with the repository's dependencies installed in it once: the journal says that
 * it was done, a mark beside the work tree that it was done on this machine.
 */
export async function prepareWorkspace(context: RunContext, workspace: Workspace): Promise<SandboxRun> {
  const { directories } = workspace;
  const name = `${context.run.id}-work`;
  const mark = join(directories.root, 'prepared');
  if (!context.last('workspace.prepared') || !existsSync(mark)) {
    const { commands } = context.fact('commands.detected');
    const { ok, runs } = await setUpDirectories(context, {
      directories,
      name,
      commands,
      workspace,
      treeId: startTree(context),
      state: 'used',
    });
    const last = runs.at(-1);
    const problem = ok || !last ? null : `\`${last.command}\` left with ${last.exitCode ?? last.ended}`;
    writeFileSync(mark, '');
    await context.append({ kind: 'workspace.prepared', problem }, 'workspace.prepared');
  }
  return await openSandbox(context, { directories, name, network: 'none' });
}
