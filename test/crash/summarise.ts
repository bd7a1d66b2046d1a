import { type CrashPointName, crashPoints } from '../../src/domain/crash-points.ts';
import type { FaultKind } from './bot-messages.ts';
import type { CellOutcome } from './run-matrix.ts';
import { unreached } from './unreached.ts';

/**
 * What the outcomes prove, in words, and whether they prove what they should: no failure, every kind of fault
 * happened, and (where all cells were to be played here) at every seam that these runs pass.
 */
export function summarise(
  outcomes: readonly CellOutcome[],
  wanted: { readonly planned: number; readonly kinds: readonly FaultKind[]; readonly isWhole: boolean },
): { readonly text: string; readonly isGood: boolean } {
  const fired = outcomes.flatMap((outcome) => outcome.fired);
  const counts = wanted.kinds.map((kind) => [kind, fired.filter((fault) => fault.kind === kind)] as const);
  const failed = outcomes.filter(({ failure }) => failure !== null);
  const hit = outcomes.filter((outcome) => outcome.failure === null && outcome.fired.length > 0);
  const shared = hit.filter(({ together }) => together > 1).length;
  const missed = wanted.isWhole ? wanted.kinds.flatMap((kind) => missedBy(kind, outcomes)) : [];
  const silent = outcomes.filter((outcome) => outcome.failure === null && outcome.fired.length === 0);
  const lines = [
    `${wanted.planned} cells planned: ${hit.length} hit without a broken promise (${shared} in runs with other faults, ${hit.length - shared} alone), ${failed.length} failures, ${silent.length} not reached, ${wanted.planned - outcomes.length} not played`,
    ...counts.map(
      ([kind, list]) => `${kind}: ${list.length} at ${pointsOf(list).size} of ${crashPoints.length} seams`,
    ),
    ...failed.map(({ id }) => `failed: ${id}`),
    ...silent.map(({ id }) => `not reached, alone either: ${id}`),
    ...missed.map((point) => `never reached: ${point}`),
    ...(wanted.isWhole
      ? [...unreached].map(([point, why]) => `no run of the suite passes ${point}: ${why}`)
      : []),
  ];
  const isPlayed = outcomes.length === wanted.planned && failed.length === 0;
  const isGood = isPlayed && missed.length === 0 && counts.every(([, list]) => list.length > 0);
  return { text: lines.join('\n'), isGood };
}

function missedBy(kind: FaultKind, outcomes: readonly CellOutcome[]): readonly string[] {
  const fired = outcomes.flatMap((outcome) => outcome.fired).filter((fault) => fault.kind === kind);
  const reached = pointsOf(fired);
  return crashPoints
    .filter((point) => !reached.has(point) && !unreached.has(point))
    .map((point) => `${kind} at ${point}`);
}

function pointsOf(faults: readonly { readonly point: CrashPointName }[]): ReadonlySet<CrashPointName> {
  return new Set(faults.map(({ point }) => point));
}
