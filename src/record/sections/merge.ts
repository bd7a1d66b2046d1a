import type { PublishableText } from '../../domain/ids.ts';
import { joinText, markdown } from '../../text/markdown.ts';
import type { MergeRecord, RunRecord } from '../run-record.ts';
import { code, listSome, say } from '../show.ts';
import { freeText } from './summary.ts';

const listed = 8;

/** What was brought together, what both sides were for, and where they contradicted each other. */
export function mergeSection(record: RunRecord): PublishableText {
  const { merge, base } = record;
  if (merge === null || base === null) return markdown``;
  const [branch, head] = [code(base.branch), code(base.head)];
  const title = merge.upToDate
    ? markdown`## ${head} was judged again`
    : markdown`## ${branch} was merged into ${head}`;
  return joinText(
    [
      title,
      markdown`${branch} is at ${code(base.sha.slice(0, 12))}; both parted at ${code(merge.parted.slice(0, 12))}.`,
      side(record, markdown`On ${branch} since`, merge.theirs),
      side(record, markdown`On ${head} since`, merge.ours),
      conflictsOf(record, merge),
    ],
    '\n\n',
  );
}

function side(record: RunRecord, heading: PublishableText, subjects: readonly string[]): PublishableText {
  if (subjects.length === 0) return markdown`${heading}: nothing.`;
  return markdown`${heading}:\n\n${joinText(
    listSome(subjects, listed, (subject) => say(record, subject, 200)),
    '\n',
  )}`;
}

function conflictsOf(record: RunRecord, { conflicts, upToDate }: MergeRecord): PublishableText {
  if (upToDate) return markdown`The branch has all of it, so nothing was committed.`;
  if (conflicts.length === 0) return markdown`There was no conflict.`;
  const files = joinText(listSome(conflicts, 20, code), '\n');
  return markdown`The model settled these conflicts:\n\n${files}\n\n${freeText(record, record.solver?.summary ?? '')}`;
}
