import type { GateInput, GateName, Verdict } from './gate.ts';
import type { GateMode } from './gate-settings.ts';

type Judged = Pick<Verdict, 'status' | 'blocking' | 'mode' | 'held'>;

/** Whether a verdict keeps the pull request a draft, whoever approves it. */
export function blocks(verdict: Pick<Verdict, 'status' | 'blocking'>): boolean {
  return verdict.blocking && verdict.status !== 'pass';
}

/** Whether a verdict keeps the pull request a draft until a person approves exactly this state. */
export function isHeld(verdict: Pick<Verdict, 'status' | 'held'>): boolean {
  return verdict.held === true && verdict.status !== 'pass';
}

/** The mode a verdict was given under; verdicts of before there were modes say it by `blocking`. */
export function modeOf({ mode, blocking }: Pick<Verdict, 'mode' | 'blocking'>): GateMode {
  return mode ?? (blocking ? 'block' : 'warn');
}

/**
 * True when nothing that blocks stands against the tree and nothing is held, or what is held was `released`: a person
 * approved the hash of exactly this `holdMaterial`.
 */
export function isGreen(verdicts: readonly Verdict[], released = false): boolean {
  if (verdicts.length === 0 || verdicts.some(blocks)) return false;
  return released || !verdicts.some(isHeld);
}

/**
 * What a person approves: the tree, and every finding of every held gate. Null when nothing is held. People see and
 * type its hash, see `holdHash` in `record`.
 */
export function holdMaterial(verdicts: readonly Verdict[]): string | null {
  const held = verdicts.filter(isHeld);
  if (held.length === 0) return null;
  const lines = held.map(({ gate, status, treeId, findings }) =>
    [gate, status, treeId, ...findings.map(({ identity }) => identity).sort()].join('\n'),
  );
  return lines.sort().join('\n\n');
}

/**
 * The verdict under the mode that the repository chose. A gate says with `blocking` whether its result counts; what
 * that leads to is decided here and nowhere else.
 */
export function underMode(verdict: Verdict, mode: GateMode): Verdict {
  const counts = verdict.blocking;
  return { ...verdict, mode, blocking: counts && mode === 'block', held: counts && mode === 'hold' };
}

/** The verdict of a gate that the repository switched off: said, not hidden. */
export function switchedOff(gate: GateName, input: Pick<GateInput, 'head'>): Verdict {
  return {
    gate,
    mode: 'off',
    status: 'not-run',
    blocking: false,
    summary: `switched off (\`gates.${gate}.mode\` in \`.github/agent.yml\`)`,
    treeId: input.head.treeId,
    evidence: [],
    findings: [],
    feedback: '',
    details: {},
  };
}

/** Whether a verdict was neither passed nor kept from running: people have to see it. */
export function needsAttention(verdict: Judged): boolean {
  return verdict.status !== 'pass' && (verdict.status !== 'not-run' || blocks(verdict) || isHeld(verdict));
}
