import type { PublishableText } from '../domain/ids.ts';
import type { SettledComment } from '../domain/round.ts';
import { markdown } from '../text/markdown.ts';
import type { RunRecord } from './run-record.ts';
import { inCommit, openNote } from './sections/round.ts';
import { say } from './show.ts';

const reasonCharsMax = 1_500;

/** The reply in the thread of a comment: what was done about it, and where. */
export function renderThreadReply(record: RunRecord, settled: SettledComment): PublishableText {
  const reason = say(record, settled.reason, reasonCharsMax);
  const where = inCommit(record, settled);
  const open = openNote(record, settled);
  switch (settled.outcome) {
    case 'applied':
      return markdown`Your suggestion is applied${where}.${open}`;
    case 'changed':
      return markdown`Changed${where}: ${reason}${open}`;
    case 'elsewhere':
      return markdown`Changed elsewhere${where}: ${reason}${open}`;
    case 'declined':
      return markdown`Not changed: ${reason}`;
    case 'open':
      return markdown`Not addressed in this round. ${reason}`;
    default:
      return markdown`Not addressed in this round.`;
  }
}
