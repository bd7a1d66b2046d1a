import type { CheckSource, ChecksJudged, JudgedCheck } from '../domain/checks.ts';
import type { JournalEvent } from '../domain/journal-event.ts';

/** Others' checks as they were judged last, and what was tried before. */
export interface ChecksRecord {
  readonly sha: string;
  readonly outcome: ChecksJudged['outcome'];
  readonly why: string;
  readonly checks: readonly JudgedCheck[];
  readonly unread: readonly CheckSource[];
  /** Rounds that went back to be mended, oldest first. */
  readonly tried: readonly { readonly sha: string; readonly why: string }[];
}

/** See `ChecksRecord`; null before anything was judged. */
export function projectChecks(events: readonly JournalEvent[]): ChecksRecord | null {
  const judged = events.filter((event): event is ChecksJudged => event.kind === 'checks.judged');
  const last = judged.at(-1);
  if (!last) return null;
  const { sha, outcome, why, checks, unread } = last;
  const reopened = new Set(
    events.flatMap((event) => (event.kind === 'publication.reopened' ? [event.commit] : [])),
  );
  const tried = judged.filter((one) => one.outcome === 'fix' && reopened.has(one.sha));
  return { sha, outcome, why, checks, unread, tried: tried.map((one) => ({ sha: one.sha, why: one.why })) };
}
