import { once } from 'node:events';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../domain/app-error.ts';
import { type ContainerLayout, containerOptions } from './container-arguments.ts';
import type { ContainerCli } from './container-cli.ts';
import type { ContainerOwner } from './container-owner.ts';
import { type ContainerNetwork, removeContainer } from './container-run.ts';
import { startEgressProxy } from './egress-proxy.ts';
import { egressRules } from './egress-rules.ts';
import { bridgeProgram, bridgeSocketPath } from './network-bridge.ts';
import { reachableNode } from './reachable-node.ts';
import { type HostIdentity, removeTree } from './sandbox-directories.ts';

export interface ContainerNetworkOptions {
  readonly cli: ContainerCli;
  readonly owner: ContainerOwner;
  readonly stateDir: string;
  readonly registries: readonly string[];
  readonly upstreamProxy?: string | undefined;
  readonly identity: HostIdentity;
  readonly name: string;
  readonly layout: ContainerLayout;
}

const startTimeoutMs = 30_000;
let counter = 0;

/**
 * A container that keeps a network of loopback only for the commands of one open sandbox, and in it the bridge to an
 * egress proxy in this process. It has no workspace, and the commands see neither its processes nor the socket.
 *
 * Instead of a bridge network with a proxy beside it: the host's address stays reachable from those, and the engine's
 * resolver was a way out by DNS (CVE-2024-29018).
 */
export async function openContainerNetwork(options: ContainerNetworkOptions): Promise<ContainerNetwork> {
  counter += 1;
  const directory = join(options.stateDir, `run-${process.pid}-${counter}`);
  const socketPath = join(directory, 'proxy.sock');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const proxy = await startEgressProxy({
    socketPath,
    rules: egressRules(options.registries),
    upstreamProxy: options.upstreamProxy,
  });
  const holder = `pullwright-${options.owner.id}-network-${counter}`;
  const cleanUp = async (): Promise<void> => {
    await removeContainer(options.cli, holder);
    await proxy.close();
    await removeTree(directory);
  };
  try {
    await give(socketPath, 0o600, options.identity);
    await give(directory, 0o700, options.identity);
    await startHolder(options, holder, directory);
    return { holder, events: () => proxy.events(), close: cleanUp };
  } catch (error) {
    await cleanUp().catch(() => undefined);
    throw error;
  }
}

async function give(path: string, mode: number, identity: HostIdentity): Promise<void> {
  await chmod(path, mode);
  if (identity !== null) await chown(path, identity.uid, identity.gid);
}

async function startHolder(
  options: ContainerNetworkOptions,
  holder: string,
  directory: string,
): Promise<void> {
  const { cli, owner, layout } = options;
  const node = await reachableNode(options.stateDir, options.identity);
  const mounts = [
    { source: node, target: '/egress-node' },
    { source: directory, target: dirname(bridgeSocketPath), writable: true },
  ];
  await cli.run([
    'create',
    '--name',
    holder,
    ...owner.labels(options.name),
    ...containerOptions({ ...layout, mounts, network: null }),
    layout.image,
    '-i',
    '/egress-node',
    '-e',
    bridgeProgram,
  ]);
  const client = cli.spawn(['start', '--attach', holder], false);
  let said = '';
  client.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString('utf8')}`.slice(0, 500);
  });
  try {
    const signal = AbortSignal.timeout(startTimeoutMs);
    const [first] = await Promise.race([
      client.stdout === null ? [] : once(client.stdout, 'data', { signal }),
      once(client, 'exit', { signal }).then(() => [null]),
    ]);
    if (first === null || first === undefined) throw new Error(said.trim() || 'it ended at once');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown';
    throw new AppError(
      'sandbox-failed',
      `the network of the sandbox did not start: ${reason} (the image needs the C and C++ runtime of a glibc system)`,
      { cause },
    );
  } finally {
    // The bridge says nothing more, and the container does not need its client.
    client.kill('SIGKILL');
    client.stdout?.destroy();
    client.stderr?.destroy();
  }
}
