import { AppError } from '../domain/app-error.ts';
import type { SandboxCommand, SandboxResult, SandboxSpec } from '../domain/sandbox.ts';
import { isDiskLow } from './disk-reserve.ts';
import { requireDirectories } from './host-identity.ts';
import { abortedCommand, commandProblem, directoryInside, refusedCommand } from './sandbox-command.ts';
import type { HostIdentity } from './sandbox-directories.ts';

/** First of the host uids for sandboxes when nothing else is said. */
export const uidBaseDefault = 200_000;
/** What a sandbox has to leave free on the disk when nothing else is said. */
export const diskReserveBytesDefault = 2 * 1024 ** 3;

/**
 * What every engine asks of a sandbox before it is opened. Throws `sandbox-failed` for a name that is none,
 * `sandbox-unavailable` when a directory cannot be used by the uid, `disk-full` when the reserve is touched.
 */
export async function admitSpec(
  spec: SandboxSpec,
  { uidBase, diskReserveBytes }: { readonly uidBase: number; readonly diskReserveBytes: number },
): Promise<HostIdentity> {
  if (!/^[a-z0-9-]{1,100}$/.test(spec.name)) {
    throw new AppError('sandbox-failed', `not a sandbox name: ${JSON.stringify(spec.name)}`);
  }
  const identity = await requireDirectories(spec, uidBase);
  if (isDiskLow(spec.workspace, diskReserveBytes)) {
    throw new AppError('disk-full', `less than ${diskReserveBytes} bytes are free below ${spec.workspace}`);
  }
  return identity;
}

/** Where inside the command runs, or its result when it is not run at all. Throws `disk-full`. */
export function admitCommand(
  command: SandboxCommand,
  { spec, diskReserveBytes }: { readonly spec: SandboxSpec; readonly diskReserveBytes: number },
): { readonly cwd: string } | { readonly result: SandboxResult } {
  if (command.signal?.aborted) return { result: abortedCommand() };
  const refusal = commandProblem(command);
  const cwd = directoryInside('/workspace', command.cwd);
  if (refusal !== null || cwd === null) {
    const reason = refusal ?? `${JSON.stringify(command.cwd)} is outside the workspace`;
    return { result: refusedCommand(reason) };
  }
  if (isDiskLow(spec.workspace, diskReserveBytes)) {
    throw new AppError('disk-full', 'too little disk space is left to run a command');
  }
  return { cwd };
}
