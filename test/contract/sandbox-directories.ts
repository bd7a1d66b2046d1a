import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox, SandboxSpec } from '../../src/domain/sandbox.ts';

/** Fresh, adopted directories of a sandbox. */
export async function directories(sandbox: Sandbox, root: string, name: string): Promise<SandboxSpec> {
  const base = join(root, name);
  const spec = { name, workspace: join(base, 'ws'), home: join(base, 'home'), out: join(base, 'out') };
  for (const directory of [spec.workspace, spec.home, spec.out]) {
    await mkdir(directory, { recursive: true });
    await sandbox.adopt(directory);
  }
  return spec;
}
