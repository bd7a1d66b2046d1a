import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readdir, unlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { AppError } from '../domain/app-error.ts';
import type { ContainerCli } from './container-cli.ts';

const label = { state: 'pullwright.state', owner: 'pullwright.owner', run: 'pullwright.run' } as const;
const socketPathBytesMax = 107;

/** This process as the owner of containers: they outlive a process that is killed, so somebody must know whose they are. */
export interface ContainerOwner {
  readonly id: string;
  /** Options of `create`. */
  labels(run: string): readonly string[];
  /** Removes the containers of owners that are gone, of this state directory only; how many. */
  reap(cli: ContainerCli): Promise<number>;
}

/**
 * An owner lives while its Unix socket in the state directory accepts: the kernel closes it with the process. Process
 * ids would say nothing where a bot runs in a container of its own, and may be another process's by now.
 */
export async function containerOwner(stateDir: string): Promise<ContainerOwner> {
  const id = randomUUID().slice(0, 13);
  const directory = join(stateDir, 'owners');
  const path = join(directory, `${id}.sock`);
  if (Buffer.byteLength(path) > socketPathBytesMax) {
    throw new AppError('sandbox-unavailable', `the path ${stateDir} is too long for a Unix socket`, {
      hint: 'Choose a shorter state directory.',
    });
  }
  await mkdir(directory, { recursive: true });
  await chmod(directory, 0o700);
  const server = createServer((socket) => socket.destroy());
  server.listen(path);
  await once(server, 'listening');
  server.unref();
  const state = createHash('sha256').update(stateDir).digest('hex').slice(0, 16);
  return {
    id,
    labels: (run) => [
      '--label',
      `${label.state}=${state}`,
      '--label',
      `${label.owner}=${id}`,
      '--label',
      `${label.run}=${run}`,
    ],
    async reap(cli) {
      // By name: Docker and Podman have no template in common that prints a label.
      const format = '{{.ID}} {{.Names}}';
      const listed = await cli.run([
        'ps',
        '-a',
        '--filter',
        `label=${label.state}=${state}`,
        '--format',
        format,
      ]);
      const rows = listed
        .split('\n')
        .map((line) => line.trim().split(' '))
        .map(([container, name = '']) => [container, ownerIn(name)] as const)
        .filter(([, owner]) => owner !== undefined && owner !== id);
      const known = (await readdir(directory)).map((name) => name.replace(/\.sock$/, ''));
      const dead = new Set<string>();
      for (const owner of new Set([...known, ...rows.map(([, one = '']) => one)])) {
        if (!(await isListening(join(directory, `${owner}.sock`)))) dead.add(owner);
      }
      const stale = rows.flatMap(([container, owner = '']) =>
        dead.has(owner) && container ? [container] : [],
      );
      if (stale.length > 0) await cli.run(['rm', '--force', '--volumes', ...stale]);
      for (const owner of dead) await unlink(join(directory, `${owner}.sock`)).catch(() => undefined);
      return stale.length;
    },
  };
}

/** The beginning of every name that our containers get. */
function ownerIn(name: string): string | undefined {
  return /^pullwright-([0-9a-f]{8}-[0-9a-f]{4})-/.exec(name)?.[1];
}

async function isListening(path: string): Promise<boolean> {
  const socket = connect(path);
  return await new Promise((resolve) => {
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
