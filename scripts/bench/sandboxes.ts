import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '../../src/domain/sandbox.ts';
import { createBwrapSandbox } from '../../src/sandbox/bwrap-sandbox.ts';
import { createContainerSandbox } from '../../src/sandbox/container-sandbox.ts';
import { directories } from '../../test/contract/sandbox-directories.ts';
import { startContainerEngine } from '../../test/support/container-engine.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { spread } from './percentiles.ts';

const counts = { bwrap: 100, container: 25 } as const;

/** Per engine: opening a sandbox with its first command and closing it, and one more command in an open one. */
export async function benchSandboxes(): Promise<readonly string[]> {
  const root = await mkdtemp(join(tmpdir(), 'bench-sandboxes-'));
  await chmod(root, 0o755);
  const common = { stateDir: join(root, 'state'), registries: [], log: silentLog, diskReserveBytes: 0 };
  try {
    const bwrap = await measure('bubblewrap', createBwrapSandbox(common), { root, count: counts.bwrap });
    return [...bwrap, ...(await benchContainers(root, common))];
  } finally {
    await createBwrapSandbox(common).remove(root);
  }
}

async function benchContainers(
  root: string,
  common: Parameters<typeof createBwrapSandbox>[0],
): Promise<readonly string[]> {
  const engine = await startContainerEngine();
  if (!engine.available) return [`container: not measured here: ${engine.reason}`];
  try {
    const sandbox = createContainerSandbox({ ...common, ...engine, runtime: null });
    const { version } = await sandbox.probe();
    return await measure(`container (${version})`, sandbox, { root, count: counts.container });
  } finally {
    await engine.stop();
  }
}

async function measure(
  name: string,
  sandbox: Sandbox,
  { root, count }: { readonly root: string; readonly count: number },
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const network of ['none', 'registries'] as const) {
    const spec = { ...(await directories(sandbox, root, `${sandbox.engine}-${network}`)), network };
    const starts = await times(Math.ceil(count / 4), async () => {
      const run = await sandbox.open(spec);
      await run.exec({ command: ['/bin/true'] });
      await run.close();
    });
    const run = await sandbox.open(spec);
    const commands = await times(count, () => run.exec({ command: ['/bin/true'] }));
    await run.close();
    lines.push(
      `${name}, network ${network}: start, one command, end: ${spread(starts)}; command: ${spread(commands)}`,
    );
  }
  return lines;
}

async function times(count: number, act: () => Promise<unknown>): Promise<readonly number[]> {
  await act();
  const measured: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedMs = performance.now();
    await act();
    measured.push(performance.now() - startedMs);
  }
  return measured;
}
