import { link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../domain/clock.ts';
import type { DependencyCache, DependencyLayer, HeldLayer, LayerOrigin } from '../domain/dependency-cache.ts';
import type { Logger } from '../domain/logger.ts';
import { copyHashed, hashFile } from './hash-file.ts';
import { type LayerPlaces, layerPlaces } from './layer-places.ts';
import { archiveName, listKept, readKept, touchRecord, writeRecord } from './layer-record.ts';

export interface DependencyCacheOptions {
  readonly stateDir: string;
  /** All layers together; the one used longest ago goes first. */
  readonly totalBytesMax: number;
  /** Older layers are not used: what a range of versions means changes, and what was withdrawn must go. */
  readonly ageMsMax: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

/** What a killed process left of taking in or using a layer. */
const leftoverAgeMsMax = 24 * 60 * 60_000;

/**
 * Layers below `<state>/dependencies/<repository id>/<key>`. Several workers of a machine may share it without a lock:
 * a layer appears and disappears by one rename, and whoever uses one holds a link to its bytes.
 */
export function openDependencyCache(options: DependencyCacheOptions): DependencyCache {
  const places = layerPlaces(options.stateDir);
  const bytesMax = Math.floor(options.totalBytesMax / 2);
  return {
    bytesMax,
    hold: (repositoryId, key) => hold(options, places, { repositoryId, key }),
    seal: (repositoryId, key, archive) => seal(options, places, { repositoryId, key, ...archive, bytesMax }),
    discard: (repositoryId, key) => removeAtOnce(places, places.layer(repositoryId, key)),
    list: async () => (await listKept(places)).map(({ layer }) => layer),
    async forget(repositoryId) {
      if (repositoryId !== 'all') return await removeAtOnce(places, places.repository(repositoryId));
      const names = await readdir(places.root).catch(() => []);
      for (const name of names.filter((one) => /^\d+$/.test(one)))
        await removeAtOnce(places, join(places.root, name));
    },
  };
}

async function hold(
  { ageMsMax, clock, log }: DependencyCacheOptions,
  places: LayerPlaces,
  wanted: { readonly repositoryId: number; readonly key: string },
): Promise<HeldLayer | undefined> {
  const { repositoryId, key } = wanted;
  const kept = await readKept(places, repositoryId, key);
  if (!kept) return undefined;
  const now = clock.now();
  if (now.getTime() - kept.layer.madeAt.getTime() > ageMsMax) {
    await removeAtOnce(places, kept.directory);
    return undefined;
  }
  const file = join(places.held, `${crypto.randomUUID()}.tar`);
  const linked = await link(join(kept.directory, archiveName), file).then(
    () => true,
    () => false,
  );
  const release = async (): Promise<void> => await rm(file, { force: true });
  // The link is what is hashed and mounted: nobody can put another file in its place in between.
  const isWhole = linked && (await hashFile(file).catch(() => null))?.sha256 === kept.layer.sha256;
  if (!isWhole) {
    await release();
    await removeAtOnce(places, kept.directory);
    log.warn('dependencies.layer-dropped', { repositoryId, key, why: 'its bytes are not what was sealed' });
    return undefined;
  }
  await touchRecord(kept.directory, now).catch(() => undefined);
  return { ...kept.layer, file, release };
}

async function seal(
  options: DependencyCacheOptions,
  places: LayerPlaces,
  made: LayerOrigin & {
    readonly repositoryId: number;
    readonly key: string;
    readonly file: string;
    readonly bytesMax: number;
  },
): Promise<DependencyLayer | null> {
  const { repositoryId, key, runId, reached } = made;
  await places.prepare();
  const draft = join(places.incoming, crypto.randomUUID());
  await mkdir(draft, { mode: 0o700 });
  try {
    const copied = await copyHashed(made.file, join(draft, archiveName), made.bytesMax);
    if (copied === null) return null;
    const layer = { repositoryId, key, ...copied, madeAt: options.clock.now(), runId, reached };
    await writeRecord(draft, layer);
    await touchRecord(draft, layer.madeAt);
    await mkdir(places.repository(repositoryId), { recursive: true, mode: 0o700 });
    const first = await rename(draft, places.layer(repositoryId, key)).then(() => true, whenTaken);
    if (!first) return null;
    await evict(options, places);
    return layer;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** A rename onto a directory with something in it fails: another worker sealed the same layer first. */
function whenTaken(error: NodeJS.ErrnoException): false {
  if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
  throw error;
}

/** Two workers that do it at once choose the same layers: at worst one is fetched again. */
async function evict({ totalBytesMax, ageMsMax, clock, log }: DependencyCacheOptions, places: LayerPlaces) {
  const now = clock.now().getTime();
  const kept = await listKept(places);
  let total = kept.reduce((sum, { layer }) => sum + layer.bytes, 0);
  for (const { directory, layer } of kept) {
    const isOld = now - layer.madeAt.getTime() > ageMsMax;
    if (total <= totalBytesMax && !isOld) continue;
    total -= layer.bytes;
    await removeAtOnce(places, directory);
    log.info('dependencies.layer-evicted', { repositoryId: layer.repositoryId, key: layer.key });
  }
  await removeLeftovers(places, now);
}

async function removeLeftovers({ held, incoming }: LayerPlaces, now: number): Promise<void> {
  for (const directory of [held, incoming]) {
    for (const name of await readdir(directory).catch(() => [])) {
      const path = join(directory, name);
      const status = await stat(path).catch(() => null);
      // The change of status: a link keeps its file's other times.
      if (status !== null && now - status.ctimeMs > leftoverAgeMsMax)
        await rm(path, { recursive: true, force: true });
    }
  }
}

/** Out of the way by one rename, so that nobody sees half a layer; then gone. */
async function removeAtOnce({ incoming }: LayerPlaces, directory: string): Promise<void> {
  const away = join(incoming, crypto.randomUUID());
  const moved = await rename(directory, away).then(
    () => true,
    () => false,
  );
  if (moved) await rm(away, { recursive: true, force: true });
}
