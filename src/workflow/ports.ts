import type { BaseCheckpointSaver } from '@langchain/langgraph';
import type { OperatorBudgets, RepositoryBudgets } from '../domain/budgets.ts';
import type { CheckReader } from '../domain/checks.ts';
import type { Clock } from '../domain/clock.ts';
import type { DependencyCache } from '../domain/dependency-cache.ts';
import type { BranchPusher, EffectLedger, EffectPort, PublishedCommits } from '../domain/effect.ts';
import type { EvidenceSigner } from '../domain/evidence.ts';
import type { ForgeReader, PermissionReader } from '../domain/forge.ts';
import type { Gate } from '../domain/gate.ts';
import type { GateSettings } from '../domain/gate-settings.ts';
import type { BlobStore, Journal } from '../domain/journal.ts';
import type { JournalCommits, JournalMode } from '../domain/journal-ref.ts';
import type { Logger } from '../domain/logger.ts';
import type { ModelChain } from '../domain/model.ts';
import type { PullStyle } from '../domain/pull-style.ts';
import type { Lease, RunStore } from '../domain/run.ts';
import type { RunInbox } from '../domain/run-inbox.ts';
import type { Sandbox, SandboxMount } from '../domain/sandbox.ts';
import type { SpendLedger } from '../domain/spend.ts';
import type { CoverageFormat, TestReportFormat } from '../domain/toolchain.ts';
import type { Workspaces } from '../domain/workspace.ts';

/** How journals reach the target repository. */
export interface JournalRefPorts {
  readonly commits: JournalCommits;
  readonly ledger: Pick<EffectLedger, 'list'>;
  /** Where the repository does not say; `auto`: `full` for a private repository, `record` for a public one. */
  readonly mode: JournalMode | 'auto';
}

/** Where a run reads what others report about commits, and which reports are its own. */
export interface CheckPorts {
  readonly reader: CheckReader;
  readonly appId: number;
}

/** A command of `.github/agent.yml`; `directory` wins over the one of the whole file. */
export interface ConfiguredCommand {
  readonly run: string;
  readonly directory?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Only for tests. */
  readonly format?: TestReportFormat | undefined;
  readonly report?: string | undefined;
}

/** How `.github/agent.yml` has coverage measured. */
export interface ConfiguredCoverage extends Omit<ConfiguredCommand, 'format' | 'report'> {
  readonly format: CoverageFormat;
  readonly report: string;
}

/** What a repository's own configuration may say, after validation. */
export interface RepositoryConfig {
  readonly base?: string | undefined;
  readonly directory?: string | undefined;
  readonly budgetUsd?: number | undefined;
  /** Absent in journals of before it could be set: no limits. */
  readonly budgets?: RepositoryBudgets['budgets'];
  readonly instructions?: string | undefined;
  readonly journal?: JournalMode | undefined;
  /** Absent in journals of before it could be set: the defaults. */
  readonly pull?: PullStyle | undefined;
  /** Absent in journals of before there were modes: the defaults. */
  readonly gates?: GateSettings | undefined;
  /** Whether the repository has a control issue; no run asks for it. */
  readonly controlIssue?: boolean | undefined;
  /** Paths that are protected besides those that always are. */
  readonly protected?: readonly string[] | undefined;
  /** Which plans wait for an approval; default `risk`. */
  readonly plan?: 'always' | 'risk' | 'never' | undefined;
  readonly commands: Readonly<
    Partial<
      Record<'setup' | 'build' | 'test' | 'lint' | 'typecheck', readonly (string | ConfiguredCommand)[]>
    >
  > & { readonly coverage?: readonly ConfiguredCoverage[] };
}

/** Validates the text of `.github/agent.yml`; `config` is null when there is a problem, which names its line. */
export type ReadRepositoryConfig = (text: string) => {
  readonly config: RepositoryConfig | null;
  readonly problems: readonly string[];
};

export interface WorkflowLimits {
  readonly turnsMax: number;
  /** Implementing, over all rounds. */
  readonly wallClockMs: number;
  readonly budgets: OperatorBudgets;
  readonly tokensMax: number;
  /** One command of the agent or of a gate. */
  readonly commandTimeoutMs: number;
  readonly repairMs: number;
  readonly repositoryFilesMax: number;
  /** How often failed verdicts go back to implement. */
  readonly roundsMax: number;
  /** Least time between two edits of the tracking comment while a step is going on. */
  readonly progressMs: number;
  /** Least time between two writes of the journal ref while a step is going on; default 30,000. */
  readonly journalMs?: number;
  /** How often a step is tried again after an error that may pass. */
  readonly retriesMax: number;
  /** First pause before it is tried again, doubling; default 1,000. Tests shorten it. */
  readonly backoffMs?: number;
  /** A run that is older than this ends instead of waiting again; default 24 hours. */
  readonly ageMsMax?: number;
  /** Longest wait for checks of others at a published commit; 0 or absent: they are not waited for. */
  readonly checksWaitMs?: number;
  /** How long after a push it is waited for checks to appear at all. */
  readonly checksGraceMs?: number;
  /** How often a waiting run looks by itself; default five minutes. Tests shorten it. */
  readonly checksRereadMs?: number;
}

/** Everything the workflow reaches the world through. */
export interface WorkflowPorts {
  readonly journal: Journal;
  readonly runs: RunStore;
  readonly inbox: RunInbox;
  readonly blobs: BlobStore;
  readonly spend: SpendLedger;
  readonly effects: EffectPort;
  readonly published: PublishedCommits;
  readonly reader: ForgeReader;
  /** Absent in local mode. */
  readonly permissions?: PermissionReader | undefined;
  /** Absent in local mode: nobody checks there. */
  readonly checks?: CheckPorts | undefined;
  /** Ids of the Apps whose requests count like a person's. */
  readonly trustedAppIds: readonly number[];
  readonly pusher: Pick<BranchPusher, 'remoteTip'>;
  readonly workspaces: Workspaces;
  /** Absent: journals stay in the database (local mode, dry run). */
  readonly journalRef?: JournalRefPorts | undefined;
  readonly sandbox: Sandbox;
  /** Null: no key is set; the embedded repair engine does the implementing. */
  readonly chain: ModelChain | null;
  readonly gates: readonly Gate[];
  readonly readConfig: ReadRepositoryConfig;
  /** Read-only mounts of every sandbox: toolchains that the system lacks. */
  readonly mounts: readonly SandboxMount[];
  /** PATH of every sandbox, where the mounts need one; null: the sandbox's own. */
  readonly toolchainPath: string | null;
  /** What set-up may reach, as the operator lists it; for the record only, the sandbox has its own. */
  readonly registries?: readonly string[] | undefined;
  /** Absent: every set-up fetches. */
  readonly dependencies?: DependencyCache | undefined;
  readonly checkpointer: (lease: Lease) => BaseCheckpointSaver;
  /** `api`: the forge makes and signs commits; `git`: they are pushed. */
  readonly commits: 'api' | 'git';
  /** Absent: evidence is not signed (local mode). */
  readonly signer?: EvidenceSigner | undefined;
  /** Versions of what judges, by name. */
  readonly tools: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: WorkflowLimits;
  readonly committer: { readonly name: string; readonly email: string };
  /** Host of people's no-reply addresses: `users.noreply.<host>`. */
  readonly noreplyHost: string;
}
