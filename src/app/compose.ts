import type { Settings } from '../config/read-settings.ts';
import type { CheckReader } from '../domain/checks.ts';
import type { DependencyCache } from '../domain/dependency-cache.ts';
import type { BranchPusher, EffectPort } from '../domain/effect.ts';
import type { ForgeReader, ForgeWriter, PermissionReader, TokenSource } from '../domain/forge.ts';
import type { Verdict } from '../domain/gate.ts';
import type { Journal } from '../domain/journal.ts';
import type { JournalCommits } from '../domain/journal-ref.ts';
import type { Logger } from '../domain/logger.ts';
import type { ClaimedRun } from '../domain/run.ts';
import type { Sandbox } from '../domain/sandbox.ts';
import type { Workspaces } from '../domain/workspace.ts';
import { createEffects, type EffectsOptions } from '../effects/create-effects.ts';
import { createBranchPusher } from '../git/branch-pusher.ts';
import { createWorkspaces } from '../git/create-workspaces.ts';
import { createJournalRefs } from '../git/journal-refs.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { type Execution, executeRun } from '../workflow/execute-run.ts';
import type { WorkflowLimits, WorkflowPorts } from '../workflow/ports.ts';
import { type Rejudging, rejudge } from '../workflow/rejudge.ts';
import { chooseSandbox, registriesOf } from './choose-sandbox.ts';
import { codeVersion } from './code-version.ts';
import { createGates, type Gates } from './create-gates.ts';
import { dependencyCacheOf } from './dependency-cache.ts';
import { evidenceKeyFile, openEvidenceKey } from './evidence-key.ts';
import { modelChainOf } from './model-chain.ts';
import { type JournalListener, observeEffects, observeJournal } from './observed-journal.ts';
import { readRepositoryConfig } from './repository-config.ts';
import { createRevocations } from './revoke-tokens.ts';
import { systemClock } from './system-clock.ts';
import type { RunPlace } from './tidying.ts';
import { toolVersions } from './tool-versions.ts';
import { toolchainMounts } from './toolchain-mounts.ts';
import { workflowLimits } from './workflow-limits.ts';

export interface ComposeOptions {
  readonly settings: Settings;
  readonly databaseUrl: string;
  readonly worker: string;
  readonly log: Logger;
  readonly forge: {
    readonly reader: ForgeReader;
    readonly writer: ForgeWriter;
    readonly permissions?: PermissionReader;
    readonly checks?: CheckReader;
    readonly tokens: TokenSource | null;
  };
  /** Absent in local mode. */
  readonly appId?: number;
  readonly botLogin: string;
  readonly committer: { readonly name: string; readonly email: string };
  readonly noreplyHost: string;
  readonly localMode: boolean;
  /** Replaces the pusher: a dry run pushes nothing. */
  readonly pusher?: BranchPusher;
  readonly onJournal?: JournalListener;
  readonly limits?: Partial<WorkflowLimits>;
  /** Replaces the guards of effects: only for suites that must notice a broken promise. */
  readonly weaken?: ((guards: EffectGuards) => EffectGuards) | undefined;
  /** Replaces the setting. */
  readonly writeIntervalMs?: number;
}

/** What keeps an effect from happening twice. */
export type EffectGuards = Pick<EffectsOptions, 'ledger' | 'rates'>;

/** The parts of one process, wired. */
export interface Composition {
  readonly store: Store;
  readonly sandbox: Sandbox;
  readonly workspaces: Workspaces;
  /** What this machine keeps of runs, for as long as they are not over. */
  readonly places: readonly RunPlace[];
  readonly effects: EffectPort;
  /** Deletes what this machine keeps of a repository (the App was uninstalled). */
  forget(repositoryId: number): Promise<void>;
  execute(claimed: ClaimedRun): Promise<Execution>;
  /** Judges the trees of a published commit once more. */
  rejudge(claimed: ClaimedRun, wanted: Rejudging): Promise<readonly Verdict[]>;
  /** Aborts the leases held here and claims no more: the runs go back to the queue without counting a crash. */
  drain(): void;
  close(): Promise<void>;
}

