/** Where a layer came from, kept beside it. */
export interface LayerOrigin {
  /** The run whose set-up made it. */
  readonly runId: string;
  /** `host:port` that this set-up reached. */
  readonly reached: readonly string[];
}

/** What a set-up phase fetched for a repository, as one sealed archive. */
export interface DependencyLayer extends LayerOrigin {
  readonly repositoryId: number;
  /** SHA-256 over everything that the fetched result depends on. */
  readonly key: string;
  /** SHA-256 of the archive. */
  readonly sha256: string;
  readonly bytes: number;
  readonly madeAt: Date;
}

/** A layer that cannot be evicted while it is held. */
export interface HeldLayer extends DependencyLayer {
  /** The archive on the host, its hash just checked; for a read-only mount. */
  readonly file: string;
  /** Must be called; does nothing the second time. */
  release(): Promise<void>;
}

/** How a set-up phase came by its dependencies. */
export interface LayerUse {
  readonly state: 'used' | 'made';
  readonly key: string;
  readonly sha256: string;
  readonly bytes: number;
  /** ISO instant. */
  readonly madeAt: string;
  /** The run whose set-up fetched them. */
  readonly runId: string;
}

/**
 * Layers of fetched dependencies, each of one repository: none is ever given to another. The host copies and hashes
 * archives and never reads into them: sandboxes pack and unpack.
 */
export interface DependencyCache {
  /** Undefined when there is none, it is too old, or its bytes are not what was sealed (then it is gone afterwards). */
  hold(repositoryId: number, key: string): Promise<HeldLayer | undefined>;
  /**
   * Takes a copy of an archive that a sandbox wrote; a link, pipe or device in its place is refused. Null when it was
   * not taken: too large, not a file, or another worker was first.
   */
  seal(
    repositoryId: number,
    key: string,
    archive: LayerOrigin & { readonly file: string },
  ): Promise<DependencyLayer | null>;
  discard(repositoryId: number, key: string): Promise<void>;
  list(): Promise<readonly DependencyLayer[]>;
  /** Removes what is kept for a repository, or for all of them. */
  forget(repositoryId: number | 'all'): Promise<void>;
  /** Largest archive that is taken. */
  readonly bytesMax: number;
}
