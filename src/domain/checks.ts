import type { RepositoryAddress } from './forge.ts';
import type { CommitId, TreeId } from './ids.ts';

/** `open`: not ended yet. `void`: ended without a result (cancelled, stale, waits for a person). */
export type CheckState = 'open' | 'green' | 'red' | 'void';

/** One result that somebody reported for a commit: a check run, a commit status or a run of a workflow. */
export interface CheckResult {
  readonly kind: 'run' | 'status' | 'workflow';
  readonly id: number;
  /** What requirements name; chosen by whoever reports it. */
  readonly name: string;
  /** The App that reports it; null for a status. */
  readonly appId: number | null;
  /** Results of one series replace each other: the newest counts, and red beside green in it is the proof of a flaky check. */
  readonly series: string;
  readonly state: CheckState;
  /** GitHub's own word for it. */
  readonly conclusion: string;
  /** Page of GitHub, or of whoever reported a status. */
  readonly url: string;
  /** One line of whoever reports it; text of others. */
  readonly note: string;
  /** A job of GitHub Actions, which has a log. */
  readonly isJob: boolean;
}

/** The permissions of which each opens one source. */
export const checkSources = ['checks', 'statuses', 'actions'] as const;
export type CheckSource = (typeof checkSources)[number];

/** What a failed check says about itself: text of others, to be treated as data. */
export interface CheckWords {
  readonly title: string;
  readonly text: string;
  /** The end of the job's log; empty where there is none or it may not be read. */
  readonly log: string;
}

/** Reads what others report about commits, with a token that can read nothing else. */
export interface CheckReader {
  /** Every result at a commit from the sources that may be read, oldest first within a series. */
  results(
    at: RepositoryAddress,
    sha: CommitId,
    sources: readonly CheckSource[],
  ): Promise<readonly CheckResult[]>;
  /** Names of the checks that rulesets and protection of the branch demand. */
  required(at: RepositoryAddress, branch: string): Promise<readonly string[]>;
  /** Whether a workflow of this repository has run for a pull request before. */
  runsOnPulls(at: RepositoryAddress): Promise<boolean>;
  words(at: RepositoryAddress, check: CheckResult, sources: readonly CheckSource[]): Promise<CheckWords>;
}

/** Why a check failed, as far as results can prove it. */
export type FailureClass = 'red-on-base' | 'flaky' | 'ours' | 'no-result';

/** A check as a run judged it. */
export interface JudgedCheck {
  readonly name: string;
  readonly required: boolean;
  /** `missing`: demanded, and nobody has reported it. */
  readonly state: CheckState | 'missing';
  readonly conclusion: string;
  readonly url: string;
  /** For red and void ones, and for green ones that were red before (`flaky`). */
  readonly class?: FailureClass;
  /** In words, with commits. */
  readonly proof?: string;
  readonly proofUrl?: string;
}

/** Others' checks at a commit, once none is waited for any more; journaled once, and nowhere where nobody checks. */
export interface ChecksJudged {
  readonly kind: 'checks.judged';
  readonly round: number;
  readonly sha: string;
  /** `fix`: the work goes back to be mended; `ask`: the pull request stays a draft and a person is asked. */
  readonly outcome: 'green' | 'fix' | 'ask';
  readonly why: string;
  readonly checks: readonly JudgedCheck[];
  /** What could not be read, because the App lacks the permission. */
  readonly unread: readonly CheckSource[];
  /** For `fix`: what the failed checks say, sanitised and without credentials; text of others. */
  readonly feedback: string;
}

/** Published work is taken up again: the next commit goes on top of this one. */
export interface PublicationReopened {
  readonly kind: 'publication.reopened';
  readonly round: number;
  readonly why: 'checks' | 'words' | 'budget';
  readonly commit: string;
  readonly treeId: TreeId;
}

/** Pushed as a draft; checks of others at this commit have not ended. No person is needed for it. */
export interface ChecksWait {
  readonly id: string;
  readonly kind: 'checks';
  readonly sha: string;
  readonly pull: number;
  /** What was open when the wait began. */
  readonly names: readonly string[];
  /** ISO 8601. */
  readonly until: string;
}
