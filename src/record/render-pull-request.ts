import type { PublishableText } from '../domain/ids.ts';
import { countCodePoints } from '../text/cut-text.ts';
import { joinText, limitText, markdown } from '../text/markdown.ts';
import { plainLine, publishedCharsMax } from '../text/publishable.ts';
import { conventionalTitle } from './conventional-title.ts';
import type { RunRecord } from './run-record.ts';
import { checksSection } from './sections/checks.ts';
import { costSection } from './sections/cost.ts';
import { evidenceSection } from './sections/evidence.ts';
import { machineSection } from './sections/machine-record.ts';
import { mergeSection } from './sections/merge.ts';
import { approvalsSection } from './sections/people.ts';
import { decisionsSection, planSection } from './sections/plan.ts';
import { readSection } from './sections/read-and-dropped.ts';
import { riskSection } from './sections/risk.ts';
import { roundSection } from './sections/round.ts';
import { securitySection } from './sections/security.ts';
import { steeringLines } from './sections/steering.ts';
import { summarySection } from './sections/summary.ts';
import { templateSection } from './sections/template.ts';

/**
 * The pull request's body, from the journal. The order is part of the product: people learn where to look. At most
 * 60,000 code points; what does not fit is cut before the machine-readable record, with a pointer to the rest.
 */
export function renderPullRequestBody(record: RunRecord): PublishableText {
  const main = joinText(record.merge === null ? sectionsOf(record) : mergeSections(record), '\n\n');
  const machine = machineSection(record);
  const room = publishedCharsMax - countCodePoints(machine) - 10;
  const rest = record.run.trackingIssue;
  const where = rest === null ? markdown`the journal of this run` : markdown`#${rest}`;
  const note = markdown`*(cut: the rest did not fit here; see ${where})*`;
  return joinText([limitText(main, room, note), machine], '\n\n');
}

function sectionsOf(record: RunRecord): readonly PublishableText[] {
  return [
    templateSection(record),
    roundSection(record),
    summarySection(record),
    planSection(record),
    approvalsSection(record),
    decisionsSection(record),
    evidenceSection(record),
    checksSection(record),
    securitySection(record),
    readSection(record),
    riskSection(record),
    costSection(record),
    markdown`## How to steer\n\n${steeringLines(record)}`,
  ];
}

/** A merge is told of in a comment: the pull request's own body stays what it was. */
function mergeSections(record: RunRecord): readonly PublishableText[] {
  return [
    mergeSection(record),
    decisionsSection(record),
    evidenceSection(record),
    securitySection(record),
    costSection(record),
  ];
}

/** The title of the pull request: the issue's own words, made inert, with a type in front where that is asked for. */
export function renderPullTitle(record: RunRecord): PublishableText {
  const { target, input } = record.run;
  const kind = target.kind === 'issue' ? markdown`issue` : markdown`pull request`;
  const own = plainLine(input.title, 200);
  const title = own === '' ? markdown`Work on ${kind} ${target.number}` : own;
  return record.titleStyle === 'conventional' ? conventionalTitle(record, title) : title;
}

/**
 * The commit message, from a template: what a model writes never gets in beyond one inert line, and no closing
 * keyword does (it would close the issue on any branch that is merged). `noreplyHost` is the forge's host, as in
 * https://docs.github.com/en/account-and-profile/reference/email-addresses-reference
 */
export function renderCommitMessage(record: RunRecord, options: { readonly noreplyHost: string }): string {
  const subject = plainLine(subjectOf(record), 72);
  const summary = record.undo ? reverted(record.undo) : wrapped(plainLine(record.solver?.summary ?? '', 400));
  const trailers = [`Pullwright-Run: ${record.run.id}`, ...coAuthor(record, options.noreplyHost)];
  return [subject, summary, trailers.join('\n')].filter((part) => part !== '').join('\n\n');
}

/** As `git revert` says it, so that tools find what was taken back. */
function reverted({ commits }: NonNullable<RunRecord['undo']>): string {
  return commits.map(({ sha }) => `This reverts commit ${sha}.`).join('\n');
}

/** A merge and a round are told from the commit whose title the pull request has. */
function subjectOf(record: RunRecord): string {
  if (record.undo) return `Revert: ${renderPullTitle(record)}`;
  if (record.merge !== null) return mergeTitle(record);
  return record.round ? roundSubject(record) : renderPullTitle(record);
}

/** The title is that of the commit before; this one answers a review of it. */
function roundSubject({ round, run }: RunRecord): string {
  return `Answer the review of pull request ${run.target.number} by ${round?.reviewer.login ?? ''}`;
}

function mergeTitle({ base }: RunRecord): string {
  return `Merge ${base?.branch ?? 'the base'} into ${base?.head ?? 'this branch'}`;
}

function wrapped(text: string): string {
  return text.replace(/(.{1,72})(?: |$)/g, '$1\n').trim();
}

function coAuthor(record: RunRecord, host: string): readonly string[] {
  const { id, login, type } = record.run.requestedBy;
  if (type !== 'User' || id <= 0 || !/^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})$/.test(login)) return [];
  return [`Co-authored-by: ${login} <${id}+${login}@users.noreply.${host}>`];
}
