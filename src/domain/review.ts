import type { Finding, GateName } from './gate.ts';
import type { ChangedFile } from './journal-event.ts';
import type { StopReason } from './stop-reason.ts';

/** How bad the model thinks that something is. */
export type ReviewSeverity = 'error' | 'warning' | 'note';

/** A problem that a model sees on a line of the change: a claim, and the line as it read it. */
export interface ReviewFinding {
  readonly path: string;
  readonly line: number;
  readonly severity: ReviewSeverity;
  readonly claim: string;
  /** The line, quoted: a finding whose line does not read so was made of nothing. */
  readonly quote: string;
}

/** Why a model's finding is not shown. */
export type DropReason = 'not-changed' | 'quote-differs' | 'repeated' | 'too-many';

/** What stands on one changed line: what gates found there, and what a model thinks of it. */
export interface ReviewedLine {
  readonly path: string;
  readonly line: number;
  readonly found: readonly { readonly gate: GateName; readonly finding: Finding }[];
  readonly opinions: readonly ReviewFinding[];
}

/** A sentence of the model, compared with what was measured. */
export interface ReviewClaim {
  readonly text: string;
  readonly state: 'unsupported' | 'contradicted';
  readonly why: string;
}

/** What is shown of a review: gates' findings on changed lines, and what is left of a model's. */
export interface SettledReview {
  readonly lines: readonly ReviewedLine[];
  /** Lines beyond those, with findings that are not shown on a line. */
  readonly linesLeft: number;
  readonly dropped: readonly { readonly reason: DropReason; readonly count: number }[];
  /** How the model's look ended; null: no model looked. */
  readonly look: StopReason | null;
  /** In the model's words. */
  readonly summary: string;
  /** Sentences of the model that the gates do not bear out. */
  readonly claims: readonly ReviewClaim[];
  /** Changed files whose diff the model was not shown as a whole. */
  readonly unseen: readonly string[];
  /** Changed since the branch left its base. */
  readonly files: readonly ChangedFile[];
  /** Where the branch stood when this was settled; null: it was gone. */
  readonly headNow: string | null;
}
