import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive } from '../../src/sandbox/process-tree.ts';
import { otherEngine } from './other-engine.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
/** Kept between runs: the image is made once (by debootstrap, a minute or two). */
const place = join(root, '.pullwright', 'test-engine');
const packages = 'bash,ca-certificates,curl,git,procps,python3,python3-pytest,util-linux';
const script = join(root, 'deploy', 'sandbox-image.sh');
/** Another image for another recipe. */
const recipe = createHash('sha256')
  .update(`${packages}\n${readFileSync(script, 'utf8')}`)
  .digest('hex')
  .slice(0, 8);
const archive = join(place, `image-${recipe}.tar`);
const image = `pullwright-sandbox:${recipe}`;
const startAttemptsMax = 300;

/** A Docker of the tests' own: its data, socket and processes are nobody else's. */
export interface TestEngine {
  readonly available: true;
  readonly program: string;
  readonly clientEnv: Readonly<Record<string, string>>;
  readonly image: string;
  docker(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  /** Path of the network namespace that stands for the host's; absent: ours. */
  readonly networkOf?: string;
}

/** Where no engine can be started, a test says so with this reason instead of passing in silence. */
export interface NoTestEngine {
  readonly available: false;
  readonly reason: string;
}

/** Starts `dockerd` by hand, as root, with the image of `deploy/sandbox-image.sh`. `stop` must be called. */
export async function startContainerEngine(options: EngineOptions = {}): Promise<TestEngine | NoTestEngine> {
  const other = process.env['PULLWRIGHT_TEST_ENGINE'] ?? '';
  if (other !== '') return await otherEngine(other, { archive, image, networkOf: options.networkOf });
  const reason = missing();
  if (reason !== null) return { available: false, reason };
  const lock = await lockPlace();
  try {
    await mkdir(place, { recursive: true });
    await stopForgotten();
    const engine = await startDaemon(lock, options);
    await provideImage(engine);
    return engine;
  } catch (error) {
    lock.close();
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

function missing(): string | null {
  if (process.getuid?.() !== 0) return 'only root can start dockerd here';
  if (!existsSync('/usr/sbin/dockerd')) return 'dockerd is not installed (apt-get install docker.io)';
  if (!existsSync(archive) && !existsSync('/usr/sbin/debootstrap')) {
    return 'debootstrap is not installed (apt-get install debootstrap), so no image can be made';
  }
  return null;
}

/** One process at a time uses the data directory; the kernel gives an abstract socket up with its process. */
async function lockPlace(): Promise<Server> {
  for (;;) {
    const server = createServer();
    server.listen(`\0pullwright-test-engine:${place}`);
    const isOurs = await once(server, 'listening').then(() => true, whenTaken);
    if (isOurs) {
      server.unref();
      return server;
    }
    await delay(500);
  }
}

/** `once` rejects with the server's own error. */
function whenTaken(error: NodeJS.ErrnoException): false {
  if (error.code === 'EADDRINUSE') return false;
  throw error;
}

const pidFile = join(place, 'dockerd.pid');

/** A suite that was killed could not stop its daemon. */
async function stopForgotten(): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => '0'));
  const isOurs = pid > 0 && isAlive(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(place);
  if (isOurs) await stopProcess(pid);
}

async function stopProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  for (let attempt = 0; attempt < startAttemptsMax && isAlive(pid); attempt += 1) await delay(100);
  if (isAlive(pid)) throw new Error(`dockerd ${pid} does not end`);
}

async function startDaemon(lock: Server, { networkOf }: EngineOptions): Promise<TestEngine> {
  const directory = await mkdtemp(join(tmpdir(), 'engine-'));
  await chmod(directory, 0o700);
  const host = `unix://${join(directory, 'docker.sock')}`;
  const log = await open(join(place, 'dockerd.log'), 'w');
  const dockerd = '/usr/sbin/dockerd';
  const enter = networkOf === undefined ? null : [`--net=${networkOf}`, '--', dockerd];
  const daemon = spawn(
    enter === null ? dockerd : '/usr/bin/nsenter',
    [
      ...(enter ?? []),
      '--data-root',
      join(place, 'data'),
      '--exec-root',
      join(directory, 'exec'),
      '--host',
      host,
      '--pidfile',
      join(directory, 'pid'),
      '--iptables=false',
      '--ip-forward=false',
      '--ip6tables=false',
      '--bridge=none',
    ],
    { stdio: ['ignore', log.fd, log.fd], env: { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin' } },
  );
  await log.close();
  const pid = daemon.pid ?? 0;
  await writeFile(pidFile, String(pid));
  const clientEnv = { DOCKER_HOST: host };
  const docker = async (...args: readonly string[]): Promise<string> =>
    (await run('docker', [...args], { env: { PATH: process.env.PATH, ...clientEnv } })).stdout;
  for (let attempt = 0; ; attempt += 1) {
    const answered = await docker('version').then(
      () => true,
      () => false,
    );
    if (answered) break;
    if (daemon.exitCode !== null || attempt > startAttemptsMax) throw new Error(await daemonProblem());
    await delay(100);
  }
  return {
    available: true,
    program: 'docker',
    clientEnv,
    image,
    docker,
    async stop() {
      if (daemon.exitCode === null) await stopProcess(pid);
      await rm(pidFile, { force: true });
      // A mount of the daemon's, which it leaves when it runs in another network namespace.
      await run('umount', [join(directory, 'exec', 'netns', 'default')]).catch(() => undefined);
      await rm(directory, { recursive: true, force: true });
      lock.close();
    },
  };
}

async function daemonProblem(): Promise<string> {
  const lines = (await readFile(join(place, 'dockerd.log'), 'utf8')).trim().split('\n');
  return `dockerd does not start: ${lines.slice(-2).join(' ')}`;
}

async function provideImage(engine: TestEngine): Promise<void> {
  const known = await engine.docker('image', 'inspect', image).catch(() => null);
  if (known !== null) return;
  if (!existsSync(archive)) {
    await run(script, ['--include', packages, '--tar', archive], { timeout: 900_000 });
  }
  // Whatever is there is of an older recipe.
  await engine.docker('image', 'prune', '--all', '--force');
  await engine.docker('import', archive, image);
}
