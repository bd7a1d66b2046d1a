import type { Decision } from '../../domain/decision.ts';
import type { PublishableText } from '../../domain/ids.ts';
import type { PlanStep } from '../../domain/journal-event.ts';
import { joinText, markdown } from '../../text/markdown.ts';
import type { RunRecord } from '../run-record.ts';
import { say } from '../show.ts';

const stepsMax = 40;
const decisionsMax = 30;

/** Each step of the plan and what became of it. */
export function planSection(record: RunRecord): PublishableText {
  if (record.plan.length === 0) return markdown`## Plan\n\nNo plan was recorded.`;
  return markdown`## Plan\n\n${planList(record)}`;
}

/** The steps as a task list. */
export function planList(record: RunRecord): readonly PublishableText[] {
  return record.plan.slice(0, stepsMax).map((step) => {
    const acceptance =
      step.acceptance === '' ? markdown`` : markdown` — ${say(record, step.acceptance, 300)}`;
    return markdown`- [${mark(step)}] ${say(record, step.title, 200)}${acceptance}${fates[step.status]}`;
  });
}

function mark(step: PlanStep): PublishableText {
  return step.status === 'done' ? markdown`x` : markdown` `;
}

const fates: Readonly<Record<PlanStep['status'], PublishableText>> = {
  done: markdown``,
  dropped: markdown` *(dropped)*`,
  doing: markdown` *(begun, not finished)*`,
  open: markdown` *(not begun)*`,
};

/** Question, options, choice, reason and evidence of each decision. */
export function decisionsSection(record: RunRecord): PublishableText {
  const shown = record.decisions.slice(0, decisionsMax).map((decision, index) => {
    return decisionText(record, decision, index + 1);
  });
  const left = record.decisions.length - shown.length;
  const more = left > 0 ? markdown`… and ${left} more in the journal of this run.` : markdown``;
  const body = shown.length > 0 ? shown : [markdown`No decision had to be taken.`];
  return joinText([markdown`## Decisions`, ...body, more], '\n\n');
}

function decisionText(record: RunRecord, decision: Decision, number: number): PublishableText {
  const options = decision.options.slice(0, 10).map((option) => say(record, option, 300));
  const line = (name: PublishableText, text: PublishableText): PublishableText =>
    text === '' ? markdown`` : markdown`- *${name}:* ${text}`;
  return joinText([
    markdown`**${number}. ${say(record, decision.question, 300)}**\n`,
    line(markdown`Options`, joinText(options, ' · ')),
    line(markdown`Choice`, say(record, decision.choice)),
    line(markdown`Reason`, say(record, decision.reason, 1_000)),
    line(markdown`Evidence`, say(record, decision.evidence)),
  ]);
}
