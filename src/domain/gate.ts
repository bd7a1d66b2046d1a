import type { CommandRun } from './command-run.ts';
import type { LayerUse } from './dependency-cache.ts';
import type { GateMode, GateSettings } from './gate-settings.ts';
import type { TreeId } from './ids.ts';
import type { ChangedFile } from './journal-event.ts';
import type { DetectedCommands, ReportingCommand, TestRun } from './toolchain.ts';

export type GateName =
  | 'tests'
  | 'integrity'
  | 'coverage'
  | 'lint'
  | 'parse'
  | 'complexity'
  | 'duplication'
  | 'docs'
  | 'secrets'
  | 'sast'
  | 'dependencies'
  | 'policy'
  | 'hallucination'
  | 'claims';

/** A finding is identified by rule, path and the hash of its normalised line, never by the line number. */
export interface Finding {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
  readonly level: 'error' | 'warning';
  readonly identity: string;
}

/** One row of the evidence table. */
export interface Evidence {
  readonly command: string;
  readonly base: string;
  readonly head: string;
  readonly durationMs: number;
}

/**
 * `not-run` (nothing to judge, or no means to) and `not-checked` (a source that was asked did not answer) are never a
 * pass; they say why.
 */
export interface Verdict {
  readonly gate: GateName;
  readonly status: 'pass' | 'fail' | 'not-run' | 'not-checked' | 'error';
  /**
   * From a gate: whether anything but a pass counts. After `runGates`, which knows the mode: whether it keeps the pull
   * request a draft.
   */
  readonly blocking: boolean;
  /** The repository's choice for this gate. Absent in journals of before there was one. */
  readonly mode?: GateMode;
  /** It counts and the mode is `hold`: pushed as a draft, released by a person's approval of exactly this state. */
  readonly held?: boolean;
  readonly summary: string;
  /** The tree that was judged: equal to the tree that is published. */
  readonly treeId: TreeId;
  readonly evidence: readonly Evidence[];
  readonly findings: readonly Finding[];
  /** What goes back to the implementing step when it failed; empty when it passed. At most 8,000 characters. */
  readonly feedback: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Runs commands on one tree in a fresh sandbox. */
export interface TreeRunner {
  readonly treeId: TreeId;
  /** Runs the set-up once; later calls return the same result. */
  setUp(): Promise<{
    readonly ok: boolean;
    readonly runs: readonly CommandRun[];
    readonly deniedHosts: readonly string[];
    /** `host:port` that it reached; absent where there was no network. */
    readonly reached?: readonly string[];
    /** The kept layer that the dependencies are from, or that was made of them. */
    readonly layer?: LayerUse;
  }>;
  /** Runs the repository's test commands; `only` limits to files where the toolchain can. */
  test(): Promise<{ readonly tests: TestRun; readonly runs: readonly CommandRun[] }>;
  run(shell: string, cwd: string, timeoutMs: number): Promise<CommandRun>;
  /** A command and the text of the report that it writes; empty when it wrote none. */
  report(
    command: ReportingCommand,
    timeoutMs: number,
  ): Promise<{ readonly run: CommandRun; readonly text: string }>;
}

export type Side = 'base' | 'head';

/** A regular file of a tree; equal blobs are equal texts, whatever their path. */
export interface TreeFile {
  readonly path: string;
  readonly blob: string;
  readonly sizeBytes: number;
}

/** The texts of both trees, read from the clean clone: no sandboxed code ever wrote there. Symlinks are not followed. */
export interface TreeTexts {
  /** Undefined when absent, not a regular file, or over `bytesMax` (default 1 MiB). */
  read(side: Side, path: string, bytesMax?: number): Promise<Buffer | undefined>;
  /** Paths of all regular files. */
  list(side: Side): Promise<readonly string[]>;
  /** The same with object ids and sizes. */
  files(side: Side): Promise<readonly TreeFile[]>;
  /** The contents of many blobs at once, by id; at most 256 MiB together. */
  blobs(ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
}

export interface GateInput extends TreeTexts {
  readonly settings: GateSettings;
  readonly commands: DetectedCommands;
  readonly base: TreeRunner;
  readonly head: TreeRunner;
  /** Base's code with head's version of these files, in a fresh sandbox of its own; absent where there is none. */
  readonly graft?: ((paths: readonly string[]) => Promise<TreeRunner>) | undefined;
  /** The recorded baseline, when recon made one on the same base tree. */
  readonly baseline: TestRun | null;
  readonly changes: readonly ChangedFile[];
  readonly addedLines: readonly { readonly path: string; readonly line: number; readonly text: string }[];
  readonly signal: AbortSignal;
  /** What the implementing step says about its work; it asserts, and proves nothing. */
  readonly summary?: string | undefined;
  /** For gates that judge after the others: what those found. */
  readonly verdicts?: readonly Verdict[] | undefined;
}

export interface Gate {
  readonly name: GateName;
  /** Judges from texts alone: runs beside the others. The rest share two sandboxes and run one after another. */
  readonly isStatic?: boolean;
  /** Judges after all others, and sees their verdicts. */
  readonly isConcluding?: boolean;
  /** Never throws for what the repository does; an exception means the gate itself broke and becomes `error`. */
  judge(input: GateInput): Promise<Verdict>;
}
