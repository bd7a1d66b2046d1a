import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

const blockBytes = 1024 * 1024;

/** SHA-256 and size of a file; a link is not followed. */
export async function hashFile(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return await hashTo(file, null, Number.POSITIVE_INFINITY);
  } finally {
    await file.close();
  }
}

/**
 * Copies a file that sandboxed code wrote and hashes what was copied. A copy, not a move: other names of the same file
 * (hard links) may be left in directories that sandboxes write. Null for what is no regular file or has more than `bytesMax` bytes.
 */
export async function copyHashed(
  from: string,
  to: string,
  bytesMax: number,
): Promise<{ readonly sha256: string; readonly bytes: number } | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const source = await open(from, flags).catch(() => null);
  if (source === null) return null;
  try {
    const status = await source.stat();
    if (!status.isFile() || status.size > bytesMax) return null;
    return await copyFrom(source, to, bytesMax);
  } finally {
    await source.close();
  }
}

async function copyFrom(
  source: FileHandle,
  to: string,
  bytesMax: number,
): Promise<{ readonly sha256: string; readonly bytes: number } | null> {
  const copy = await open(to, 'wx', 0o600);
  try {
    const { sha256, bytes } = await hashTo(source, copy, bytesMax);
    await copy.chmod(0o444);
    await copy.sync();
    return bytes > bytesMax ? null : { sha256, bytes };
  } finally {
    await copy.close();
  }
}

/** Stops after the first block beyond `bytesMax`: a size that was asked for may be old by then. */
async function hashTo(
  source: FileHandle,
  copy: FileHandle | null,
  bytesMax: number,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  const block = Buffer.allocUnsafe(blockBytes);
  let bytes = 0;
  while (bytes <= bytesMax) {
    const { bytesRead } = await source.read(block, 0, blockBytes, bytes);
    if (bytesRead === 0) break;
    const part = block.subarray(0, bytesRead);
    hash.update(part);
    if (copy !== null) await copy.writeFile(part);
    bytes += bytesRead;
  }
  return { sha256: hash.digest('hex'), bytes };
}
