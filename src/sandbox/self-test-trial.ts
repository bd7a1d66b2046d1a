import type {
  Sandbox,
  SandboxCommand,
  SandboxLimits,
  SandboxResult,
  SandboxRun,
  SandboxSpec,
} from '../domain/sandbox.ts';

/** One promise of the sandbox contract, and how to try it. */
export interface Trial {
  readonly promise: string;
  /** Nothing is opened when it does not hold. */
  readonly isOptional?: boolean;
  /** What happened instead; null when it holds. */
  run(place: TrialPlace): Promise<string | null>;
}

/** A sandbox to try things in, and what must stay out of its reach. */
export interface TrialPlace {
  readonly sandbox: Sandbox;
  readonly spec: SandboxSpec;
  /** A file beside the workspace that everyone on this machine may read. */
  readonly secretFile: string;
  readonly secret: string;
  /** Of a server on this machine's loopback. */
  readonly hostPort: number;
  /** Of a server at an abstract Unix socket, without the NUL. */
  readonly abstractName: string;
  readonly exec: (
    command: SandboxCommand['command'],
    more?: Partial<SandboxCommand>,
  ) => Promise<SandboxResult>;
  /** Runs in a sandbox of its own with other limits or a network. */
  readonly within: <T>(
    more: { readonly limits?: Partial<SandboxLimits>; readonly network?: 'registries' },
    use: (run: SandboxRun) => Promise<T>,
  ) => Promise<T>;
}
