import type { PublishableText } from '../../domain/ids.ts';
import type { MessageAuthor } from '../../domain/journal-event.ts';
import { shownHashChars } from '../../domain/waits.ts';
import { joinText, link, markdown } from '../../text/markdown.ts';
import type { Approval, HeardMessage } from '../project-people.ts';
import type { RunRecord } from '../run-record.ts';
import { code, listSome, say } from '../show.ts';

const heardMax = 20;

/** Who released what: a reviewer must see that a person did, and which. Empty when nothing had to be released. */
export function approvalsSection(record: RunRecord): PublishableText {
  if (record.approvals.length === 0) return markdown``;
  return markdown`## Approvals\n\n${record.approvals.map((approval) => approvalLine(record, approval))}`;
}

function approvalLine(record: RunRecord, { by, wait }: Approval): PublishableText {
  const who = markdown`${say(record, by.login, 60)} (${code(by.role)}${commentLink(record, by)})`;
  const hash = code(wait.hash.slice(0, shownHashChars));
  if (wait.kind === 'held') return markdown`- ⚠️ ${who} released what the gates held, ${hash}.`;
  if (wait.kind === 'plan') return markdown`- ${who} approved the plan ${hash}.`;
  const paths = listSome(
    wait.paths.map(({ path }) => path),
    20,
    code,
  );
  return joinText([
    markdown`- ⚠️ ${who} approved the change of protected paths ${hash}:`,
    ...paths.map((line) => markdown`  ${line}`),
  ]);
}

/** What people said while the run was under way, and when it was taken in. */
export function heardLines(record: RunRecord): readonly PublishableText[] {
  const shown = record.heard.slice(-heardMax).map((heard) => heardLine(record, heard));
  const left = record.heard.length - shown.length;
  return left > 0 ? [markdown`- … ${left} earlier ones`, ...shown] : shown;
}

function heardLine(record: RunRecord, { by, turn, outcome }: HeardMessage): PublishableText {
  const who = markdown`- ${say(record, by.login, 60)}${commentLink(record, by)}:`;
  return turn === null
    ? markdown`${who} ${say(record, outcome, 300)}`
    : markdown`${who} taken in at turn ${turn}`;
}

/** To the words themselves, which are not repeated here. */
function commentLink({ run }: RunRecord, { commentId }: MessageAuthor): PublishableText {
  if (commentId === null) return markdown``;
  const number = run.trackingIssue ?? run.target.number;
  const url = `${run.repository.htmlUrl}/issues/${number}#issuecomment-${commentId}`;
  return markdown`, ${link(markdown`comment`, url)}`;
}
