import { AppError } from '../domain/app-error.ts';
import type { EgressEvent, SandboxCommand, SandboxResult, SandboxRun } from '../domain/sandbox.ts';

export interface ClosableRunParts {
  /** The command's signal also fires when the sandbox is closed. */
  execute(command: SandboxCommand): Promise<SandboxResult>;
  egress(): readonly EgressEvent[];
  /** After the last command ended. */
  tearDown(): Promise<void>;
}

/** How every engine's open sandbox ends: nothing starts after `close`, which aborts what runs and waits for it. */
export function closableRun(name: string, parts: ClosableRunParts): SandboxRun {
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  let closed: Promise<void> | null = null;
  return {
    async exec(command) {
      if (closed !== null) {
        throw new AppError('sandbox-failed', `the sandbox ${name} is closed`);
      }
      const signal = AbortSignal.any([closing.signal, ...(command.signal ? [command.signal] : [])]);
      const execution = parts.execute({ ...command, signal });
      running.add(execution);
      try {
        return await execution;
      } finally {
        running.delete(execution);
      }
    },
    egress: () => parts.egress(),
    close() {
      closed ??= (async () => {
        closing.abort();
        await Promise.allSettled(running);
        await parts.tearDown();
      })();
      return closed;
    },
  };
}
