import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { AppError } from '../domain/app-error.ts';

const execute = promisify(execFile);
const timeoutMsDefault = 60_000;
const outputBytesMax = 4 * 1024 * 1024;

/** The command line of Docker or Podman: the one interface that both share, and no dependency. */
export interface ContainerCli {
  readonly program: string;
  /** Standard output. Throws `sandbox-failed` with what the engine said. */
  run(args: readonly string[], timeoutMs?: number): Promise<string>;
  spawn(args: readonly string[], stdin: boolean): ChildProcess;
}

/**
 * `env` is the whole environment of the client: where the engine listens, and nothing of ours. The client passes
 * none of it into a container.
 */
export function containerCli(program: string, env: Readonly<Record<string, string>>): ContainerCli {
  const options = { env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', ...env }, cwd: '/' };
  return {
    program,
    async run(args, timeoutMs = timeoutMsDefault) {
      try {
        const limits = { timeout: timeoutMs, maxBuffer: outputBytesMax, killSignal: 'SIGKILL' as const };
        return (await execute(program, [...args], { ...options, ...limits })).stdout;
      } catch (error) {
        throw new AppError('sandbox-failed', `${program} ${args[0] ?? ''}: ${complaint(error)}`);
      }
    },
    spawn: (args, stdin) =>
      spawn(program, [...args], { ...options, stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'] }),
  };
}

/** The last thing that the client said, without the command line, which holds a repository's words. */
function complaint(error: unknown): string {
  const { stderr, code, killed } = error as { stderr?: unknown; code?: unknown; killed?: unknown };
  const said = typeof stderr === 'string' ? stderr.trim().split('\n').at(-1) : '';
  return (
    said?.slice(0, 400) || (killed === true ? 'no answer in time' : `ended with ${String(code ?? error)}`)
  );
}
