/** Lines of one file that were added next to each other; `firstLine` is the number of the first on head. */
export interface AddedBlock {
  readonly path: string;
  readonly firstLine: number;
  readonly lines: readonly string[];
}

/** What the scanning thread answers: places and rules, never the secret. */
export interface ScanHit {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly words: string;
  /** `warning`: pointed out, but it may well be none. */
  readonly level: 'error' | 'warning';
  /** No known shape: it is named like a credential and looks random. */
  readonly byName?: true;
}
