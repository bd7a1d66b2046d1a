/** A file tree as texts. */
export type Files = Readonly<Record<string, string>>;

export type ExerciseLanguage = 'javascript' | 'python';

/** A task with tests: what is there at first, and what solves it. */
export interface Exercise {
  readonly name: string;
  readonly language: ExerciseLanguage;
  /** Everything but the source and the tests. */
  readonly files: Files;
  readonly source: string;
  readonly stub: string;
  readonly reference: string;
  readonly testPath: string;
  readonly tests: string;
}

/** What a candidate is, and so what has to become of it. */
export type CandidateKind = 'reference' | 'stub' | 'mutant' | 'cheat';

/** A change of an exercise: from one tree to another. */
export interface Candidate {
  readonly kind: CandidateKind;
  /** `reference, with its tests`, `cheat: deleted`. */
  readonly name: string;
  readonly base: Files;
  readonly head: Files;
}
