import type { PublishableText } from '../../domain/ids.ts';
import { joinText, link, markdown } from '../../text/markdown.ts';
import type { RoundItem } from '../project-round.ts';
import type { RunRecord } from '../run-record.ts';
import { code, say } from '../show.ts';

/** The ledger of a review: each comment, and the commit that addresses it or why none does. Empty for other runs. */
export function roundSection(record: RunRecord): PublishableText {
  const { round } = record;
  if (!round) return markdown``;
  return joinText(
    [
      markdown`## Review by ${say(record, round.reviewer.login, 60)}`,
      joinText(roundLines(record)),
      round.items.length === 0
        ? markdown`The review has no comment on a line; its text is the task.`
        : markdown``,
    ],
    '\n\n',
  );
}

/** One line for each comment. */
export function roundLines(record: RunRecord): readonly PublishableText[] {
  const { round } = record;
  if (!round) return [];
  const lines = round.items.map((item) => itemLine(record, item));
  const more = markdown`- ${round.left} more comments were too many for one round: ask again for them`;
  return round.left > 0 ? [...lines, more] : lines;
}

function itemLine(record: RunRecord, item: RoundItem): PublishableText {
  const { comment, outcome } = item;
  const place = comment.lines ? `${comment.path}:${comment.lines.last}` : comment.path;
  const url = `${record.run.target.htmlUrl}#discussion_r${comment.id}`;
  const reason = item.reason === '' ? markdown`` : markdown`: ${say(record, item.reason, 400)}`;
  return markdown`- ${link(code(place), url)} ${words[outcome]}${inCommit(record, item)}${reason}${openNote(record, item)}`;
}

const words: Readonly<Record<RoundItem['outcome'], PublishableText>> = {
  applied: markdown`✅ suggestion applied`,
  changed: markdown`✅ changed`,
  elsewhere: markdown`↪️ changed elsewhere`,
  declined: markdown`✋ declined`,
  open: markdown`❌ not addressed`,
  'said-changed': markdown`✏️ worked on`,
  waiting: markdown`⏳ to do`,
};

const addressed: ReadonlySet<RoundItem['outcome']> = new Set(['applied', 'changed', 'elsewhere']);

/** The commit, where the comment was addressed by it. */
export function inCommit(
  { round, run }: RunRecord,
  { outcome }: Pick<RoundItem, 'outcome'>,
): PublishableText {
  const commit = round?.commit ?? null;
  if (commit === null || !addressed.has(outcome)) return markdown``;
  return markdown` in ${link(code(commit.slice(0, 10)), `${run.repository.htmlUrl}/commit/${commit}`)}`;
}

/** Why a thread stays open although its comment was addressed. */
export function openNote({ round }: RunRecord, { open }: Pick<RoundItem, 'open'>): PublishableText {
  if (round?.settled !== true || open === undefined) return markdown``;
  return markdown` (left open: ${openWords[open]})`;
}

const openWords: Readonly<Record<NonNullable<RoundItem['open']>, PublishableText>> = {
  elsewhere: markdown`the file of the comment is as it was`,
  far: markdown`the change is not near these lines`,
  'not-sound': markdown`the checks on this commit are not green`,
};
