import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DependencyLayer } from '../domain/dependency-cache.ts';
import type { LayerPlaces } from './layer-places.ts';

const recordName = 'layer.json';
export const archiveName = 'layer.tar';

/** A layer as it lies on the disk. */
export interface KeptLayer {
  readonly directory: string;
  readonly layer: DependencyLayer;
  readonly usedAtMs: number;
}

export async function writeRecord(directory: string, layer: DependencyLayer): Promise<void> {
  await writeFile(join(directory, recordName), JSON.stringify(layer), { mode: 0o600, flag: 'wx' });
}

/** The record's own time is when the layer was last used. */
export async function touchRecord(directory: string, at: Date): Promise<void> {
  await utimes(join(directory, recordName), at, at);
}

/** Undefined where there is none, or one that cannot be read. */
export async function readKept(
  places: LayerPlaces,
  repositoryId: number,
  key: string,
): Promise<KeptLayer | undefined> {
  const directory = places.layer(repositoryId, key);
  const path = join(directory, recordName);
  const text = await readFile(path, 'utf8').catch(() => null);
  const status = await stat(path).catch(() => null);
  if (text === null || status === null) return undefined;
  const layer = parseRecord(text);
  if (layer?.repositoryId !== repositoryId || layer.key !== key) return undefined;
  return { directory, layer, usedAtMs: status.mtimeMs };
}

/** Written by us, and still checked: what lies on a disk for days may be cut off or changed. */
function parseRecord(text: string): DependencyLayer | undefined {
  try {
    const { repositoryId, key, sha256, bytes, madeAt, runId, reached } = JSON.parse(text);
    if (typeof repositoryId !== 'number' || typeof key !== 'string' || typeof runId !== 'string')
      return undefined;
    if (typeof sha256 !== 'string' || typeof bytes !== 'number' || !Array.isArray(reached)) return undefined;
    const made = new Date(madeAt);
    if (Number.isNaN(made.getTime())) return undefined;
    return { repositoryId, key, sha256, bytes, madeAt: made, runId, reached: reached.map(String) };
  } catch {
    return undefined;
  }
}

/** Every layer, of every repository, the one used longest ago first. */
export async function listKept(places: LayerPlaces): Promise<readonly KeptLayer[]> {
  const kept: KeptLayer[] = [];
  for (const name of await namesIn(places.root)) {
    if (!/^\d+$/.test(name)) continue;
    for (const key of await namesIn(join(places.root, name))) {
      if (!/^[0-9a-f]{64}$/.test(key)) continue;
      const found = await readKept(places, Number(name), key);
      if (found) kept.push(found);
    }
  }
  return kept.sort((left, right) => left.usedAtMs - right.usedAtMs);
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return await readdir(directory).catch(() => []);
}
