import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Sandbox, SandboxRun, SandboxSpec } from '../domain/sandbox.ts';
import { trialSpec } from './sandbox-canary.ts';
import { isolationTrials } from './self-test-isolation.ts';
import { limitTrials } from './self-test-limits.ts';
import type { TrialPlace } from './self-test-trial.ts';

/** What was found out about one promise. `weaker`: it does not hold, which costs this machine but opens nothing. */
export interface TrialResult {
  readonly promise: string;
  readonly state: 'holds' | 'weaker' | 'broken';
  /** What happened instead; empty when it holds. */
  readonly detail: string;
}

const trialTimeoutMs = 60_000;

/**
 * Tries every promise of the sandbox contract on this machine, with canaries and hostile commands. It is product code,
 * not the tests': the kernel, engine and image that count are the operator's.
 */
export async function selfTest(sandbox: Sandbox, stateDir: string): Promise<readonly TrialResult[]> {
  const { root, spec } = await trialSpec(sandbox, stateDir);
  const secret = `canary-${randomUUID()}`;
  const secretFile = join(root, 'secret');
  const servers: Server[] = [];
  try {
    await writeFile(secretFile, secret, { mode: 0o644 });
    const abstractName = `pullwright-${randomUUID()}`;
    const tcp = await listening(servers, (server) => server.listen(0, '127.0.0.1'));
    await listening(servers, (server) => server.listen(`\0${abstractName}`));
    const address = tcp.address();
    const hostPort = typeof address === 'object' && address !== null ? address.port : 0;
    const run = await sandbox.open(spec);
    try {
      return await tryAll({
        sandbox,
        spec,
        secretFile,
        secret,
        hostPort,
        abstractName,
        exec: (command, more) => run.exec({ timeoutMs: trialTimeoutMs, ...more, command }),
        within: (more, use) => within(sandbox, { ...spec, ...more, name: 'probe-within' }, use),
      });
    } finally {
      await run.close();
    }
  } finally {
    for (const server of servers) server.close();
    await sandbox.remove(root).catch(() => undefined);
  }
}

async function tryAll(place: TrialPlace): Promise<readonly TrialResult[]> {
  const results: TrialResult[] = [];
  for (const trial of [...isolationTrials, ...limitTrials]) {
    const problem = await trial.run(place).catch((error: unknown) => `could not be tried: ${String(error)}`);
    const failed = trial.isOptional === true ? 'weaker' : 'broken';
    results.push({
      promise: trial.promise,
      state: problem === null ? 'holds' : failed,
      detail: problem ?? '',
    });
  }
  return results;
}

async function within<T>(
  sandbox: Sandbox,
  spec: SandboxSpec,
  use: (run: SandboxRun) => Promise<T>,
): Promise<T> {
  const run = await sandbox.open(spec);
  try {
    return await use(run);
  } finally {
    await run.close();
  }
}

async function listening(servers: Server[], listen: (server: Server) => void): Promise<Server> {
  const server = createServer((socket) => socket.end('reached'));
  listen(server);
  await once(server, 'listening');
  servers.push(server);
  return server;
}
