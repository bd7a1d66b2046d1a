import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './process-tree.ts';
import { removeTree } from './sandbox-directories.ts';

/** Removes what engines of processes that were killed left in `stateDir` (their sandboxes died with them). */
export async function removeStaleDirectories(stateDir: string): Promise<void> {
  for (const name of await readdir(stateDir)) {
    const pid = /^(?:run|pipes)-(\d+)-\d+$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await removeTree(join(stateDir, name));
    }
  }
}
