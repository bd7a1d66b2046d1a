import type { GateName, Verdict } from '../../domain/gate.ts';
import type { PublishableText } from '../../domain/ids.ts';
import { blocks, isHeld } from '../../domain/verdicts.ts';
import { joinText, markdown, quote } from '../../text/markdown.ts';
import { plainLine, publishable } from '../../text/publishable.ts';
import { explainStop } from '../explain-stop.ts';
import { holdHash } from '../hold-hash.ts';
import { releaseOf } from '../release-of.ts';
import type { RunRecord } from '../run-record.ts';
import { code, contextOf, say } from '../show.ts';
import { budgetWarning } from './budget.ts';
import { claimsNote, strikeClaims } from './claims.ts';

/** What and why, in plain words; who asked; what is not done and why it is a draft. */
export function summarySection(record: RunRecord): PublishableText {
  return joinText(
    [
      markdown`## Summary`,
      solverLabel(record),
      freeText(record, record.planSummary),
      freeText(record, strikeClaims(record, record.solver?.summary ?? '')),
      claimsNote(record),
      requestLine(record),
      warnings(record),
    ],
    '\n\n',
  );
}

/** Search fits code to tests; people must know that no one understood the bug. */
function solverLabel(record: RunRecord): PublishableText {
  if ((record.solver?.solver ?? record.solverName) !== 'repair') return markdown``;
  if (record.round) return markdown``;
  return markdown`> **Made by the embedded repair engine (search, no model): review for overfitting.**`;
}

/** Words of a model as a quotation, filtered. */
export function freeText(record: RunRecord, text: string): PublishableText {
  const filtered = publishable(text, contextOf(record, 6_000));
  return filtered === '' ? filtered : quote(filtered);
}

function requestLine(record: RunRecord): PublishableText {
  const { run } = record;
  const asked = markdown`Asked for by ${say(record, run.requestedBy.login, 60)}`;
  if (run.target.kind === 'issue') return markdown`${asked} · Closes #${run.target.number}`;
  if (run.trackingIssue === null || run.trackingIssue === run.target.number) return asked;
  return markdown`${asked} · Tracked in #${run.trackingIssue}`;
}

function warnings(record: RunRecord): PublishableText {
  return joinText([stoppedEarly(record), notDone(record), draftReasons(record)], '\n');
}

function stoppedEarly(record: RunRecord): PublishableText {
  const { solver } = record;
  if (!solver || solver.stopReason === 'finished') return markdown``;
  if (solver.stopReason === 'budget') return budgetWarning(record);
  const { why, next } = explainStop(solver.stopReason);
  return markdown`- ⚠️ **Stopped early:** ${why} ${next}`;
}

function notDone(record: RunRecord): PublishableText {
  const text = record.solver?.notDone.trim() ?? '';
  return text === '' ? markdown`` : markdown`- ⚠️ **Not done:** ${say(record, text, 2_000)}`;
}

function draftReasons(record: RunRecord): PublishableText {
  return joinText([blockedLine(record), heldLine(record), checksLine(record)], '\n');
}

function checksLine(record: RunRecord): PublishableText {
  if (record.checks?.outcome !== 'ask') return markdown``;
  return markdown`- ⚠️ **Not ready, for the checks of others:** ${say(record, record.checks.why, 600)}`;
}

function blockedLine(record: RunRecord): PublishableText {
  const reasons = reasonsOf(record, record.verdicts.filter(blocks));
  return reasons === '' ? reasons : markdown`- ⚠️ **Not ready to merge:** ${reasons}`;
}

/**
 * A held state is released by its hash: whoever approves it says what exactly they have seen. The command stands here
 * only while a run waits for it, so that nobody is asked for an approval that releases nothing.
 */
function heldLine(record: RunRecord): PublishableText {
  const hash = holdHash(record.verdicts);
  if (hash === null) return markdown``;
  const reasons = reasonsOf(record, record.verdicts.filter(isHeld));
  const release = releaseOf(record);
  if (release)
    return markdown`- ⚠️ **Held, and released** by ${say(record, release.by.login, 60)}: ${reasons}`;
  if (record.wait?.kind === 'held')
    return markdown`- ✋ **Held until a person approves it** (${code(`/agent approve ${hash}`)}): ${reasons}`;
  return markdown`- ✋ **Held** (${whyNotAsked(record)}): ${reasons}`;
}

function whyNotAsked(record: RunRecord): PublishableText {
  const { holdVoid, solver, verdicts } = record;
  if (holdVoid !== null) return say(record, holdVoid, 300);
  if (verdicts.some(blocks)) return markdown`an approval would not help: something else blocks`;
  if (solver !== null && solver.stopReason !== 'finished')
    return markdown`an approval would not help: the work stopped early`;
  return markdown`for a person to judge`;
}

function reasonsOf(record: RunRecord, verdicts: readonly Verdict[]): PublishableText {
  return joinText(
    verdicts.map(({ gate, summary }) => markdown`${verdictName(gate)}: ${say(record, summary, 300)}`),
    '; ',
  );
}

/** The names that people see on the checks. */
export function verdictName(gate: GateName): PublishableText {
  return plainLine(gate, 40);
}
