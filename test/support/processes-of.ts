import { readdirSync, statSync } from 'node:fs';
import { isAlive } from '../../src/sandbox/process-tree.ts';

/** Pids of the living processes of one user of the machine, in whatever namespace they run. */
export function processesOf(uid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => ownerOf(pid) === uid && isAlive(pid));
}

function ownerOf(pid: number): number | null {
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    return null;
  }
}
