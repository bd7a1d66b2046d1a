// The container engine's suite in circumstances of its own: node bin/task.js engine-suite user|podman|podman-rootless
// `user`: the bot is an ordinary user whose group may speak to a Docker; the Docker is the tests' own. Needs root.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startContainerEngine } from '../test/support/container-engine.ts';

const root = join(import.meta.dirname, '..');
/** Nobody's on usual machines: the user, its group, and the group that may speak to the engine. */
const uid = 61_001;
const engineGid = 61_002;

const [circumstance = '', ...more] = process.argv.slice(2);
switch (circumstance) {
  case 'user':
    process.exitCode = await asUserOfDocker();
    break;
  case 'podman':
    process.exitCode = await suite({ PULLWRIGHT_TEST_ENGINE: 'podman' }, []);
    break;
  case 'podman-rootless':
    process.exitCode = await asUser({ PULLWRIGHT_TEST_ENGINE: 'podman' });
    break;
  default:
    process.stderr.write(
      'usage: node bin/task.js engine-suite user|podman|podman-rootless [vitest options]\n',
    );
    process.exitCode = 2;
}

async function asUserOfDocker(): Promise<number> {
  const engine = await startContainerEngine();
  if (!engine.available) throw new Error(engine.reason);
  const host = engine.clientEnv['DOCKER_HOST'] ?? '';
  const socket = host.replace('unix://', '');
  try {
    await chmod(dirname(socket), 0o711);
    await chown(socket, 0, engineGid);
    await chmod(socket, 0o660);
    return await asUser({ PULLWRIGHT_TEST_ENGINE: host });
  } finally {
    await engine.stop();
  }
}

async function asUser(env: Readonly<Record<string, string>>): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'engine-suite-'));
  await chown(home, uid, uid);
  try {
    const identity = [`--reuid=${uid}`, `--regid=${uid}`, `--groups=${engineGid}`, '--inh-caps=-all', '--'];
    return await suite({ ...env, HOME: home, TMPDIR: home }, ['/usr/bin/setpriv', ...identity]);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function suite(env: Readonly<Record<string, string>>, as: readonly string[]): Promise<number> {
  // The default loader writes beside the dependencies, which an ordinary user may not.
  const config = ['--config', 'vitest.engine.config.ts', '--configLoader', 'runner'];
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const words = [...as, process.execPath, vitest, 'run', ...config, ...more];
  const [program = '', ...argv] = words;
  const child = spawn(program, argv, {
    cwd: root,
    env: { PATH: process.env['PATH'], PULLWRIGHT_REQUIRE_CONTAINER: '1', ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
