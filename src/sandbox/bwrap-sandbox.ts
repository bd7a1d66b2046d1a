import { mkdir } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { AppError } from '../domain/app-error.ts';
import type { Logger } from '../domain/logger.ts';
import type { Sandbox, SandboxLimits, SandboxProbe, SandboxRun, SandboxSpec } from '../domain/sandbox.ts';
import { admitSpec, diskReserveBytesDefault, uidBaseDefault } from './admission.ts';
import { bwrapRun } from './bwrap-run.ts';
import { isKnownArchitecture } from './denied-syscalls.ts';
import { identityOf } from './host-identity.ts';
import { inheritedDescriptors } from './inherited-descriptors.ts';
import { openControlGroup } from './open-control-group.ts';
import { type OutputPipes, outputPipes } from './output-pipes.ts';
import { prepareOnce } from './prepare-once.ts';
import { probeBwrap } from './probe-bwrap.ts';
import { openRegistryNetwork } from './registry-network.ts';
import { replaceFile } from './replace-file.ts';
import { giveTree, removeTree, requireReachable } from './sandbox-directories.ts';
import { baseEnvironment, registryEnvironment } from './sandbox-environment.ts';
import { defaultLimits } from './sandbox-limits.ts';
import { seccompFilter } from './seccomp-filter.ts';
import { removeStaleDirectories } from './stale-directories.ts';
import { bwrapPath, nsenterPath, prlimitPath } from './start-bwrap.ts';
import { writeSyntheticEtc } from './synthetic-etc.ts';
import { systemCertificates } from './system-certificates.ts';

export interface BwrapSandboxOptions {
  /** For this engine's own files and sockets; as root, everyone must be able to enter it. */
  readonly stateDir: string;
  /** `host` (port 443) or `host:port`; with `private:` before it, the name may resolve to a private address. */
  readonly registries: readonly string[];
  readonly log: Logger;
  readonly limits?: Partial<SandboxLimits>;
  /** First of 50,000 host uids for sandboxes when we are root; default 200000. Must not be used by anyone else. */
  readonly uidBase?: number;
  /** Commands end with `disk-limit` below this; default 2 GiB. */
  readonly diskReserveBytes?: number;
  /** `http://host:port` of a proxy through which alone this machine reaches the registries. */
  readonly upstreamProxy?: string;
  /** False: limit by rlimits and watching only; default true, where control groups are writable. */
  readonly controlGroups?: boolean;
  /** `root`: uid 0 inside, for suites that must hold for it too. On the host it stays an ordinary user. */
  readonly userInside?: 'agent' | 'root';
}

interface EngineFiles {
  readonly etc: string;
  readonly seccompFile: string;
  readonly pipes: OutputPipes;
}

/**
 * The bubblewrap engine: Linux namespaces, a seccomp filter and resource limits, no daemon and no image.
 * `open` throws `sandbox-unavailable` when a directory cannot be used by the unprivileged uid, `disk-full` when the
 * reserve is touched, `sandbox-failed` otherwise.
 */
export function createBwrapSandbox(options: BwrapSandboxOptions): Sandbox {
  const inherited = inheritedDescriptors();
  const uidBase = options.uidBase ?? uidBaseDefault;
  let probed: Promise<SandboxProbe> | null = null;
  const prepared = prepareOnce(() => prepareFiles(options.stateDir));
  const sandbox: Sandbox = {
    engine: 'bwrap',
    probe() {
      probed ??= probeBwrap(sandbox, options.stateDir, {
        bwrap: bwrapPath,
        others: [nsenterPath, prlimitPath],
      });
      return probed;
    },
    open: async (spec) => open({ options, inherited, spec, files: await prepared(), uidBase }),
    async adopt(directory) {
      await giveTree(directory, await identityOf(directory, uidBase));
    },
    remove: removeTree,
  };
  return sandbox;
}

async function prepareFiles(stateDir: string): Promise<EngineFiles> {
  const architecture = arch();
  if (!isKnownArchitecture(architecture)) {
    throw new AppError('sandbox-unavailable', `no seccomp filter for the processor ${architecture}`);
  }
  if (!isMainThread) {
    throw new AppError(
      'sandbox-unavailable',
      'sandboxes die with the thread that starts them: use the main thread',
    );
  }
  await mkdir(stateDir, { recursive: true, mode: 0o755 });
  // Whose uid it will be is not known yet; all of them are strangers to the ancestors' owners.
  await requireReachable(
    stateDir,
    process.getuid?.() === 0 ? { uid: -1, gid: -1 } : null,
    'the sandbox directory',
  );
  await removeStaleDirectories(stateDir);
  const etc = join(stateDir, 'etc');
  await writeSyntheticEtc(etc);
  const seccompFile = join(stateDir, `seccomp-${architecture}.bpf`);
  await replaceFile(seccompFile, seccompFilter(architecture));
  return { etc, seccompFile, pipes: outputPipes(stateDir) };
}

interface Opening {
  readonly options: BwrapSandboxOptions;
  readonly inherited: readonly number[];
  readonly spec: SandboxSpec;
  readonly files: EngineFiles;
  readonly uidBase: number;
}

async function open({ options, inherited, spec, files, uidBase }: Opening): Promise<SandboxRun> {
  const diskReserveBytes = options.diskReserveBytes ?? diskReserveBytesDefault;
  const identity = await admitSpec(spec, { uidBase, diskReserveBytes });
  const limits: SandboxLimits = { ...defaultLimits, ...options.limits, ...spec.limits };
  const network =
    spec.network === 'registries'
      ? await openRegistryNetwork({ ...options, identity, seccompFile: files.seccompFile, inherited })
      : null;
  const caFile = network === null ? null : await systemCertificates();
  return bwrapRun({
    spec,
    identity,
    limits,
    diskReserveBytes,
    ...files,
    env: { ...baseEnvironment, ...(network === null ? {} : registryEnvironment(caFile)) },
    inherited,
    pipes: files.pipes,
    idInside: options.userInside === 'root' ? 0 : 1000,
    network,
    group: options.controlGroups === false ? null : await openControlGroup(spec.name, limits, options.log),
  });
}
