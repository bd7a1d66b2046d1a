import type { ContainerCli } from './container-cli.ts';

/** What the engine at hand says about itself. */
export interface ContainerFacts {
  readonly product: 'docker' | 'podman';
  readonly version: string;
  readonly isRootless: boolean;
  /** True for rootless Docker: our own user is uid 0 inside. */
  readonly ownUserIsZeroInside: boolean;
  /** Options of `create` that make the user ids inside what they are outside, where that is possible. */
  readonly options: readonly string[];
  /** Limits that this engine cannot keep here. */
  readonly missingLimits: readonly string[];
  /** Names of the runtimes; empty: it does not say. */
  readonly runtimes: readonly string[];
}

interface DockerInfo {
  readonly ServerVersion?: string;
  readonly ServerErrors?: readonly string[];
  readonly SecurityOptions?: readonly string[];
  readonly MemoryLimit?: boolean;
  readonly PidsLimit?: boolean;
  readonly CpuCfsQuota?: boolean;
  readonly Runtimes?: Readonly<Record<string, unknown>>;
}

interface PodmanInfo {
  readonly host?: {
    readonly security?: { readonly rootless?: boolean };
    readonly cgroupControllers?: readonly string[];
    readonly cgroupVersion?: string;
  };
  readonly version?: { readonly Version?: string };
}

/** Asks the engine. Throws `sandbox-failed` when it does not answer. */
export async function containerFacts(cli: ContainerCli): Promise<ContainerFacts> {
  const info = JSON.parse(await cli.run(['info', '--format', '{{json .}}'])) as DockerInfo & PodmanInfo;
  return info.host === undefined ? dockerFacts(info) : podmanFacts(info);
}

function dockerFacts(info: DockerInfo): ContainerFacts {
  if (info.ServerVersion === undefined || info.ServerVersion === '') {
    throw new Error(info.ServerErrors?.join('; ') ?? 'the engine does not answer');
  }
  const security = (info.SecurityOptions ?? []).map((option) => option.split(',')[0]);
  const isRootless = security.includes('name=rootless');
  return {
    product: 'docker',
    version: info.ServerVersion,
    isRootless,
    ownUserIsZeroInside: isRootless,
    // A remapped user could not write to the workspace; ours is not root to begin with.
    options: security.includes('name=userns') ? ['--userns', 'host'] : [],
    missingLimits: [
      ...(info.MemoryLimit === false ? ['memory'] : []),
      ...(info.PidsLimit === false ? ['processes'] : []),
      ...(info.CpuCfsQuota === false ? ['processor time'] : []),
    ],
    runtimes: Object.keys(info.Runtimes ?? {}),
  };
}

/**
 * Podman gives every container a limit on its user's processes that it may not be allowed to set itself: measured with 4.3 as
 * a root without CAP_SYS_RESOURCE, no container started. Far above what is counted by control group, which is the limit.
 */
const podmanProcesses = ['--ulimit', 'nproc=16384:16384'];

/** Version 1 lists no controllers for root, who has them all. */
function podmanFacts({ host, version }: PodmanInfo): ContainerFacts {
  const isRootless = host?.security?.rootless === true;
  const controllers = host?.cgroupControllers ?? [];
  const lacks = (name: string): boolean => isRootless && !controllers.includes(name);
  return {
    product: 'podman',
    version: version?.Version ?? 'unknown',
    isRootless,
    ownUserIsZeroInside: false,
    options: [...(isRootless ? ['--userns', 'keep-id'] : []), ...podmanProcesses],
    missingLimits: [
      ...(lacks('memory') ? ['memory'] : []),
      ...(lacks('pids') ? ['processes'] : []),
      ...(lacks('cpu') ? ['processor time'] : []),
    ],
    runtimes: [],
  };
}
