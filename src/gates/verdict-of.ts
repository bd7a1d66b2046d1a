import type { CommandRun } from '../domain/command-run.ts';
import type { GateInput, GateName, Verdict } from '../domain/gate.ts';

const feedbackCharsMax = 8_000;

/** Completes a verdict on the head tree; what is not said is empty. Feedback is cut to 8,000 characters. */
export function verdictOf(
  gate: GateName,
  input: GateInput,
  said: Pick<Verdict, 'status' | 'blocking' | 'summary'> &
    Partial<Pick<Verdict, 'evidence' | 'findings' | 'feedback' | 'details'>>,
): Verdict {
  return {
    gate,
    treeId: input.head.treeId,
    evidence: [],
    findings: [],
    details: {},
    ...said,
    feedback: cut(said.feedback ?? ''),
  };
}

function cut(text: string): string {
  return text.length <= feedbackCharsMax ? text : `${text.slice(0, feedbackCharsMax - 20)}\n… (cut)`;
}

/** What people read about one command: `exit 1`, `timeout`. */
export function endOf(run: Pick<CommandRun, 'exitCode' | 'ended'>): string {
  return run.ended === 'exit' ? `exit ${run.exitCode ?? '?'}` : run.ended;
}

/** The runs that did not exit with 0, with their last lines. */
export function failuresOf(runs: readonly CommandRun[]): string {
  return outputsOf(runs.filter(({ exitCode }) => exitCode !== 0));
}

/** Command, end and the last lines of each run. */
export function outputsOf(runs: readonly CommandRun[]): string {
  return runs.map((run) => `$ ${run.command}\n(${endOf(run)})\n${run.outputTail.slice(-2_000)}`).join('\n\n');
}
