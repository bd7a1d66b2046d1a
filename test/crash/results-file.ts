import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CellOutcome } from './run-matrix.ts';

/** The outcomes of a suite that may be broken off and go on, one JSON line a cell. */
export interface ResultsFile {
  /** The newest outcome of each cell, those of this run included. */
  readonly outcomes: ReadonlyMap<string, CellOutcome>;
  add(outcome: CellOutcome): void;
}

/** Begins anew, or goes on where `resume` is set. */
export function openResultsFile(path: string, resume: boolean): ResultsFile {
  mkdirSync(dirname(path), { recursive: true });
  if (!resume) rmSync(path, { force: true });
  const outcomes = new Map<string, CellOutcome>();
  for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) {
    const outcome = parsed(line);
    if (outcome) outcomes.set(outcome.id, outcome);
  }
  return {
    outcomes,
    add(outcome) {
      outcomes.set(outcome.id, outcome);
      appendFileSync(path, `${JSON.stringify(outcome)}\n`);
    },
  };
}

/** The last line of a process that was killed may be half a line. */
function parsed(line: string): CellOutcome | undefined {
  try {
    return JSON.parse(line) as CellOutcome;
  } catch {
    return undefined;
  }
}
