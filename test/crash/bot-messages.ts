import type { CrashPointName } from '../../src/domain/crash-points.ts';
import type { WeaknessName } from './weaknesses.ts';

/** What happens to a bot's process, to its database sessions, or to the database's server, at a seam. */
export const faultKinds = ['kill', 'terminate', 'restart', 'stop'] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  readonly point: CrashPointName;
  /** From 1. */
  readonly occurrence: number;
  /**
   * Key of the journal entry after which passes are counted, so that a bot that goes on with a run finds the same
   * place; null: from the start of a bot.
   */
  readonly since: string | null;
}

/** Whether another bot goes on after it. */
export function endsBot({ kind }: Fault): boolean {
  return kind === 'kill' || kind === 'stop';
}

/** One of the faults of a cell, by its place among them. */
export interface ArmedFault {
  readonly nth: number;
  readonly fault: Fault;
}

export interface StartBot {
  readonly kind: 'start';
  readonly env: Readonly<Record<string, string>>;
  readonly faults: readonly ArmedFault[];
  /** File to which each fault is written just before it happens: one that is killed can say nothing afterwards. */
  readonly strikes: string;
  /** Every seam that is passed is told. */
  readonly tells: boolean;
  readonly weakness: WeaknessName | null;
}

export type ToBot = StartBot | { readonly kind: 'go-on' } | { readonly kind: 'close' };

/** A seam that was passed, and the key of the journal entry that is written or of the effect that is sent there. */
export interface Pass {
  readonly name: CrashPointName;
  readonly key: string | null;
}

export type FromBot =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'up'; readonly url: string }
  | { readonly kind: 'passed'; readonly pass: Pass }
  | { readonly kind: 'struck' }
  /** It was stopped, goes on, and has had the time to notice what others did meanwhile. */
  | { readonly kind: 'awake' }
  /** Ready to be another bot. */
  | { readonly kind: 'closed' };
