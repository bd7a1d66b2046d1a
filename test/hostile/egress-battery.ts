import { readFileSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '../../src/domain/sandbox.ts';
import { createBwrapSandbox } from '../../src/sandbox/bwrap-sandbox.ts';
import { createContainerSandbox } from '../../src/sandbox/container-sandbox.ts';
import { directories } from '../contract/sandbox-directories.ts';
import { silentLog } from '../support/silent-log.ts';
import type { BatteryEngine, BatteryOrder } from './run-egress-battery.ts';

/**
 * Runs the battery in a sandbox, from within the network namespace of the world: what a sandbox does not cut off it
 * would share. Prints the outcomes as JSON. Argument: the order as JSON.
 */
const order = JSON.parse(process.argv[2] ?? '') as BatteryOrder;
const root = await mkdtemp(join(tmpdir(), 'battery-'));
await chmod(root, 0o755);
const sandbox = create(order.engine);
const spec = await directories(sandbox, root, 'battery');
const run = await sandbox.open({ ...spec, network: order.network });
const program = readFileSync(new URL('egress-probes.py', import.meta.url), 'utf8');
const result = await run.exec({
  command: ['/usr/bin/python3', '-c', program, ...order.programArguments],
  timeoutMs: 120_000,
});
await run.close();
await sandbox.remove(root);
process.stdout.write(
  result.stdout.text === '' ? `{"failed": ${JSON.stringify(result)}}` : result.stdout.text,
);

function create(engine: BatteryEngine): Sandbox {
  const { userInside } = order;
  const common = { stateDir: join(root, 'state'), registries: [], log: silentLog, diskReserveBytes: 0 };
  return engine.kind === 'bwrap'
    ? createBwrapSandbox({ ...common, userInside })
    : createContainerSandbox({ ...common, ...engine, runtime: null, userInside });
}
