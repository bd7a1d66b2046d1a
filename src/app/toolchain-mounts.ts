import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SandboxEngine, SandboxMount } from '../domain/sandbox.ts';

const systemNodes = ['/usr/bin/node', '/usr/local/bin/node'];

/** What sandboxes get besides the system. */
export interface Toolchains {
  readonly mounts: readonly SandboxMount[];
  /** Null: the sandbox's own PATH. */
  readonly toolchainPath: string | null;
}

/**
 * A Node for repositories that need one on a machine whose system has none where a sandbox can see it. The binary
 * that runs Pullwright is copied, because its own path may lie where an unprivileged uid cannot go. Containers have
 * their image's system, whatever that is: there it comes last on the path.
 */
export function toolchainMounts(stateDir: string, engine: SandboxEngine): Toolchains {
  const isSystemSeen = engine !== 'container';
  if (isSystemSeen && systemNodes.some((path) => existsSync(path)))
    return { mounts: [], toolchainPath: null };
  const directory = join(stateDir, 'toolchains', `node-${process.versions.node}`);
  const binary = join(directory, 'node');
  if (!existsSync(binary)) {
    mkdirSync(dirname(binary), { recursive: true, mode: 0o755 });
    copyFileSync(process.execPath, `${binary}.${process.pid}`);
    renameSync(`${binary}.${process.pid}`, binary);
  }
  return {
    mounts: [{ source: directory, target: '/toolchains/node' }],
    toolchainPath: '/usr/local/bin:/usr/bin:/bin:/toolchains/node',
  };
}
