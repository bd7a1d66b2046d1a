import type { Gate } from '../../src/domain/gate.ts';
import type { TestRun } from '../../src/domain/toolchain.ts';
import { isFailure } from '../../src/toolchains/compare-test-runs.ts';
import type { Candidate, CandidateKind, Exercise, Files } from './exercise.ts';
import { type Bench, type Judgement, judgeCandidate, runTests } from './judge-candidate.ts';
import { makeCandidates } from './make-candidates.ts';

type Outcome = Judgement['outcome'];

/** How many candidates of a kind came to each outcome. */
export type Matrix = Record<CandidateKind, Record<Outcome, number>>;

export function emptyMatrix(): Matrix {
  const row = (): Record<Outcome, number> => ({ accepted: 0, held: 0, rejected: 0 });
  return { reference: row(), stub: row(), mutant: row(), cheat: row() };
}

export interface EvaluateOptions {
  readonly bench: Bench;
  readonly gates: readonly Gate[];
  readonly mutantsMax: number;
  /** Also the stub in place of the solution: seven runs of the tests, because new failures run again. */
  readonly withRegression: boolean;
  /** Told for everything that came out wrong, and for a mutant that no test sees. */
  onSurprise(text: string): void;
}

/** Judges every candidate of an exercise and counts; mutants that no test sees are left out. */
export async function evaluate(exercise: Exercise, matrix: Matrix, options: EvaluateOptions): Promise<void> {
  const baselines = new Map<string, TestRun>();
  for (const candidate of await makeCandidates(exercise, options)) {
    const unfit = await whyUnfit(options.bench, candidate);
    if (unfit !== null) {
      options.onSurprise(`${exercise.name}: ${candidate.name} ${unfit} and is left out`);
      continue;
    }
    const baseline = await baselineOf(options.bench, candidate.base, baselines);
    const { outcome, verdicts } = await judgeCandidate(options.bench, options.gates, candidate, baseline);
    matrix[candidate.kind][outcome] += 1;
    if ((candidate.kind === 'reference') === (outcome === 'accepted')) continue;
    const why = verdicts.map(({ gate, status, summary, findings }) =>
      [
        `  ${gate} ${status}: ${summary}`,
        ...findings.slice(0, 4).map(({ path, line, message }) => `    ${path}:${line}: ${message}`),
      ].join('\n'),
    );
    options.onSurprise(`${exercise.name}: ${candidate.name} was ${outcome}\n${why.join('\n')}`);
  }
}

/**
 * The truth about mutants, references and stubs, from the tests themselves: nothing can be asked of a gate otherwise. The
 * stub of an exercise in refactoring passes all of its tests.
 */
async function whyUnfit(bench: Bench, { kind, head, base }: Candidate): Promise<string | null> {
  if (kind === 'cheat') return null;
  const { results, infra } = await runTests(bench, head, kind === 'mutant' ? base : head);
  const failed = infra !== null || results.some(({ outcome }) => isFailure(outcome));
  if (kind === 'reference') return failed ? 'does not pass its own tests here' : null;
  return failed ? null : 'is seen by no test';
}

async function baselineOf(bench: Bench, base: Files, known: Map<string, TestRun>): Promise<TestRun> {
  const key = JSON.stringify(base);
  const run = known.get(key) ?? (await runTests(bench, base, base));
  known.set(key, run);
  return run;
}
