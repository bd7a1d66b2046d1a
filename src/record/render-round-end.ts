import type { PublishableText } from '../domain/ids.ts';
import { joinText, limitText, markdown } from '../text/markdown.ts';
import { publishable, publishedCharsMax } from '../text/publishable.ts';
import { explainStop } from './explain-stop.ts';
import type { RunRecord } from './run-record.ts';
import { roundSection } from './sections/round.ts';
import { contextOf } from './show.ts';

/** The summary of a round that pushed nothing: the ledger, and why. */
export function renderRoundEnd(record: RunRecord): PublishableText {
  const { end, solver } = record;
  const stop = solver && solver.stopReason !== 'finished' ? explainStop(solver.stopReason) : null;
  const whole = joinText(
    [
      roundSection(record),
      markdown`**Nothing was pushed.**`,
      publishable(end?.summary ?? solver?.summary ?? '', contextOf(record, 4_000)),
      end === null && stop !== null ? markdown`${stop.why} ${stop.next}` : markdown``,
      markdown`To have it tried again, submit another review, or write \`/agent fix <what to do>\` here.`,
    ],
    '\n\n',
  );
  return limitText(whole, publishedCharsMax, markdown`*(cut: the rest did not fit here)*`);
}
