import type { OperatorBudgets, RepositoryBudgets } from './budgets.ts';
import type { RepositoryAddress } from './forge.ts';
import type { GateSettings } from './gate-settings.ts';
import type { PublishableText } from './ids.ts';
import type { JournalMode } from './journal-ref.ts';
import type { PullStyle } from './pull-style.ts';
import type { DetectedCommands } from './toolchain.ts';

/** What `.github/agent.yml` of a branch says, with the defaults filled in. */
export interface EffectiveConfig extends RepositoryBudgets {
  readonly base: string | null;
  readonly directory: string | null;
  readonly plan: 'always' | 'risk' | 'never';
  readonly journal: JournalMode | 'auto';
  readonly controlIssue: boolean;
  readonly protected: readonly string[];
  /** Characters of the words to the agent; 0: none. */
  readonly instructionsChars: number;
  readonly pull: PullStyle;
  readonly gates: GateSettings;
  /** Shell lines by phase, only those that the file replaces. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
}

/** Everything that applies to a repository, as people are shown it. */
export interface ShownConfig {
  readonly branch: string;
  readonly found: boolean;
  /** In words that name line and key. With any of them no run starts, and `config` is null. */
  readonly problems: readonly string[];
  readonly config: EffectiveConfig | null;
  readonly operator: OperatorBudgets;
  /** By the newest run that looked; null: none has. */
  readonly detected: DetectedCommands | null;
}

/** Answers `/agent config` without a run and without a model. */
export interface ConfigPort {
  show(at: RepositoryAddress, branch: string): Promise<PublishableText>;
}
