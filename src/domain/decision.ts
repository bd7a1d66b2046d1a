/** A decision record: what was asked, what was possible, what was chosen, why, and on what evidence. */
export interface Decision {
  readonly question: string;
  readonly options: readonly string[];
  readonly choice: string;
  readonly reason: string;
  readonly evidence: string;
}
