import type { Verdict } from '../domain/gate.ts';
import type { PublishableText } from '../domain/ids.ts';
import { isHeld } from '../domain/verdicts.ts';
import { inlineCode } from '../text/inline-code.ts';
import { markdown } from '../text/markdown.ts';
import { field, type PublishContext, plainLine } from '../text/publishable.ts';
import type { RunRecord } from './run-record.ts';

/** Links and references that the texts of this run may carry. */
export function contextOf(record: Pick<RunRecord, 'run'>, maxChars?: number): PublishContext {
  const { run } = record;
  const allowedIssues =
    run.trackingIssue === null ? [run.target.number] : [run.target.number, run.trackingIssue];
  const base = { repositoryUrl: run.repository.htmlUrl, allowedIssues };
  return maxChars === undefined ? base : { ...base, maxChars };
}

/** Free text of a model or a repository on one line, filtered. */
export function say(record: Pick<RunRecord, 'run'>, text: string, maxChars = 600): PublishableText {
  return field(text, contextOf(record, maxChars));
}

/** `850 ms`, `12.3 s`, `4 min 10 s`. */
export function showDuration(ms: number): PublishableText {
  if (ms < 1_000) return plainLine(`${Math.round(ms)} ms`);
  if (ms < 60_000) return plainLine(`${(ms / 1_000).toFixed(1)} s`);
  return plainLine(`${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`);
}

/** US dollars with as many digits as a small amount needs. */
export function showUsd(usd: number): PublishableText {
  return plainLine(`$${usd.toFixed(usd < 1 ? 4 : 2)}`);
}

/** The first `max` texts as list items, and how many were left out. */
export function listSome(
  items: readonly string[],
  max: number,
  show: (item: string) => PublishableText,
): readonly PublishableText[] {
  const shown = items.slice(0, max).map((item) => markdown`- ${show(item)}`);
  return items.length > max ? [...shown, markdown`- … and ${items.length - max} more`] : shown;
}

/** A name that a repository chose: file, test, host. */
export function code(text: string): PublishableText {
  return inlineCode(text, 200);
}

/** The verdict in a word; its mode decides how bad anything but a pass is. */
export function showStatus(verdict: Pick<Verdict, 'status' | 'blocking' | 'held'>): PublishableText {
  const { status } = verdict;
  if (isHeld(verdict)) return heldWords[status];
  return (verdict.blocking ? blockingWords : otherWords)[status];
}

type StatusWords = Readonly<Record<Verdict['status'], PublishableText>>;

const blockingWords: StatusWords = {
  pass: markdown`✅ pass`,
  fail: markdown`❌ fail`,
  'not-run': markdown`❌ not run`,
  'not-checked': markdown`❌ not checked`,
  error: markdown`❌ error`,
};

const heldWords: StatusWords = {
  pass: markdown`✅ pass`,
  fail: markdown`✋ held`,
  'not-run': markdown`✋ held: not run`,
  'not-checked': markdown`✋ held: not checked`,
  error: markdown`✋ held: error`,
};

const otherWords: StatusWords = {
  pass: markdown`✅ pass`,
  fail: markdown`⚠️ fail (does not block)`,
  'not-run': markdown`➖ not run`,
  'not-checked': markdown`❔ not checked`,
  error: markdown`⚠️ error (does not block)`,
};
