import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { NoTestEngine, TestEngine } from './container-engine.ts';

const run = promisify(execFile);

/**
 * The engine that `PULLWRIGHT_TEST_ENGINE` names instead of the tests' own Docker: `podman` (as whoever runs the tests, with storage of its own), or
 * the address of a Docker that runs already (`unix:///…/docker.sock`) and may be spoken to.
 */
export async function otherEngine(
  name: string,
  from: { readonly archive: string; readonly image: string; readonly networkOf: string | undefined },
): Promise<TestEngine | NoTestEngine> {
  if (from.networkOf !== undefined) {
    return { available: false, reason: `${name} cannot be started in another network` };
  }
  const engine = name === 'podman' ? await podman() : await existing(name);
  if (!engine.available) return engine;
  try {
    const names = await engine.docker('image', 'ls', '--quiet', from.image);
    if (names.trim() === '') await importImage(engine, from);
    return { ...engine, image: from.image };
  } catch (error) {
    await engine.stop();
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function importImage(
  engine: TestEngine,
  { archive, image }: { readonly archive: string; readonly image: string },
): Promise<void> {
  if (!existsSync(archive))
    throw new Error(`there is no image at ${archive}: run the suite with the own Docker once`);
  await engine.docker('import', archive, image);
}

async function existing(host: string): Promise<TestEngine> {
  const clientEnv = { DOCKER_HOST: host };
  return {
    available: true,
    program: 'docker',
    clientEnv,
    image: '',
    docker: (...args) => client('docker', clientEnv, args),
    stop: async () => undefined,
  };
}

async function podman(): Promise<TestEngine | NoTestEngine> {
  const program = '/usr/bin/podman';
  if (!existsSync(program))
    return { available: false, reason: 'podman is not installed (apt-get install podman)' };
  const directory = await mkdtemp(join(tmpdir(), 'podman-'));
  await chmod(directory, 0o711);
  const settings = join(directory, 'storage.conf');
  const places = `runroot = "${join(directory, 'run')}"\ngraphroot = "${join(directory, 'data')}"`;
  await writeFile(
    settings,
    `[storage]\ndriver = "${process.getuid?.() === 0 ? 'overlay' : 'vfs'}"\n${places}\n`,
  );
  const clientEnv = { CONTAINERS_STORAGE_CONF: settings, HOME: directory, XDG_RUNTIME_DIR: directory };
  return {
    available: true,
    program,
    clientEnv,
    image: '',
    docker: (...args) => client(program, clientEnv, args),
    async stop() {
      await client(program, clientEnv, ['rm', '--all', '--force']).catch(() => '');
      await client(program, clientEnv, ['unshare', 'rm', '-rf', join(directory, 'data')]).catch(() => '');
      // A mount of the storage's own.
      await run('umount', [join(directory, 'data', 'overlay')]).catch(() => undefined);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function client(
  program: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<string> {
  const options = { env: { PATH: process.env['PATH'], ...env }, cwd: '/', timeout: 300_000 };
  return (await run(program, [...args], options)).stdout;
}
