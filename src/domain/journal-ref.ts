import type { EffectRecord } from './effect.ts';
import type { BlobHash, CommitId, RunId, TreeId } from './ids.ts';
import type { RepositoryRef } from './repository.ts';
import type { NewRun, Run, RunState } from './run.ts';

/**
 * What of a run's journal goes to the target repository. `full`: everything, a restore goes on where the run was.
 * `record`: decisions, evidence, verdicts and effects without the conversation, a restore starts an open run again.
 */
export type JournalMode = 'full' | 'record' | 'off';

/** Files by path; a path is `[a-z0-9_.-]` with at most one `/`. */
export type JournalFiles = ReadonlyMap<string, string | Buffer>;

/** A journal commit that stands in this machine's repository and is not pushed yet. */
export interface JournalCommit {
  readonly commit: CommitId;
  /** Where the ref stood when the commit was made on top of it; null: it did not exist. */
  readonly expected: CommitId | null;
}

/** Moves `refs/agent/journal/<run>` of the run's own repository; the ref follows from the run, nobody names it. */
export interface JournalPusher {
  /** Fast-forward only. Throws `git-moved` when the ref is not at `expected`, `github-rejected`, `github-forbidden`. */
  push(run: Run, at: JournalCommit): Promise<void>;
  /** Null when the ref does not exist. */
  tip(run: Run): Promise<CommitId | null>;
}

/** Writes journal commits on the host, beside the clean clones. */
export interface JournalCommits {
  /** A commit on top of the ref's tip on the forge; null when its files are there already. */
  write(
    run: Run,
    content: {
      readonly files: JournalFiles;
      /** The newest checkpoint, kept as the directory `checkpoint/` so that another machine can go on with it. */
      readonly checkpoint: TreeId | null;
      readonly at: Date;
    },
  ): Promise<JournalCommit | null>;
  /** Lines that a checkpoint added to the start, for the secret scan. */
  addedLines(
    runId: RunId,
    from: TreeId,
    to: TreeId,
  ): Promise<readonly { readonly path: string; readonly line: number; readonly text: string }[] | null>;
  discard(runId: RunId): Promise<void>;
  /** Runs of which this machine has a repository for journal commits. */
  kept(): Promise<readonly RunId[]>;
}

/** One run as its ref holds it. */
export interface JournalSnapshot {
  readonly runId: RunId;
  readonly commit: CommitId;
  /** One of the files that a journal has; undefined when it is not there. */
  file(path: string): Promise<Buffer | undefined>;
  /** Paths of the values kept out of line, `blobs/<hash>`. */
  paths(): Promise<readonly string[]>;
  /** Puts the objects into the mirror of this repository, where an open run looks for its checkpoint. */
  adopt(repositoryId: number): Promise<void>;
}

/** Reads journal refs, to rebuild a database. */
export interface JournalReader {
  /** Fetches every journal ref of the repository into the mirror; open runs find their checkpoints there. */
  fetch(source: {
    readonly installationId: number;
    readonly repository: RepositoryRef;
  }): Promise<readonly JournalSnapshot[]>;
  /** The same from a bare repository on this machine; a snapshot's `adopt` brings it into a mirror. */
  fetchFrom(directory: string): Promise<readonly JournalSnapshot[]>;
}

/** An entry as it goes back into the database; `event` is its JSON text. */
export interface RestoredEntry {
  readonly seq: number;
  readonly epoch: number;
  readonly at: Date;
  readonly key: string | null;
  readonly event: string;
  readonly hash: string;
}

/** A run as it goes back into an empty database. */
export interface RestoredRun {
  readonly run: NewRun;
  readonly state: RunState;
  readonly epoch: number;
  readonly summary: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly entries: readonly RestoredEntry[];
  readonly effects: readonly {
    readonly key: string;
    readonly kind: string;
    readonly state: EffectRecord['state'];
    readonly result: unknown;
    readonly epoch: number;
  }[];
  readonly spend: { readonly usd: number; readonly tokens: number };
  readonly blobs: readonly { readonly hash: BlobHash; readonly bytes: Buffer }[];
}
