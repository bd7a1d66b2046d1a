import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ContainerSandboxOptions, createContainerSandbox } from '../../src/sandbox/container-sandbox.ts';
import { directories } from '../contract/sandbox-directories.ts';
import { silentLog } from '../support/silent-log.ts';

/** A process to be killed while a command of its sandbox runs; says where the workspace is once it does. */
const options = JSON.parse(process.argv[2] ?? '') as ContainerSandboxOptions;
const sandbox = createContainerSandbox({ ...options, log: silentLog });
const spec = await directories(sandbox, join(options.stateDir, '..'), 'abandoned');
const run = await sandbox.open(spec);
void run.exec({ command: 'touch running; setsid sleep 1000 & sleep 1000' });
while (!existsSync(join(spec.workspace, 'running'))) await delay(50);
console.log(spec.workspace);
