import type { OperatorBudgets } from '../domain/budgets.ts';
import type { Clock } from '../domain/clock.ts';
import type { ControlPort } from '../domain/control-issue.ts';
import type { DiscussionReader } from '../domain/discussion.ts';
import type { OpenedPulls, ReplyPort } from '../domain/effect.ts';
import type { ExplainPort } from '../domain/explanation.ts';
import type { ForgeReader, RepositoryAddress } from '../domain/forge.ts';
import type { RunId } from '../domain/ids.ts';
import type { Journal } from '../domain/journal.ts';
import type { Logger } from '../domain/logger.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { Run, RunStore, RunTarget } from '../domain/run.ts';
import type { RunInbox } from '../domain/run-inbox.ts';
import type { ConfigPort } from '../domain/shown-config.ts';
import type { SpendLedger } from '../domain/spend.ts';
import type { ActorRules } from './actor-class.ts';
import type { PayloadIssue, PayloadRepository } from './payload-shapes.ts';

/** What triggers may use. None of it can write to GitHub but an answer and a reaction. */
export interface TriggerPorts extends ActorRules {
  readonly reader: ForgeReader;
  readonly discussion: DiscussionReader;
  readonly runs: RunStore;
  readonly inbox: RunInbox;
  readonly journal: Pick<Journal, 'read'>;
  readonly spend: Pick<SpendLedger, 'total'>;
  /** What the operator lets runs spend. */
  readonly budgets: OperatorBudgets;
  readonly replies: ReplyPort;
  readonly pulls: OpenedPulls;
  readonly explanations: ExplainPort;
  readonly configs: ConfigPort;
  readonly controls: ControlPort;
  newRunId(): RunId;
  /** The label that starts a run; compared without regard to case, as GitHub does. */
  readonly labelName: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Repositories known from this installation's runs and deliveries. */
  repositoriesOf(installationId: number): Promise<readonly number[]>;
  /** Whether the configuration on this branch lets pull requests of ours follow it. */
  followsBase(at: RepositoryAddress, base: string): Promise<boolean>;
  /** Deletes what is kept for repositories that we may no longer read. */
  onUninstalled(installationId: number, repositoryIds: readonly number[]): Promise<void>;
}

/** The issue or pull request that a delivery is about. */
export interface Thread {
  readonly at: RepositoryAddress;
  readonly repository: RepositoryRef;
  readonly archived: boolean;
  readonly target: RunTarget;
}

/** A thread from the parts that every payload has. */
export function threadOf(
  payload: { readonly installation: { readonly id: number }; readonly repository: PayloadRepository },
  target: RunTarget,
): Thread {
  const { repository } = payload;
  const owner = repository.owner.login;
  return {
    at: {
      installationId: payload.installation.id,
      repositoryId: repository.id,
      owner,
      name: repository.name,
    },
    repository: {
      id: repository.id,
      owner,
      name: repository.name,
      cloneUrl: repository.clone_url,
      htmlUrl: repository.html_url,
      private: repository.private,
      defaultBranch: repository.default_branch,
    },
    archived: repository.archived,
    target,
  };
}

/** A check or a box has no thread of its own: what is pressed there is answered where the run reports. */
export function trackingThread(
  payload: Parameters<typeof threadOf>[0],
  { trackingIssue, target }: Pick<Run, 'trackingIssue' | 'target'>,
): Thread {
  if (trackingIssue === null || trackingIssue === target.number) return threadOf(payload, target);
  const htmlUrl = `${payload.repository.html_url}/issues/${trackingIssue}`;
  return threadOf(payload, { kind: 'issue', number: trackingIssue, htmlUrl });
}

/** A comment on a pull request is an issue event too; `issue.pull_request` is the only difference. */
export function issueTarget(issue: PayloadIssue): RunTarget {
  const isPull = issue.pull_request !== undefined && issue.pull_request !== null;
  return { kind: isPull ? 'pull-request' : 'issue', number: issue.number, htmlUrl: issue.html_url };
}

/** Labels of one repository differ by more than case. */
export function isLabel(ports: TriggerPorts, name: string): boolean {
  return name.toLowerCase() === ports.labelName.toLowerCase();
}
