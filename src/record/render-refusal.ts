import type { PublishableText } from '../domain/ids.ts';
import { joinText, markdown } from '../text/markdown.ts';
import { publishable } from '../text/publishable.ts';
import { explainStop } from './explain-stop.ts';
import type { RunRecord } from './run-record.ts';
import { contextOf } from './show.ts';

/**
 * The last word of a run that ended without finished work: what happened, why, and what to do next. A run that was
 * published needs none and gives the empty text.
 */
export function renderRefusal(record: RunRecord): PublishableText {
  const { end } = record;
  if (end === null || end.state === 'published') return markdown``;
  const stop = record.solver ? explainStop(record.solver.stopReason) : null;
  const early = stop !== null && record.solver?.stopReason !== 'finished';
  return joinText(
    [
      headlines[end.state],
      publishable(end.summary, contextOf(record, 4_000)),
      early ? stop.why : markdown``,
      markdown`**What to do next:** ${early && stop.next !== '' ? stop.next : nextSteps[end.state]}`,
    ],
    '\n\n',
  );
}

type Unpublished = 'refused' | 'failed' | 'cancelled';

const headlines: Readonly<Record<Unpublished, PublishableText>> = {
  refused: markdown`**No pull request: the run ended with a refusal.**`,
  failed: markdown`**No pull request: the run failed.**`,
  cancelled: markdown`**The run was stopped.**`,
};

const nextSteps: Readonly<Record<Unpublished, PublishableText>> = {
  refused: markdown`clear up what is said above, then take the label \`agent\` off and set it again.`,
  failed: markdown`comment \`/agent retry\`, or take the label \`agent\` off and set it again to have the text read anew. If it fails again, the operator finds the cause in the journal of this run.`,
  cancelled: markdown`comment \`/agent retry\` to do the same once more, or set the label \`agent\` again to have the text read anew.`,
};
