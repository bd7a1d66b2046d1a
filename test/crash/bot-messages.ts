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
}

export interface StartBot {
  readonly kind: 'start';
  readonly env: Readonly<Record<string, string>>;
  readonly fault: Fault | null;
  /** Every seam that is passed is told. */
  readonly tells: boolean;
  readonly weakness: WeaknessName | null;
}

export type ToBot = StartBot | { readonly kind: 'go-on' } | { readonly kind: 'close' };

export type FromBot =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'up'; readonly url: string }
  | { readonly kind: 'passed'; readonly name: CrashPointName }
  | { readonly kind: 'struck' }
  /** It was stopped, goes on, and has had the time to notice what others did meanwhile. */
  | { readonly kind: 'awake' }
  /** Ready to be another bot. */
  | { readonly kind: 'closed' };
