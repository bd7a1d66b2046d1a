import type { PublishableText } from '../../domain/ids.ts';
import { shownHashChars } from '../../domain/waits.ts';
import { joinText, markdown } from '../../text/markdown.ts';
import type { RunRecord } from '../run-record.ts';
import { code } from '../show.ts';

/** The work trees that somebody may have gone on from; empty where none is kept. */
export function checkpointsLine({ checkpoints }: RunRecord): PublishableText {
  if (checkpoints.length === 0) return markdown``;
  const names = joinText(
    checkpoints.map((tree) => code(tree.slice(0, shownHashChars))),
    ', ',
  );
  return markdown`Checkpoints, newest first: ${names}. \`/agent retry from <checkpoint>\` goes on from one.`;
}
