import type { CheckSource, FailureClass, JudgedCheck } from '../../domain/checks.ts';
import type { PublishableText } from '../../domain/ids.ts';
import { joinText, link, markdown, table } from '../../text/markdown.ts';
import type { ChecksRecord } from '../project-checks.ts';
import type { RunRecord } from '../run-record.ts';
import { code, say } from '../show.ts';

const rowsMax = 40;

/** Others' checks at the published commit, each failure with its class and the proof of it. Empty where nobody checks. */
export function checksSection(record: RunRecord, level: PublishableText = markdown`##`): PublishableText {
  const { checks } = record;
  if (checks === null) return markdown``;
  return joinText(
    [
      markdown`${level} Checks of others`,
      checksTable(record, checks),
      checks.checks.length === 0 ? markdown`Nobody has reported anything.` : markdown``,
      markdown`Judged at ${code(checks.sha.slice(0, 12))}.`,
      triedLines(record, checks),
      unreadLine(checks.unread),
    ],
    '\n\n',
  );
}

const headings = [markdown`Check`, markdown`Required`, markdown`Result`, markdown`Why`];

export function checksTable(record: RunRecord, checks: ChecksRecord): PublishableText {
  const shown = checks.checks.slice(0, rowsMax).map((check) => row(record, checks, check));
  const left = checks.checks.length - shown.length;
  return joinText([table(headings, shown), left > 0 ? markdown`… and ${left} more` : markdown``], '\n\n');
}

function row(record: RunRecord, { sha }: ChecksRecord, check: JudgedCheck): readonly PublishableText[] {
  const result = markdown`${marks[check.state]} ${say(record, check.conclusion, 60)}`;
  return [
    code(check.name),
    check.required ? markdown`yes` : markdown`no`,
    check.state === 'missing' ? result : link(result, pageOf(record, check.url, sha)),
    reason(record, check),
  ];
}

const marks: Readonly<Record<JudgedCheck['state'], PublishableText>> = {
  green: markdown`✅`,
  red: markdown`❌`,
  void: markdown`➖`,
  open: markdown`⏳`,
  missing: markdown`❔`,
};

const classes: Readonly<Record<FailureClass, PublishableText>> = {
  ours: markdown`caused by this change`,
  'red-on-base': markdown`also red on the base`,
  flaky: markdown`flaky`,
  'no-result': markdown`no result`,
};

function reason(record: RunRecord, check: JudgedCheck): PublishableText {
  if (check.class === undefined) return markdown``;
  const proof = say(record, check.proof ?? '', 200);
  const shown = check.proofUrl ? link(proof, pageOf(record, check.proofUrl, '')) : proof;
  return markdown`${classes[check.class]}: ${shown}`;
}

/** Only pages of the repository are linked; a status may name any address, its commit shows it too. */
function pageOf({ run }: RunRecord, url: string, sha: string): string {
  const home = `${run.repository.htmlUrl}/`;
  if (url.startsWith(home)) return url;
  return sha === '' ? '' : `${home}commit/${sha}`;
}

/** What was done about red checks before. */
export function triedLines(record: RunRecord, { tried }: ChecksRecord): PublishableText {
  const lines = tried.map(
    ({ sha, why }, index) =>
      markdown`- Round ${index + 1}, after ${code(sha.slice(0, 12))}: ${say(record, why, 300)} The work went back to be mended.`,
  );
  return joinText(lines);
}

const permissionWords: Readonly<Record<CheckSource, PublishableText>> = {
  checks: markdown`\`checks: read\` (check runs)`,
  statuses: markdown`\`statuses: read\` (commit statuses)`,
  actions: markdown`\`actions: read\` (workflow runs and logs)`,
};

function unreadLine(unread: readonly CheckSource[]): PublishableText {
  if (unread.length === 0) return markdown``;
  const names = unread.map((source) => permissionWords[source]);
  return markdown`⚠️ Not read, because the App lacks the permission: ${joinText(names, ', ')}.`;
}
