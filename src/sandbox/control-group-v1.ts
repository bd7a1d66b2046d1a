import { existsSync } from 'node:fs';
import type { SandboxLimits } from '../domain/sandbox.ts';
import { type ControlGroup, overheadProcesses } from './control-group.ts';
import {
  makeGroup,
  mountPoint,
  ownMemberships,
  readCounter,
  removeGroup,
  removeStaleGroups,
  writeControl,
} from './control-group-files.ts';

interface Hierarchy {
  readonly parent: string;
  readonly limit: (directory: string) => void;
}

const quotaPeriodUs = 100_000;

/**
 * A group in the memory and the pids hierarchy, null where either is missing, and in the cpu hierarchy where there is
 * one. Throws where we may not make one.
 */
export async function openVersionOne(name: string, limits: SandboxLimits): Promise<ControlGroup | null> {
  const parents = { memory: ownDirectory('memory'), pids: ownDirectory('pids'), cpu: ownDirectory('cpu') };
  if (parents.memory === null || parents.pids === null) {
    return null;
  }
  const memory = `${parents.memory}/${name}`;
  const directories = await openAll(name, [
    { parent: parents.memory, limit: (directory) => limitMemory(directory, limits.memoryBytes) },
    {
      parent: parents.pids,
      limit: (directory) => writeControl(directory, 'pids.max', limits.processesMax + overheadProcesses),
    },
    ...(parents.cpu === null
      ? []
      : [{ parent: parents.cpu, limit: (directory: string) => limitCpu(directory, limits.cpusMax) }]),
  ]);
  return {
    join(pid) {
      for (const directory of directories) {
        writeControl(directory, 'cgroup.procs', pid);
      }
    },
    outOfMemoryKills: () => readCounter(memory, 'memory.oom_control', 'oom_kill'),
    async close() {
      await Promise.all(directories.map(removeGroup));
    },
  };
}

/** All or none. */
async function openAll(name: string, hierarchies: readonly Hierarchy[]): Promise<readonly string[]> {
  const made: string[] = [];
  try {
    for (const { parent, limit } of hierarchies) {
      const directory = `${parent}/${name}`;
      await removeStaleGroups(parent);
      await makeGroup(directory, () => limit(directory));
      made.push(directory);
    }
    return made;
  } catch (error) {
    await Promise.all(made.map(removeGroup));
    throw error;
  }
}

function limitCpu(directory: string, cpusMax: number): void {
  writeControl(directory, 'cpu.cfs_period_us', quotaPeriodUs);
  writeControl(directory, 'cpu.cfs_quota_us', Math.round(cpusMax * quotaPeriodUs));
}

function limitMemory(directory: string, bytes: number): void {
  writeControl(directory, 'memory.limit_in_bytes', bytes);
  if (existsSync(`${directory}/memory.memsw.limit_in_bytes`)) {
    writeControl(directory, 'memory.memsw.limit_in_bytes', bytes);
  }
}

/** Our own group's directory; in a container the path may not exist below the mount, whose root is then ours. */
function ownDirectory(controller: string): string | null {
  const mount = mountPoint('cgroup', controller);
  const path = ownMemberships().find((one) => one.controllers.includes(controller))?.path;
  if (mount === null || path === undefined) {
    return null;
  }
  const own = `${mount}${path === '/' ? '' : path}`;
  return existsSync(own) ? own : mount;
}
