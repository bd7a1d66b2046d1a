import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestEngine } from '../support/container-engine.ts';

const run = promisify(execFile);
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export type BatteryEngine =
  | { readonly kind: 'bwrap' }
  | {
      readonly kind: 'container';
      readonly program: string;
      readonly clientEnv: Readonly<Record<string, string>>;
      readonly image: string;
    };

export interface BatteryOrder {
  readonly engine: BatteryEngine;
  readonly userInside: 'agent' | 'root';
  readonly network: 'none' | 'registries';
  readonly programArguments: readonly string[];
}

/** By the probe's name: `reached`, or why not. */
export type Outcomes = Readonly<Record<string, string>>;

/** A network namespace in which every target of the battery exists and answers. */
export interface World {
  /** For `nsenter`. */
  readonly namespace: string;
  /** The battery without any sandbox: every defence switched off. */
  outside(): Promise<Outcomes>;
  /** The same in a container that shares the network, as root, its system calls unfiltered. */
  inContainer(engine: TestEngine): Promise<Outcomes>;
  inside(order: Omit<BatteryOrder, 'programArguments'>): Promise<Outcomes>;
  close(): Promise<void>;
}

const program = readFileSync(script('egress-probes.py'), 'utf8');

/** In the order of the battery. */
export const probeNames: readonly string[] = [...program.matchAll(/^    "(\d\d [^"]+)": /gm)].map(
  (match) => match[1] ?? '',
);

const ports = { loopback: '18080', postgres: '15432' } as const;

/** Needs root and `ip`. */
export async function openWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'world-'));
  await chmod(directory, 0o755);
  const abstract = `pullwright-world-${process.pid}`;
  const path = join(directory, 'host.sock');
  const world = spawn(
    'unshare',
    ['--net', process.execPath, script('egress-world.ts'), ports.loopback, ports.postgres, abstract, path],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const resolver = await resolverOf(world);
  const programArguments = [ports.loopback, ports.postgres, abstract, path, resolver];
  const namespace = `/proc/${world.pid}/ns/net`;
  const enter = async (command: readonly string[]): Promise<Outcomes> => {
    const { stdout } = await run('nsenter', [`--net=${namespace}`, '--', ...command], { timeout: 300_000 });
    return JSON.parse(stdout) as Outcomes;
  };
  return {
    namespace,
    outside: () => enter(['/usr/bin/python3', script('egress-probes.py'), ...programArguments]),
    async inContainer(engine) {
      const rights = ['--network', 'host', '--user', '0', '--security-opt', 'seccomp=unconfined'];
      const command = ['python3', '-c', program, ...programArguments];
      const mount = ['--volume', `${directory}:${directory}`];
      return JSON.parse(
        await engine.docker('run', '--rm', ...rights, ...mount, engine.image, ...command),
      ) as Outcomes;
    },
    inside: (order) =>
      enter([
        process.execPath,
        script('egress-battery.ts'),
        JSON.stringify({ ...order, programArguments } satisfies BatteryOrder),
      ]),
    async close() {
      const exited = once(world, 'exit');
      world.stdin?.end();
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function resolverOf(world: ChildProcess): Promise<string> {
  if (world.stdout === null) throw new Error('no output to read');
  const [line] = (await Promise.race([
    once(world.stdout, 'data'),
    once(world, 'exit').then(() => Promise.reject(new Error('the world did not start'))),
  ])) as [Buffer];
  return (JSON.parse(line.toString()) as { resolver: string }).resolver;
}
