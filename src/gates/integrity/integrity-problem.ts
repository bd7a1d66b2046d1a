/** One thing that happened to what judges the change. `line` on head; 1 where the file or the test is gone. */
export interface IntegrityProblem {
  readonly rule:
    | 'deleted-test'
    | 'skipped-test'
    | 'exclusive-test'
    | 'narrowed-test'
    | 'removed-assertion'
    | 'loosened-assertion'
    | 'changed-assertion'
    | 'guarded-assertion'
    | 'early-exit'
    | 'edited-test'
    | 'changed-import'
    | 'mocked-subject'
    | 'changed-snapshot'
    | 'changed-test-data'
    | 'changed-test-settings'
    | 'lowered-threshold'
    | 'test-hook'
    | 'special-cased'
    | 'suppressed-check';
  readonly line: number;
  readonly message: string;
  /** Default error; a warning is shown and does not count. */
  readonly level?: 'error' | 'warning';
}
