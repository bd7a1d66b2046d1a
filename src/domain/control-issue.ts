import type { RepositoryAddress } from './forge.ts';
import type { RunId } from './ids.ts';
import type { KnownRepository } from './known-repository.ts';
import type { Run } from './run.ts';

/** What a box of the control issue stands for: the command of its name. */
const boxWords = ['approve', 'resume', 'stop', 'retry'] as const;
export type BoxWord = (typeof boxWords)[number];

/** A box: the command, the run that it means, and for `approve` the hash of what was shown. */
export interface ControlBox {
  readonly word: BoxWord;
  readonly runId: RunId;
  readonly hash: string | null;
}

export function boxId({ word, runId, hash }: ControlBox): string {
  return hash === null ? `${word}:${runId}` : `${word}:${runId}:${hash}`;
}

/** Reads an id that people may have changed; undefined for what `boxId` never makes. */
export function readBoxId(id: string): ControlBox | undefined {
  const [, word, runId, hash = null] = /^([a-z]+):([0-9a-z]{1,40})(?::([0-9a-f]{7,64}))?$/.exec(id) ?? [];
  const known = boxWords.find((one) => one === word);
  if (known === undefined || runId === undefined) return undefined;
  return (known === 'approve') === (hash !== null) ? { word: known, runId: runId as RunId, hash } : undefined;
}

/** What is kept of a repository's control issue. */
export interface ControlIssue {
  readonly repository: Omit<KnownRepository, 'seenAt'>;
  /** Null: it is still to be made, or found again. */
  readonly number: number | null;
  /** As we wrote it last. Only a box that stands in it, or in `sending`, was offered. */
  readonly body: string;
  /** What may have been written over it since; null: nothing. */
  readonly sending: string | null;
  /** Boxes whose ticks were heard of and that are to be unticked. */
  readonly taken: readonly string[];
  /** The newest ticks that were taken as commands, as `<delivery>:<box>`: what is processed once more is known by it. */
  readonly handled: readonly string[];
  /** Boxes that somebody ticked without our being told who: they were unticked and nothing was done. */
  readonly missed: readonly string[];
  /** What was edited up to then, by GitHub's clock, counts as missed. */
  readonly missedUntil: Date | null;
}

/** A claimed one, with the runs under way as they stood when it was claimed. */
export interface ClaimedControlIssue extends ControlIssue {
  readonly shape: string;
  /** Tells this claim from every other one. */
  readonly token: string;
}

/** Ticks of one delivery. */
export interface HeardTicks {
  /** All of them: they are to be unticked. */
  readonly boxes: readonly string[];
  /** Those that were offered, as `handled` keeps them. */
  readonly handled: readonly string[];
}

/** Of every repository that wants a control issue one, shared by all processes. */
export interface ControlIssueStore {
  get(repositoryId: number): Promise<ControlIssue | undefined>;
  /** From now on the repository has one; again for one that has: its name may be new. */
  enable(repository: Omit<KnownRepository, 'seenAt'>): Promise<void>;
  /** It has none any more: what stands on GitHub is an issue like others. */
  disable(repositoryId: number): Promise<void>;
  /** For one caller at a time, until released or until its worker is gone. Undefined: there is none, or it is taken. */
  claim(repositoryId: number): Promise<ClaimedControlIssue | undefined>;
  /** `shape`: what it shows now; null: it is to be looked at again. Does nothing to a claim that was taken over. */
  release(claimed: ClaimedControlIssue, shape: string | null): Promise<void>;
  /** Before it is written: what is sent counts as offered from here on. */
  intend(repositoryId: number, body: string): Promise<void>;
  /** It stands there now, with all boxes unticked. `taken`: what was noted before it was written. */
  written(
    repositoryId: number,
    now: Pick<ControlIssue, 'body' | 'taken' | 'missed' | 'missedUntil'> & { readonly number: number },
  ): Promise<void>;
  /** Ticks that were heard of; they stay noted until the boxes were written anew. */
  take(repositoryId: number, heard: HeardTicks): Promise<void>;
  /** Those whose runs under way are not what is shown, and that were not looked at within `gapMs`. */
  due(gapMs: number): Promise<readonly ControlIssue['repository'][]>;
}

/** How a run ended, for the list of outcomes. */
export interface RunOutcome {
  readonly run: Run;
  /** In words; of the model too. */
  readonly summary: string;
  /** The pull request that it opened or worked on; null: none. */
  readonly pull: number | null;
}

/** What the runs of one repository came to. Sums are US dollars, days UTC by the database's clock. */
export interface RepositoryFigures {
  readonly now: Date;
  /** Newest first, at most 10. */
  readonly outcomes: readonly RunOutcome[];
  /** Runs that ended in the last 30 days, by how. */
  readonly ended: Readonly<Record<'published' | 'refused' | 'failed' | 'cancelled', number>>;
  readonly spentTodayUsd: number;
  /** Today and the 29 days before. */
  readonly spentMonthUsd: number;
}

/** Reads the figures of one repository and of no other. */
export interface FiguresReader {
  figures(repositoryId: number): Promise<RepositoryFigures>;
}

/** What triggers may do with the control issue. */
export interface ControlPort {
  /** That of the repository; undefined: it has none. */
  get(repositoryId: number): Promise<ControlIssue | undefined>;
  /** Notes ticks that were heard of; the boxes are unticked with the next look at the issue. */
  take(at: RepositoryAddress, heard: HeardTicks): Promise<void>;
  /** Shows it as things stand now. Throws what may pass. */
  show(at: RepositoryAddress): Promise<void>;
}
