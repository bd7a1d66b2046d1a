import type { PublishableText } from '../domain/ids.ts';
import { joinText, markdown } from '../text/markdown.ts';
import type { RunRecord } from './run-record.ts';
import { checksTable, triedLines } from './sections/checks.ts';
import { say } from './show.ts';

/** Asks a person about checks of others that keep a pull request a draft: what is wrong, what was tried, what can be done. */
export function renderChecksQuestion(record: RunRecord, why: string): PublishableText {
  const { checks, pull } = record;
  const number = pull?.number ?? record.run.target.number;
  return joinText(
    [
      markdown`**The checks of others keep this from being ready, and I need a person.** ${say(record, why, 1_000)}`,
      checks ? checksTable(record, checks) : markdown``,
      checks ? triedLines(record, checks) : markdown``,
      markdown`What you can do: run a check again and mark the pull request ready yourself; commit to the branch, nothing of yours is overwritten; or \`/agent fix <what to change>\` on #${number} with what I could not find out.`,
    ],
    '\n\n',
  );
}
