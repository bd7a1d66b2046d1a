import type { PublishableText } from '../../domain/ids.ts';
import { joinText, markdown, table } from '../../text/markdown.ts';
import type { ModelSpend, RunRecord } from '../run-record.ts';
import { code, showDuration, showUsd } from '../show.ts';

/** Money, models and time; what could not be priced is said and not counted as free. */
export function costSection(record: RunRecord): PublishableText {
  const rows = record.spend.map((spend) => [
    code(spend.model),
    markdown`${spend.turns}`,
    markdown`${spend.inputTokens}`,
    markdown`${spend.outputTokens}`,
    showCost(spend),
  ]);
  const headings = [
    markdown`Model`,
    markdown`Turns`,
    markdown`Tokens in`,
    markdown`Tokens out`,
    markdown`Cost`,
  ];
  const failures = record.modelFailures.map(
    ({ model, failure, count }) => markdown`- ${code(model)} failed: ${code(failure)} (${count})`,
  );
  return joinText(
    [
      markdown`## Cost, models, time`,
      table(headings, rows),
      joinText(failures),
      spendLine(record),
      timeLine(record),
    ],
    '\n\n',
  );
}

/** One line for the tracking comment and under the table. */
export function spendLine(record: RunRecord): PublishableText {
  if (record.spend.length === 0) return markdown`No model was used: $0.`;
  const known = record.spend.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
  const unknown = record.spend.some(({ costUsd }) => costUsd === null);
  const rest = unknown ? markdown`, not counting models of unknown price` : markdown``;
  return markdown`Cost: ${showUsd(known)} in ${record.turns} turns${rest}.`;
}

function showCost(spend: ModelSpend): PublishableText {
  return spend.costUsd === null ? markdown`price unknown` : showUsd(spend.costUsd);
}

function timeLine(record: RunRecord): PublishableText {
  const steps = record.steps
    // The one that writes this text goes on; taken up again after a crash it would be counted, and else not.
    .filter(({ step, durationMs }) => durationMs > 0 && step !== 'publish')
    .map(({ step, durationMs }) => markdown`${code(step)} ${showDuration(durationMs)}`);
  const split = steps.length > 0 ? markdown` (${joinText(steps, ', ')})` : markdown``;
  return markdown`Time: ${showDuration(record.durationMs)}${split}.`;
}
