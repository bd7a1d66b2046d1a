import { isAppError } from '../domain/app-error.ts';
import { betweenCrashPoints } from '../domain/crash-point.ts';
import type { ErrorCode } from '../domain/error-catalogue.ts';
import type { Gate, GateInput, Verdict } from '../domain/gate.ts';
import { switchedOff, underMode } from '../domain/verdicts.ts';

/** These are about the run and not about the gate: its owner has to hear them. */
const passedOn: readonly ErrorCode[] = ['lease-lost', 'run-cancelled', 'postgres-unavailable'];

/**
 * Judges the gates: those that need a sandbox one after another in the given order, the static ones beside them. The
 * verdicts come in the order of the gates, under the modes of the settings. A gate that breaks gives the verdict
 * `error`, which counts: what was not judged did not pass. Throws only when the run itself may not go on, and then
 * after every gate has stopped: nothing may still use the trees that the caller closes.
 */
export async function runGates(gates: readonly Gate[], input: GateInput): Promise<readonly Verdict[]> {
  const verdicts = new Map<Gate, Verdict>();
  const judge = async (gate: Gate): Promise<void> => void verdicts.set(gate, await judgeOne(gate, input));
  const first = gates.filter(({ isConcluding }) => isConcluding !== true);
  const inTurn = async (): Promise<void> => {
    for (const gate of first) if (gate.isStatic !== true) await judge(gate);
  };
  const statics = first.filter(({ isStatic }) => isStatic === true);
  const ended = await Promise.allSettled([inTurn(), ...statics.map(judge)]);
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  const found = first.flatMap((gate) => verdicts.get(gate) ?? []);
  for (const gate of gates.filter(({ isConcluding }) => isConcluding === true)) {
    verdicts.set(gate, await judgeOne(gate, { ...input, verdicts: found }));
  }
  return gates.flatMap((gate) => verdicts.get(gate) ?? []);
}

async function judgeOne(gate: Gate, input: GateInput): Promise<Verdict> {
  input.signal.throwIfAborted();
  const { mode } = input.settings[gate.name];
  if (mode === 'off') return switchedOff(gate.name, input);
  try {
    return underMode(await betweenCrashPoints('gate.judge', () => gate.judge(input)), mode);
  } catch (error) {
    if (input.signal.aborted || passedOn.some((code) => isAppError(error, code))) throw error;
    return underMode(broken(gate, input, error), mode);
  }
}

function broken(gate: Gate, input: GateInput, error: unknown): Verdict {
  const why = error instanceof Error ? error.message : String(error);
  return {
    gate: gate.name,
    status: 'error',
    blocking: true,
    summary: `the gate itself broke: ${why.slice(0, 300)}`,
    treeId: input.head.treeId,
    evidence: [],
    findings: [],
    feedback: '',
    details: { error: why.slice(0, 2_000) },
  };
}
