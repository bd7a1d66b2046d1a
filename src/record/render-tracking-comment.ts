import type { PublishableText } from '../domain/ids.ts';
import type { BudgetStanding } from '../domain/spend.ts';
import { shownHashChars } from '../domain/waits.ts';
import { joinText, limitText, link, markdown } from '../text/markdown.ts';
import { publishedCharsMax } from '../text/publishable.ts';
import { isPublished } from './is-published.ts';
import { renderRefusal } from './render-refusal.ts';
import type { RunRecord, StepRecord } from './run-record.ts';
import { budgetsLine } from './sections/budget.ts';

import { checkpointsLine } from './sections/checkpoints.ts';

import { checksSection } from './sections/checks.ts';

import { commandsSection } from './sections/commands.ts';
import { spendLine } from './sections/cost.ts';
import { evidenceTable } from './sections/evidence.ts';
import { parkedSection } from './sections/parked.ts';
import { heardLines } from './sections/people.ts';
import { decisionsSection, planList } from './sections/plan.ts';
import { roundLines } from './sections/round.ts';
import { steeringLines } from './sections/steering.ts';
import { waitingSection } from './sections/waiting.ts';
import { code, say, showDuration } from './show.ts';

/**
 * The one comment that shows a run while it happens and how it ended. `queuePlace`: how many runs stand before this
 * one while it waits. `budgets`: how full they are now, which no journal knows.
 */
export function renderTrackingComment(
  record: RunRecord,
  options: { readonly queuePlace?: number; readonly budgets?: readonly BudgetStanding[] } = {},
): PublishableText {
  const steps = record.steps.map((step) => stepLine(record, step));
  const whole = joinText(
    [
      headline(record, options.queuePlace),
      renderRefusal(record),
      links(record),
      section(markdown`### Steps`, steps),
      commandsSection(record),
      section(markdown`### Review`, roundLines(record)),
      section(markdown`### Plan`, planList(record)),
      record.decisions.length === 0 ? markdown`` : decisionsSection(record),
      section(markdown`### What people said`, heardLines(record)),
      section(markdown`### Gates`, record.verdicts.length === 0 ? [] : [evidenceTable(record)]),
      checksSection(record, markdown`###`),
      checkpointsLine(record),
      markdown`${spendLine(record)}`,
      budgetsLine(record.end === null ? (options.budgets ?? []) : []),
      record.end === null || record.end.state === 'published' ? joinText(steeringLines(record)) : markdown``,
      markdown`<sub>Run ${code(record.run.id)}${again(record)}</sub>`,
    ],
    '\n\n',
  );
  return limitText(whole, publishedCharsMax, markdown`*(cut: the rest did not fit here)*`);
}

/** Where the input comes from, if it was not asked for anew. */
function again({ run }: RunRecord): PublishableText {
  if (run.retryOf === undefined) return markdown``;
  const from = run.from
    ? markdown` and from its checkpoint ${code(run.from.tree.slice(0, shownHashChars))}`
    : markdown``;
  return markdown`, with the input of run ${code(run.retryOf)}${from}`;
}

function section(heading: PublishableText, lines: readonly PublishableText[]): PublishableText {
  return lines.length === 0 ? markdown`` : markdown`${heading}\n\n${lines}`;
}

function headline(record: RunRecord, queuePlace: number | undefined): PublishableText {
  if (record.end !== null) return markdown`## ${endWords(record)}`;
  if (record.parkedReason !== null && record.wait !== null) return waitingSection(record, record.wait);
  if (record.parkedReason !== null) return parkedSection(record, record.parkedReason);
  const current = record.steps.findLast(({ state }) => state === 'running');
  if (current) return markdown`## Working: ${code(current.step)}${roundOf(current)}`;
  if (record.steps.length > 0) return markdown`## Working`;
  const place = queuePlace === undefined ? markdown`` : markdown` ${queuePlace} before this one.`;
  return markdown`## Queued\n\nWaiting for a free worker.${place}`;
}

function endWords(record: RunRecord): PublishableText {
  switch (record.end?.state) {
    case 'published':
      return record.pull?.draft ? markdown`Done: a draft pull request` : markdown`Done`;
    case 'refused':
      return markdown`Not done: refused`;
    case 'cancelled':
      return markdown`Stopped`;
    default:
      return markdown`Failed`;
  }
}

function roundOf(step: StepRecord): PublishableText {
  return step.round > 1 ? markdown`, round ${step.round}` : markdown``;
}

function stepLine(record: RunRecord, step: StepRecord): PublishableText {
  const done = step.state === 'done' ? markdown`x` : markdown` `;
  const summary = step.summary === '' ? markdown`` : markdown`: ${say(record, step.summary, 300)}`;
  const took = step.state === 'done' ? markdown` (${showDuration(step.durationMs)})` : markdown``;
  return markdown`- [${done}] ${code(step.step)}${roundOf(step)}${summary}${took}`;
}

function links(record: RunRecord): PublishableText {
  const { pull, base, run } = record;
  const parts: PublishableText[] = [];
  if (pull)
    parts.push(markdown`Pull request: #${pull.number}${pull.draft ? markdown` (draft)` : markdown``}`);
  if (base && hasPushed(record)) {
    const tree = `${run.repository.htmlUrl}/tree/${base.head.split('/').map(encodeURIComponent).join('/')}`;
    parts.push(markdown`Branch: ${link(code(base.head), tree)}`);
  }
  return joinText(parts, ' · ');
}

function hasPushed(record: RunRecord): boolean {
  return record.effects.some(isPublished);
}
