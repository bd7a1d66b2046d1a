/** Bind mount; read-only unless said otherwise. `target` is absolute inside the sandbox. */
export interface SandboxMount {
  readonly source: string;
  readonly target: string;
  readonly writable?: boolean;
}

export interface SandboxLimits {
  readonly wallClockMs: number;
  readonly memoryBytes: number;
  readonly processesMax: number;
  /** Processors' worth of time, such as 1.5. Where the engine has no control groups only the wall clock holds. */
  readonly cpusMax: number;
  readonly fileBytesMax: number;
  /** Hard stop for stdout plus stderr. */
  readonly outputBytesMax: number;
}

export interface SandboxSpec {
  /** Names directories and cgroups: `[a-z0-9-]`, unique per open sandbox. */
  readonly name: string;
  /** Host directory that becomes `/workspace`, the only place shared with the host besides `home` and `out`. */
  readonly workspace: string;
  /** Host directory that becomes `/home/agent`. */
  readonly home: string;
  /** Host directory that becomes `/out`: where bundles leave. */
  readonly out: string;
  readonly mounts?: readonly SandboxMount[];
  readonly env?: Readonly<Record<string, string>>;
  /**
   * `registries`: every command of this sandbox may reach the operator's registries through the egress proxy.
   * Default none: own network namespace with loopback only.
   */
  readonly network?: 'none' | 'registries';
  readonly limits?: Partial<SandboxLimits>;
}

/** At most head and tail of the stream, sanitised of control characters; the middle is cut when `truncated`. */
export interface CapturedOutput {
  readonly text: string;
  readonly bytes: number;
  readonly truncated: boolean;
}

export interface SandboxCommand {
  /** Run by `/bin/sh -c` (`bash` where present) when a string, executed directly when an array. */
  readonly command: string | readonly string[];
  /** Relative to the workspace; must stay inside. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly timeoutMs?: number;
  /** How many bytes of each stream are kept (half head, half tail). Default 64 KiB. */
  readonly keepBytes?: number;
  readonly signal?: AbortSignal;
}

/** Every way to end is a value; only an engine that cannot start throws (`sandbox-failed`). */
export interface SandboxResult {
  readonly exitCode: number | null;
  readonly ended: 'exit' | 'signal' | 'timeout' | 'output-limit' | 'out-of-memory' | 'disk-limit' | 'aborted';
  readonly stdout: CapturedOutput;
  readonly stderr: CapturedOutput;
  readonly durationMs: number;
}

/** One decision of the egress proxy. */
export interface EgressEvent {
  readonly host: string;
  readonly port: number;
  readonly allowed: boolean;
  readonly reason: string;
}

/** An open sandbox: a place to run commands; nothing in it survives `close` but the bind-mounted directories. */
export interface SandboxRun {
  exec(command: SandboxCommand): Promise<SandboxResult>;
  egress(): readonly EgressEvent[];
  close(): Promise<void>;
}

export interface SandboxProblem {
  readonly code: string;
  readonly message: string;
  /** What to do, one line. */
  readonly fix: string;
}

export interface SandboxProbe {
  readonly ok: boolean;
  readonly engine: string;
  readonly version: string;
  readonly problems: readonly SandboxProblem[];
}

export type SandboxEngine = 'bwrap' | 'container' | 'none';

/** No credential, no environment of ours, no network unless asked; nothing of the host writable but the mounts. */
export interface Sandbox {
  readonly engine: SandboxEngine;
  /** Runs a real canary; cached. */
  probe(): Promise<SandboxProbe>;
  open(spec: SandboxSpec): Promise<SandboxRun>;
  /** Makes `directory` usable as a mount for the sandboxed uid (chown when the caller is root). */
  adopt(directory: string): Promise<void>;
  /** Removes a directory that sandboxed code wrote, whatever its modes. */
  remove(directory: string): Promise<void>;
}
