/** One thing that the summary asserts and that the evidence can speak to. */
export interface Claim {
  /** The sentence, as it stands in the summary. */
  readonly text: string;
  readonly kind:
    | 'tests-pass'
    | 'test-count'
    | 'test-added'
    | 'reproduced'
    | 'file-changed'
    | 'checks-clean'
    | 'coverage'
    | 'measured';
  /** What is named: a path, a number. */
  readonly value: string;
}

/**
 * `supported` by the evidence, `unsupported` when nothing speaks for it, `contradicted` when the evidence says the
 * opposite.
 */
export interface CheckedClaim extends Claim {
  readonly state: 'supported' | 'unsupported' | 'contradicted';
  readonly why: string;
}
