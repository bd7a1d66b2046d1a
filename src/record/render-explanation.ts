import type { Decision } from '../domain/decision.ts';
import type { PublishableText } from '../domain/ids.ts';
import { joinText, markdown } from '../text/markdown.ts';
import { plainLine } from '../text/publishable.ts';
import type { RunRecord } from './run-record.ts';
import { checkpointsLine } from './sections/checkpoints.ts';
import { evidenceTable } from './sections/evidence.ts';
import { decisionsSection, planList } from './sections/plan.ts';
import { code, say } from './show.ts';

/** A line or a file that was asked about; null: the run as a whole. */
export type ExplainedPlace = { readonly path: string; readonly line: number | null; readonly text: string };

/** Who asked for the change, what was decided about it and what proves it. */
export function renderExplanation(record: RunRecord, place: ExplainedPlace | null): PublishableText {
  const decisions = place ? decisionsAbout(record, place) : record.decisions;
  return joinText(
    [
      origin(record, place),
      decisions.length > 0 || place === null
        ? decisionsSection({ ...record, decisions })
        : markdown`No decision of the run names this place. Its plan was:`,
      ...(decisions.length > 0 ? [] : [joinText(planList(record))]),
      record.solver
        ? markdown`**In its own words:** ${say(record, record.solver.summary, 2_000)}`
        : markdown``,
      place === null ? checkpointsLine(record) : markdown``,
      record.verdicts.length === 0 ? markdown`` : markdown`**Evidence**\n\n${evidenceTable(record)}`,
    ],
    '\n\n',
  );
}

function origin(record: RunRecord, place: ExplainedPlace | null): PublishableText {
  const { run, commit, pull } = record;
  const what = place === null ? markdown`The newest run here is` : markdown`${named(place)} comes from`;
  const number = run.target.number;
  const target =
    pull === null || pull.number === number ? markdown`#${number}` : markdown`#${number} (#${pull.number})`;
  const by = commit === null ? markdown`` : markdown`, commit ${code(commit.slice(0, 12))}`;
  return markdown`${what} run ${code(run.id)} for ${target}, asked for by ${say(record, run.requestedBy.login, 60)}${by}.`;
}

function named({ path, line, text }: ExplainedPlace): PublishableText {
  if (line === null) return code(path);
  const shown = text.trim() === '' ? markdown`` : markdown` (${code(text.trim().slice(0, 160))})`;
  return markdown`${code(`${path}:${line}`)}${shown}`;
}

/** By name of the file: a decision names where it applies, but lines move. */
function decisionsAbout(record: RunRecord, { path }: ExplainedPlace): readonly Decision[] {
  const name = path.split('/').at(-1) ?? path;
  const words = ({ question, choice, reason, evidence }: Decision): string =>
    [question, choice, reason, evidence].join('\n');
  const exact = record.decisions.filter((decision) => words(decision).includes(path));
  return exact.length > 0 ? exact : record.decisions.filter((decision) => words(decision).includes(name));
}

/** What is said where nothing was found. */
export const unexplained = {
  nothingHere: markdown`No run of mine has ended here yet, so there is nothing to explain. Ask about a line: \`/agent explain src/x.ts:40\`.`,
  noSuchFile: (path: string, ref: string): PublishableText =>
    markdown`There is no file ${code(path)} on ${code(ref)}.`,
  noSuchLine: (path: string, lines: number): PublishableText => markdown`${code(path)} has ${lines} lines.`,
  notOurs: (path: string, line: number | null): PublishableText =>
    markdown`None of my last runs in this repository made ${code(line === null ? path : `${path}:${line}`)}: it is somebody else's work, or older than my record. ${plainLine('git blame says more.')}`,
};
