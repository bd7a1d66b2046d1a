import { type CrashPointName, effectPhases } from '../../src/domain/crash-points.ts';

/** Seams that no run of the suite passes, and why. */
export const unreached: ReadonlyMap<CrashPointName, string> = new Map<CrashPointName, string>(
  effectPhases.map((phase) => [
    `reaction.add.${phase}`,
    'no run adds a reaction: they are answers to people',
  ]),
);
