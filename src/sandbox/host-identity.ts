import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { AppError } from '../domain/app-error.ts';
import type { SandboxSpec } from '../domain/sandbox.ts';
import { giveTree, type HostIdentity, requireReachable } from './sandbox-directories.ts';

const uidCount = 50_000;

/**
 * The unprivileged uid of a directory's sandbox. Host uid 0 is never used, not even in a user namespace: measured,
 * such a process could write `/proc/sys/kernel/core_pattern`, which is code execution as root.
 *
 * A directory that was adopted before keeps its uid over restarts (the owner says it); a new one gets the uid of
 * its parent's name, so the directories of one run share a uid and two runs very likely do not.
 */
export async function identityOf(directory: string, uidBase: number): Promise<HostIdentity> {
  if (process.getuid?.() !== 0) {
    return null;
  }
  const { uid } = await lstat(directory);
  if (uid >= uidBase && uid < uidBase + uidCount) {
    return { uid, gid: uid };
  }
  const digest = createHash('sha256').update(dirname(directory)).digest();
  const slot = uidBase + (digest.readUInt32BE(0) % uidCount);
  return { uid: slot, gid: slot };
}

/**
 * Makes the directories of a sandbox usable for its uid, which is the workspace's: the other writable ones are given
 * to it when they belong to someone else. Throws `sandbox-unavailable` where that uid cannot get to.
 */
export async function requireDirectories(spec: SandboxSpec, uidBase: number): Promise<HostIdentity> {
  const identity = await identityOf(spec.workspace, uidBase);
  const mounts = spec.mounts ?? [];
  for (const path of [spec.workspace, spec.home, spec.out, ...mounts.map((mount) => mount.source)]) {
    if (!isAbsolute(path)) {
      throw new AppError('sandbox-failed', `not an absolute path: ${path}`);
    }
  }
  for (const directory of [spec.workspace, spec.home, spec.out]) {
    if (identity !== null && (await lstat(directory)).uid !== identity.uid) {
      await giveTree(directory, identity);
    }
    await requireReachable(directory, identity, 'the directory');
  }
  for (const { source } of mounts) {
    await requireReachable(source, identity, 'the mount source');
  }
  return identity;
}
