import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../domain/app-error.ts';

/** Where everything of this room lies. */
export interface LayerPlaces {
  readonly root: string;
  /** Links to archives in use: enterable for the sandboxes' uids, with names that nobody can guess. */
  readonly held: string;
  /** What is being taken in. */
  readonly incoming: string;
  repository(repositoryId: number): string;
  layer(repositoryId: number, key: string): string;
  prepare(): Promise<void>;
}

/** Throws `internal` for an id or key that could name another directory. */
export function layerPlaces(stateDir: string): LayerPlaces {
  const root = join(stateDir, 'dependencies');
  const held = join(root, 'held');
  const incoming = join(root, 'incoming');
  const repository = (repositoryId: number): string => {
    if (!Number.isSafeInteger(repositoryId) || repositoryId < 0)
      throw new AppError('internal', 'not a repository id');
    return join(root, String(repositoryId));
  };
  return {
    root,
    held,
    incoming,
    repository,
    layer(repositoryId, key) {
      if (!/^[0-9a-f]{64}$/.test(key)) throw new AppError('internal', 'not a key of a layer');
      return join(repository(repositoryId), key);
    },
    async prepare() {
      // One by one: a recursive mkdir would give the last mode to the ones above.
      await mkdir(stateDir, { recursive: true, mode: 0o755 });
      await mkdir(root, { mode: 0o711 }).catch(ignoreExisting);
      await mkdir(held, { mode: 0o711 }).catch(ignoreExisting);
      await mkdir(incoming, { mode: 0o700 }).catch(ignoreExisting);
    },
  };
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
