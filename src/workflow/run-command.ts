import { createHash } from 'node:crypto';
import type { CommandRun } from '../domain/command-run.ts';
import type { SandboxResult, SandboxRun } from '../domain/sandbox.ts';
import type { SandboxPlace } from './open-sandbox.ts';
import type { WorkflowPorts } from './ports.ts';

const tailChars = 4_000;

/** Of a run, what running a tree's commands needs. */
export interface TreeContext extends SandboxPlace {
  readonly ports: SandboxPlace['ports'] &
    Pick<WorkflowPorts, 'dependencies' | 'registries' | 'log'> & {
      readonly limits: { readonly commandTimeoutMs: number };
    };
  readonly run: SandboxPlace['run'] & { readonly id: string };
  readonly lease: { readonly signal: AbortSignal; readonly epoch: number };
  checkLease(): void;
}

/** A shell command of the repository, and what is recorded of it. */
export async function runShell(
  context: TreeContext,
  sandbox: SandboxRun,
  command: { readonly shell: string; readonly cwd: string; readonly timeoutMs: number },
): Promise<CommandRun> {
  const { signal } = context.lease;
  const result = await sandbox.exec({ ...command, command: command.shell, signal });
  context.checkLease();
  return commandRun(command.shell, result);
}

export function commandRun(command: string, result: SandboxResult): CommandRun {
  const output = [result.stdout.text, result.stderr.text].filter((text) => text !== '').join('\n');
  const { exitCode, ended, durationMs } = result;
  return {
    command,
    exitCode,
    ended,
    durationMs: Math.round(durationMs),
    outputTail: output.slice(-tailChars),
    outputSha256: createHash('sha256').update(output).digest('hex'),
  };
}