/** Builds the adapters and hands each room the ports it may hold. */
export async function compose(options: ComposeOptions): Promise<Composition> {
  const { settings, log, localMode } = options;
  const { reader, writer, tokens } = options.forge;
  const sandbox = await chooseSandbox(settings, { localMode, log });
  const store = await openStore({
    url: options.databaseUrl,
    worker: options.worker,
    code: codeVersion(),
    log,
    leaseMs: settings.LEASE_MS,
    crashesMax: settings.RUN_CRASHES_MAX,
    beatMs: settings.HEARTBEAT_MS,
    writeIntervalMs: options.writeIntervalMs ?? settings.WRITE_INTERVAL_MS,
    concurrency: {
      installation: settings.INSTALLATION_CONCURRENCY,
      repository: settings.REPOSITORY_CONCURRENCY,
    },
  });
  const journal = options.onJournal ? observeJournal(store.journal, options.onJournal) : store.journal;
  const git = { stateDir: settings.stateDir, tokens, localMode, log };
  const workspaces = createWorkspaces({
    ...git,
    adopt: (directory) => sandbox.adopt(directory),
    remove: (directory) => sandbox.remove(directory),
  });
  const pusher = options.pusher ?? createBranchPusher(git);
  const journals = localMode ? undefined : createJournalRefs({ ...git, committer: options.committer });
  const sent = createEffects({
    reader,
    writer,
    pusher,
    journals,
    log,
    ...guardsOf(options, store),
    botLogin: options.botLogin,
  });
  const effects = options.onJournal ? observeEffects(sent, options.onJournal) : sent;
  const gates = createGates(settings);
  const layers = dependencyCacheOf(settings, log);
  const adapters = { store, journal, sandbox, workspaces, effects, pusher, journals, gates, layers };
  const ports = workflowPorts(options, adapters);
  const revocations = createRevocations({ tokens, rates: store.rates, log });
  return {
    store,
    sandbox,
    workspaces,
    places: [workspaces, ...(journals ? [journals] : [])],
    effects,
    forget: async (id) => void (await Promise.all([workspaces.forget(id), layers.forget(id)])),
    execute: (claimed) => executeRun(claimed, ports).finally(() => revocations.of(claimed.run)),
    rejudge: (claimed, wanted) => rejudge(claimed, ports, wanted),
    drain: () => store.drain(),
    close: async () => {
      await gates.close();
      await revocations.close();
      await store.close();
    },
  };
}

function guardsOf({ weaken }: ComposeOptions, { effects, rates }: Store): EffectGuards {
  const guards = { ledger: effects, rates };
  return weaken?.(guards) ?? guards;
}

function checkPorts({ forge, appId }: ComposeOptions): WorkflowPorts['checks'] {
  return forge.checks && appId !== undefined ? { reader: forge.checks, appId } : undefined;
}

interface Adapters {
  readonly store: Store;
  readonly journal: Journal;
  readonly sandbox: Sandbox;
  readonly workspaces: Workspaces;
  readonly effects: EffectPort;
  readonly pusher: BranchPusher;
  readonly journals: JournalCommits | undefined;
  readonly gates: Gates;
  readonly layers: DependencyCache;
}

function workflowPorts(options: ComposeOptions, adapters: Adapters): WorkflowPorts {
  const { settings, log } = options;
  const { store, journal, sandbox, workspaces, effects, pusher, journals, gates } = adapters;
  return {
    journal,
    sandbox,
    workspaces,
    effects,
    published: store.effects,
    pusher,
    log,
    journalRef: journals && { commits: journals, ledger: store.effects, mode: settings.AGENT_JOURNAL },
    runs: store.runs,
    inbox: store.inbox,
    blobs: store.blobs,
    spend: store.spend,
    reader: options.forge.reader,
    permissions: options.forge.permissions,
    checks: checkPorts(options),
    trustedAppIds: settings.TRUSTED_APP_IDS,
    chain: modelChainOf(settings, {
      clock: systemClock,
      log,
    }),
    gates: gates.gates,
    readConfig: readRepositoryConfig,
    dependencies: settings.AGENT_DEPENDENCY_CACHE_GIB === 0 ? undefined : adapters.layers,
    ...toolchainMounts(settings.stateDir, sandbox.engine),
    checkpointer: (lease) => store.checkpointer(lease),
    registries: registriesOf(settings),
    commits: options.localMode ? 'git' : settings.AGENT_COMMITS,
    signer: options.localMode ? undefined : openEvidenceKey(evidenceKeyFile(settings)),
    tools: toolVersions(),
    clock: systemClock,
    limits: workflowLimits(settings, options.limits),
    committer: options.committer,
    noreplyHost: options.noreplyHost,
  };
}
