import type { RepositoryAddress } from './forge.ts';
import type { PublishableText } from './ids.ts';

/** What somebody wants explained. */
export interface ExplainQuestion {
  readonly at: RepositoryAddress;
  /** The thread that it was asked on. */
  readonly number: number;
  /** The branch whose lines are meant. */
  readonly ref: string;
  /** Null: the newest run of the thread. `line` counts from 1; null: the file as a whole. */
  readonly place: { readonly path: string; readonly line: number | null } | null;
}

/** Answers from the journal: which run, which decision, which evidence. Asks no model. */
export interface ExplainPort {
  explain(question: ExplainQuestion): Promise<PublishableText>;
}
