import type { ReviewLine } from '../domain/effect.ts';
import type { Finding } from '../domain/gate.ts';
import type { PublishableText } from '../domain/ids.ts';
import type { ReviewedLine, ReviewFinding, ReviewSeverity } from '../domain/review.ts';
import { joinText, limitText, markdown } from '../text/markdown.ts';
import type { ReviewRecord, RunRecord } from './run-record.ts';
import { strikeClaims } from './sections/claims.ts';
import { costSection } from './sections/cost.ts';
import { evidenceSection } from './sections/evidence.ts';
import { modelSection } from './sections/model-look.ts';
import { riskSection } from './sections/risk.ts';
import { verdictName } from './sections/summary.ts';
import { code, listSome, say } from './show.ts';

/** With twenty lines of at most 1,300 characters each, all of a review fits into one text where it has to. */
const bodyCharsMax = 30_000;
const elsewhereMax = 30;
const foundPerLineMax = 2;

/** A review's text and its comments on lines, from the journal. */
export function renderReview(record: RunRecord): {
  readonly body: PublishableText;
  readonly lines: readonly ReviewLine[];
} {
  const { review } = record;
  const body = joinText(
    [
      headline(record, review),
      evidenceSection(record),
      elsewhere(record, review),
      modelSection(record),
      riskSection(record),
      costSection(record),
      markdown`<sub>Asked for by ${say(record, record.run.requestedBy.login, 60)} · Run ${code(record.run.id)} · a comment, whatever it says: approving is for people</sub>`,
    ],
    '\n\n',
  );
  return {
    body: limitText(body, bodyCharsMax, markdown`*(cut: the checks on the commit hold the rest)*`),
    lines: (review?.lines ?? []).map((line) => lineComment(record, line)),
  };
}

function headline(record: RunRecord, review: ReviewRecord | null): PublishableText {
  const sha = code((review?.sha ?? '').slice(0, 12));
  const lines = review?.lines ?? [];
  const found = lines.filter((line) => line.found.length > 0).length;
  const thought = lines.filter(({ opinions }) => opinions.length > 0).length;
  const counts = markdown`Gates found something on ${found} of the changed lines${thought > 0 ? markdown`; a model has an opinion on ${thought}` : markdown``}.`;
  return joinText([markdown`## Review of ${sha}`, counts, moved(review), left(review)], '\n\n');
}

function moved(review: ReviewRecord | null): PublishableText {
  if (!review || review.headNow === review.sha) return markdown``;
  const now =
    review.headNow === null
      ? markdown`the branch is gone`
      : markdown`it is at ${code(review.headNow.slice(0, 12))}`;
  return markdown`⚠️ The branch has moved since this was asked for: ${now}. What follows is about ${code(review.sha.slice(0, 12))}; ${code('/agent review')} looks at the new state.`;
}

function left(review: ReviewRecord | null): PublishableText {
  if (!review || review.linesLeft === 0) return markdown``;
  return markdown`${review.linesLeft} more lines have findings, which are not shown on them: no review of that length is read. Those of gates stand in the checks.`;
}

/** What gates found on lines that the change did not touch: GitHub takes no comment there. */
function elsewhere(record: RunRecord, review: ReviewRecord | null): PublishableText {
  const onLines = new Set(
    review?.lines.flatMap(({ found }) => found.map(({ finding }) => keyOf(finding))) ?? [],
  );
  const rest = record.verdicts.flatMap(({ gate, findings }) =>
    findings.filter((finding) => !onLines.has(keyOf(finding))).map((finding) => ({ gate, finding })),
  );
  if (rest.length === 0) return markdown``;
  const texts = rest.map(
    ({ gate, finding }) => `${gate}: ${finding.path}:${finding.line} ${finding.message} (${finding.rule})`,
  );
  return markdown`### Found by gates, not on a line above\n\n${listSome(texts, elsewhereMax, (text) => say(record, text, 400))}`;
}

function keyOf({ rule, path, line, message }: Finding): string {
  return JSON.stringify([rule, path, line, message]);
}

function lineComment(record: RunRecord, line: ReviewedLine): ReviewLine {
  const found = line.found
    .slice(0, foundPerLineMax)
    .map(
      ({ gate, finding }) =>
        markdown`**Found by the gate ${verdictName(gate)}**: ${say(record, finding.message, 250)} (${code(finding.rule)})`,
    );
  const more = line.found.length - found.length;
  const others = more > 0 ? markdown`… and ${more} more here, in the checks.` : markdown``;
  const opinions = line.opinions.map((opinion) => opinionText(record, opinion));
  return {
    path: line.path,
    line: line.line,
    body: joinText([...found, others, ...opinions], '\n\n'),
  };
}

const severityWords: Readonly<Record<ReviewSeverity, PublishableText>> = {
  error: markdown`an error`,
  warning: markdown`a risk`,
  note: markdown`a remark`,
};

const saysTestsFail = /\b(?:tests?|suite|build)\b[^.]{0,40}\bfail/i;

/** Nothing measured it, and the text says so each time: a reader must not take it for what a gate found. */
function opinionText(record: RunRecord, { severity, claim }: ReviewFinding): PublishableText {
  const text = say(record, strikeClaims(record, claim), 350);
  return markdown`**Opinion of a model** (${severityWords[severity]}, not measured): ${text}${measuredOtherwise(record, claim)}`;
}

function measuredOtherwise(record: RunRecord, claim: string): PublishableText {
  const tests = record.verdicts.find(({ gate }) => gate === 'tests');
  if (tests?.status !== 'pass' || !saysTestsFail.test(claim)) return markdown``;
  return markdown` *The gate tests measured: ${say(record, tests.summary, 150)}.*`;
}
