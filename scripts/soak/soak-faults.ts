import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverHome, serverIdentity } from '../../src/store/embedded/server-identity.ts';
import { ensurePostgres } from '../../src/store/ensure-postgres.ts';
import { silentLog as log } from '../../test/support/silent-log.ts';
import { finishedByOthers, heldRuns } from './taken-over.ts';

const ingressFile = join(import.meta.dirname, 'ingress.ts');

/** An ingress on a port of its own, started again whenever it dies. */
export interface Ingress {
  readonly url: string;
  /** A load balancer sends nothing there. */
  readonly isPaused: boolean;
  kill(): void;
  /**
   * Stops the process until others have finished a run that it held; then it goes on as if nothing had happened. False
   * when it held none and goes on at once, or nobody took one over.
   */
  pause(): Promise<boolean>;
  stop(): Promise<void>;
}

export interface IngressOptions {
  readonly databaseUrl: string;
  readonly secret: string;
  readonly sinkUrl: string;
  /** False: the negative control. */
  readonly fenced: boolean;
}

export async function startIngress(options: IngressOptions): Promise<Ingress> {
  const port = await freePort();
  let stopped = false;
  let isPaused = false;
  let child = launch(options, port);
  const watch = (): void => {
    child.once('exit', () => {
      if (stopped) return;
      child = launch(options, port);
      watch();
    });
  };
  watch();
  await readyOf(child);
  return {
    url: `http://127.0.0.1:${port}/api/github/webhooks`,
    get isPaused() {
      return isPaused;
    },
    kill: () => void child.kill('SIGKILL'),
    async pause() {
      const paused = child;
      paused.kill('SIGSTOP');
      const runs = await heldRuns(options.databaseUrl, `soak-${paused.pid}`);
      isPaused = runs.length > 0;
      const taken = isPaused && (await finishedByOthers(options.databaseUrl, runs));
      paused.kill('SIGCONT');
      isPaused = false;
      return taken;
    },
    async stop() {
      stopped = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function launch({ databaseUrl, secret, sinkUrl, fenced }: IngressOptions, port: number): ChildProcess {
  const words = [ingressFile, databaseUrl, String(port), secret, sinkUrl, fenced ? 'on' : 'off'];
  return spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

async function readyOf(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('no output');
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('an ingress did not start'))),
  ]);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** What was done to the system, by kind. */
export interface FaultCounts {
  ingressKilled: number;
  ingressPaused: number;
  /** Pauses in which another ingress finished a run of the paused one. */
  takenOver: number;
  postgresFast: number;
  postgresImmediate: number;
}

export interface FaultParts {
  readonly ingresses: readonly Ingress[];
  readonly stateDir: string;
  /** Pause between faults, default 5,000. */
  readonly tickMs: number;
  readonly counts: FaultCounts;
}

/**
 * Kills an ingress every tick (5 s), and restarts Postgres every other one, alternately by fast and by immediate
 * shutdown. The first ingress is never killed: it is paused again and again, while the others do its work.
 */
export async function injectFaults(signal: AbortSignal, parts: FaultParts): Promise<void> {
  const { ingresses, counts, stateDir } = parts;
  const [paused, ...others] = ingresses;
  const pauses = paused ? pauseAgain(signal, paused, parts) : undefined;
  for (let tick = 1; ; tick++) {
    await sleep(parts.tickMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    others[tick % others.length]?.kill();
    counts.ingressKilled += 1;
    if (tick % 2 === 0) await restartPostgres(stateDir, tick % 4 === 0, counts);
  }
  await pauses;
}

const triedAgainMs = 200;

async function pauseAgain(
  signal: AbortSignal,
  ingress: Ingress,
  { counts, tickMs }: FaultParts,
): Promise<void> {
  for (;;) {
    if (signal.aborted) return;
    counts.ingressPaused += 1;
    const isTaken = await ingress.pause();
    if (isTaken) counts.takenOver += 1;
    // Without a run nothing is shown: it is tried again at once.
    await sleep(isTaken ? tickMs : triedAgainMs, undefined, { signal }).catch(() => undefined);
  }
}

async function restartPostgres(stateDir: string, immediate: boolean, counts: FaultCounts): Promise<void> {
  if (immediate) {
    process.kill(postmasterPid(stateDir), 'SIGQUIT');
    counts.postgresImmediate += 1;
  } else {
    await (await ensurePostgres({ stateDir, log })).stop().catch(() => undefined);
    counts.postgresFast += 1;
  }
  await startPatiently(stateDir);
}

/** On a busy machine the checkpoint of a shutdown alone can take a minute, and a start gives up after one. */
async function startPatiently(stateDir: string): Promise<void> {
  for (let left = 5; ; left--) {
    try {
      await ensurePostgres({ stateDir, log });
      return;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

function postmasterPid(stateDir: string): number {
  const file = readFileSync(join(serverDirectory(stateDir), 'pgdata-18', 'postmaster.pid'), 'utf8');
  return Number(file.split('\n', 1)[0]);
}

function serverDirectory(stateDir: string): string {
  return serverHome(stateDir, serverIdentity());
}
