import type { CommandRun } from '../domain/command-run.ts';
import type { TreeRunner } from '../domain/gate.ts';
import type { EgressEvent } from '../domain/sandbox.ts';
import type { RepositoryCommand } from '../domain/toolchain.ts';
import type { WorkspaceDirectories } from '../domain/workspace.ts';
import { openSandbox } from './open-sandbox.ts';
import { runShell, type TreeContext } from './run-command.ts';

export type SetUp = Awaited<ReturnType<TreeRunner['setUp']>>;

/** One phase of a set-up: its commands in a sandbox that is closed at the end, up to the first that fails. */
export async function runPhase(
  context: TreeContext,
  phase: {
    readonly directories: WorkspaceDirectories;
    readonly name: string;
    readonly network: 'none' | 'registries';
    readonly list: readonly RepositoryCommand[];
  },
): Promise<SetUp> {
  if (phase.list.length === 0) return { ok: true, runs: [], deniedHosts: [] };
  const sandbox = await openSandbox(context, { ...phase, name: `${phase.name}-setup` });
  const runs: CommandRun[] = [];
  try {
    for (const { shell, cwd } of phase.list) {
      const run = await runShell(context, sandbox, {
        shell,
        cwd,
        timeoutMs: context.ports.limits.commandTimeoutMs,
      });
      runs.push(run);
      if (run.exitCode !== 0) break;
    }
    const hosts = (allowed: boolean): readonly string[] => hostsOf(sandbox.egress(), allowed);
    const ok = runs.every(({ exitCode }) => exitCode === 0);
    return { ok, runs, deniedHosts: hosts(false), reached: hosts(true) };
  } finally {
    await sandbox.close();
  }
}

function hostsOf(events: readonly EgressEvent[], wanted: boolean): readonly string[] {
  const found = events.filter(({ allowed }) => allowed === wanted);
  return [...new Set(found.map(({ host, port }) => `${host}:${port}`))];
}
