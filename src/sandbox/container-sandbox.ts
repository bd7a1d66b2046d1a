import { mkdir } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../domain/app-error.ts';
import type { Logger } from '../domain/logger.ts';
import type { Sandbox, SandboxLimits, SandboxProbe, SandboxRun, SandboxSpec } from '../domain/sandbox.ts';
import { admitSpec, diskReserveBytesDefault, uidBaseDefault } from './admission.ts';
import { type ContainerLayout, containerHostName } from './container-arguments.ts';
import { type ContainerCli, containerCli } from './container-cli.ts';
import { type ContainerFacts, containerFacts } from './container-facts.ts';
import { openContainerNetwork } from './container-network.ts';
import { type ContainerOwner, containerOwner } from './container-owner.ts';
import { containerRun } from './container-run.ts';
import { containerSeccompProfile } from './container-seccomp.ts';
import { isKnownArchitecture } from './denied-syscalls.ts';
import { identityOf } from './host-identity.ts';
import { prepareOnce } from './prepare-once.ts';
import { probeContainer } from './probe-container.ts';
import { replaceFile } from './replace-file.ts';
import { giveTree, type HostIdentity, removeTree } from './sandbox-directories.ts';
import { baseEnvironment, registryEnvironment } from './sandbox-environment.ts';
import { defaultLimits } from './sandbox-limits.ts';
import { removeStaleDirectories } from './stale-directories.ts';
import { writeSyntheticEtc } from './synthetic-etc.ts';
import { systemCertificates } from './system-certificates.ts';

export interface ContainerSandboxOptions {
  /** For this engine's own files and sockets; on the machine where the engine runs. */
  readonly stateDir: string;
  /** `docker` or `podman`, or a path of one. */
  readonly program: string;
  /** Environment of the engine's client: where it listens. */
  readonly clientEnv: Readonly<Record<string, string>>;
  /** Never pulled. */
  readonly image: string;
  /** OCI runtime, such as `runsc`; null: the engine's own. */
  readonly runtime: string | null;
  /** As for bubblewrap. */
  readonly registries: readonly string[];
  readonly log: Logger;
  readonly limits?: Partial<SandboxLimits>;
  readonly uidBase?: number;
  readonly diskReserveBytes?: number;
  readonly upstreamProxy?: string;
  /** `root`: uid 0 inside, still without any capability, for suites that must hold for it too. */
  readonly userInside?: 'agent' | 'root';
}

const certificatesInside = '/etc/pullwright-certificates.crt';

interface EngineState {
  readonly owner: ContainerOwner;
  readonly facts: ContainerFacts;
  readonly seccompFile: string;
}

/**
 * The container engine, over the command line of Docker or Podman. For machines on which bubblewrap cannot work, and
 * for a runtime with a kernel of its own. Whoever may speak to a rootful engine is root: give the bot a rootless one,
 * or a machine of its own.
 */
export function createContainerSandbox(options: ContainerSandboxOptions): Sandbox {
  const cli = containerCli(options.program, options.clientEnv);
  const uidBase = options.uidBase ?? uidBaseDefault;
  let probed: Promise<SandboxProbe> | null = null;
  const prepared = prepareOnce(() => prepare(options, cli));
  const sandbox: Sandbox = {
    engine: 'container',
    probe() {
      probed ??= probeContainer(sandbox, options.stateDir, {
        cli,
        image: options.image,
        runtime: options.runtime,
      });
      return probed;
    },
    open: async (spec) => open({ options, cli, spec, uidBase, ...(await prepared()) }),
    async adopt(directory) {
      await giveTree(directory, await identityOf(directory, uidBase));
    },
    remove: removeTree,
  };
  return sandbox;
}

async function prepare({ stateDir, log }: ContainerSandboxOptions, cli: ContainerCli): Promise<EngineState> {
  const architecture = arch();
  if (!isKnownArchitecture(architecture)) {
    throw new AppError('sandbox-unavailable', `no seccomp filter for the processor ${architecture}`);
  }
  await mkdir(stateDir, { recursive: true, mode: 0o755 });
  await removeStaleDirectories(stateDir);
  const facts = await containerFacts(cli);
  const owner = await containerOwner(stateDir);
  const reaped = await owner.reap(cli);
  if (reaped > 0) log.warn('sandbox.stale-containers-removed', { count: reaped });
  const seccompFile = join(stateDir, `seccomp-container-${architecture}.json`);
  await replaceFile(seccompFile, containerSeccompProfile(architecture));
  return { owner, facts, seccompFile };
}

interface Opening extends EngineState {
  readonly options: ContainerSandboxOptions;
  readonly cli: ContainerCli;
  readonly spec: SandboxSpec;
  readonly uidBase: number;
}

async function open(opening: Opening): Promise<SandboxRun> {
  const { options, cli, owner, spec } = opening;
  const diskReserveBytes = options.diskReserveBytes ?? diskReserveBytesDefault;
  const identity = await admitSpec(spec, { uidBase: opening.uidBase, diskReserveBytes });
  // A worker that died may have left a command that still writes to this very workspace.
  await owner.reap(cli);
  const hasNetwork = spec.network === 'registries';
  const caFile = hasNetwork ? await systemCertificates() : null;
  const layout = await layoutOf(opening, identity, caFile);
  const network = hasNetwork
    ? await openContainerNetwork({ ...options, cli, owner, identity, name: spec.name, layout })
    : null;
  return containerRun({
    cli,
    owner,
    spec,
    layout: { ...layout, network: network?.holder ?? null },
    diskReserveBytes,
    env: {
      ...baseEnvironment,
      ...(hasNetwork ? registryEnvironment(caFile === null ? null : certificatesInside) : {}),
    },
    network,
  });
}

async function layoutOf(
  { options, facts, seccompFile, spec }: Opening,
  identity: HostIdentity,
  caFile: string | null,
): Promise<ContainerLayout> {
  const { uid, gid } = insideOf(options, facts, identity);
  const etc = join(options.stateDir, `etc-${uid}`);
  await writeSyntheticEtc(etc, { uid, gid, hostName: containerHostName });
  return {
    image: options.image,
    runtime: options.runtime,
    user: `${uid}:${gid}`,
    extra: facts.options,
    etc,
    seccompFile,
    mounts: [
      { source: spec.workspace, target: '/workspace', writable: true },
      { source: spec.home, target: '/home/agent', writable: true },
      { source: spec.out, target: '/out', writable: true },
      ...(caFile === null ? [] : [{ source: caFile, target: certificatesInside }]),
      ...(spec.mounts ?? []),
    ],
    limits: { ...defaultLimits, ...options.limits, ...spec.limits },
    network: null,
  };
}

/** A rootless engine shows our own user as 0 inside: that is no root of the host, and it has no capability. */
function insideOf(
  { userInside }: ContainerSandboxOptions,
  { ownUserIsZeroInside }: ContainerFacts,
  identity: HostIdentity,
): { readonly uid: number; readonly gid: number } {
  if (ownUserIsZeroInside || userInside === 'root') return { uid: 0, gid: 0 };
  return identity ?? { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };
}
