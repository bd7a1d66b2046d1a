import { existsSync, mkdirSync, readFileSync } from 'node:fs';
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
import { descendants } from './process-tree.ts';

const needed = ['memory', 'pids'];
/** Handed down where there is one. */
const wanted = 'cpu';
const quotaPeriodUs = 100_000;
let parent: string | null = null;

/**
 * A group in the unified hierarchy, null where it lacks the controllers. Throws where our own group was not delegated
 * to us (systemd: `Delegate=yes`) or is not ours alone.
 */
export async function openVersionTwo(name: string, limits: SandboxLimits): Promise<ControlGroup | null> {
  parent ??= preparedParent();
  if (parent === null) {
    return null;
  }
  await removeStaleGroups(parent);
  const directory = `${parent}/${name}`;
  await makeGroup(directory, () => {
    writeControl(directory, 'memory.max', limits.memoryBytes);
    writeControl(directory, 'pids.max', limits.processesMax + overheadProcesses);
    if (existsSync(`${directory}/memory.swap.max`)) {
      writeControl(directory, 'memory.swap.max', 0);
    }
    if (existsSync(`${directory}/cpu.max`)) {
      writeControl(directory, 'cpu.max', `${Math.round(limits.cpusMax * quotaPeriodUs)} ${quotaPeriodUs}`);
    }
  });
  return {
    join: (pid) => writeControl(directory, 'cgroup.procs', pid),
    outOfMemoryKills: () => readCounter(directory, 'memory.events', 'oom_kill'),
    async close() {
      if (existsSync(`${directory}/cgroup.kill`)) {
        writeControl(directory, 'cgroup.kill', 1);
      }
      await removeGroup(directory);
    },
  };
}

/** A group with processes cannot hand controllers down ("no internal processes"), so ours move to a leaf, `main`. */
function preparedParent(): string | null {
  const mount = mountPoint('cgroup2');
  const path = ownMemberships().find((one) => one.controllers.length === 0)?.path;
  if (mount === null || path === undefined) {
    return null;
  }
  const own = `${mount}${path === '/' ? '' : path}`;
  const listed = (file: string): readonly string[] =>
    readFileSync(`${own}/${file}`, 'utf8').trim().split(' ');
  const available = listed('cgroup.controllers');
  if (!needed.every((one) => available.includes(one))) {
    return null;
  }
  const controllers = available.includes(wanted) ? [...needed, wanted] : needed;
  const handedDown = listed('cgroup.subtree_control');
  if (!controllers.every((one) => handedDown.includes(one))) {
    delegate(own, { isRoot: path === '/', controllers });
  }
  return own;
}

/** The root group is free of the rule. A group shared with strangers (a login session) is left as it is. */
function delegate(
  own: string,
  { isRoot, controllers }: { readonly isRoot: boolean; readonly controllers: readonly string[] },
): void {
  const enable = () =>
    writeControl(own, 'cgroup.subtree_control', controllers.map((one) => `+${one}`).join(' '));
  if (isRoot) {
    try {
      return enable();
    } catch {
      // In a container the root we see is not the machine's root: the rule holds.
    }
  }
  const members = readFileSync(`${own}/cgroup.procs`, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const ours = new Set([process.pid, ...descendants(process.pid)]);
  if (!members.every((pid) => ours.has(Number(pid)))) {
    throw new Error('the control group is shared with other programs');
  }
  mkdirSync(`${own}/main`, { recursive: true });
  for (const pid of members) {
    writeControl(`${own}/main`, 'cgroup.procs', pid);
  }
  enable();
}
