import type { PublishableText } from '../../domain/ids.ts';
import { joinText, markdown } from '../../text/markdown.ts';
import { plainLine, publishable } from '../../text/publishable.ts';
import type { RunRecord } from '../run-record.ts';
import { contextOf } from '../show.ts';

const templateCharsMax = 15_000;

interface Section {
  readonly level: number;
  readonly heading: string;
  readonly body: string;
}

/** What goes below a heading of the template, by the words of the heading. */
const answers: readonly {
  readonly heading: RegExp;
  readonly answer: (record: RunRecord) => PublishableText;
}[] = [
  { heading: /issue|ticket|fixes|closes|related|reference/i, answer: closingLine },
  { heading: /test|verif|validat|\bqa\b/i, answer: testLine },
  { heading: /risk|breaking|impact/i, answer: () => markdown`See *Risk, and what to look at first* below.` },
  {
    heading: /summary|description|descri|what|overview|change|purpose|why|motivation|context|proposed/i,
    answer: summaryText,
  },
];

/** The repository's own template with what is known filled in; empty where there is none. */
export function templateSection(record: RunRecord): PublishableText {
  if (record.template === null) return markdown``;
  const sections = sectionsOf(record.template.slice(0, templateCharsMax));
  const used = new Set<unknown>();
  const parts = sections.map((section) => filled(record, section, used));
  return joinText([...parts, markdown`---`], '\n\n');
}

/** Each answer stands once: where three headings ask for a description, the first one gets it. */
function filled(record: RunRecord, { level, heading, body }: Section, used: Set<unknown>): PublishableText {
  const title = heading === '' ? markdown`` : titleOf(level, heading);
  const known = answers.find((one) => !used.has(one) && one.heading.test(heading));
  if (known) used.add(known);
  const own = publishable(ticked(record, body), contextOf(record, 4_000));
  return joinText([title, known?.answer(record) ?? markdown``, own], '\n\n');
}

function titleOf(level: number, heading: string): PublishableText {
  const words = plainLine(heading, 200);
  return level <= 2 ? markdown`## ${words}` : markdown`### ${words}`;
}

function sectionsOf(template: string): readonly Section[] {
  const sections: { level: number; heading: string; body: string[] }[] = [
    { level: 0, heading: '', body: [] },
  ];
  let fence = false;
  for (const line of template.replaceAll('\r\n', '\n').split('\n')) {
    if (/^ {0,3}(```|~~~)/.test(line)) fence = !fence;
    const found = fence ? null : /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    if (found) sections.push({ level: found[1]?.length ?? 1, heading: found[2] ?? '', body: [] });
    else sections.at(-1)?.body.push(line);
  }
  return sections.map(({ level, heading, body }) => ({ level, heading, body: body.join('\n') }));
}

/** Boxes that the evidence supports; every other one stays for a person. */
const boxes: readonly { readonly asks: RegExp; readonly holds: (record: RunRecord) => boolean }[] = [
  { asks: /\badd(?:ed|s)?\b.*\btests?\b|\btests?\b.*\badd(?:ed)?\b/i, holds: addsTests },
  { asks: /\btests?\b.*\b(?:pass|green|run)|\b(?:pass|ran|run)\w*\b.*\btests?\b/i, holds: passed('tests') },
  { asks: /\blint|\bstyle\b|\bformat/i, holds: passed('lint') },
];

function ticked(record: RunRecord, body: string): string {
  return body.replace(/^(\s*[-*+] )\[ \] (.*)$/gm, (line, bullet: string, text: string) => {
    const box = boxes.find(({ asks }) => asks.test(text));
    return box?.holds(record) ? `${bullet}[x] ${text}` : line;
  });
}

function passed(gate: 'tests' | 'lint'): (record: RunRecord) => boolean {
  return ({ verdicts }) => verdicts.some((verdict) => verdict.gate === gate && verdict.status === 'pass');
}

function addsTests({ files }: RunRecord): boolean {
  return files.some(
    ({ path, additions }) =>
      additions > 0 && /(?:^|\/)(?:tests?|__tests__|spec)\/|[._-](?:test|spec)\.|(?:^|\/)test_/i.test(path),
  );
}

function closingLine({ run }: RunRecord): PublishableText {
  return run.target.kind === 'issue' ? markdown`Closes #${run.target.number}` : markdown``;
}

function testLine(record: RunRecord): PublishableText {
  const tests = record.verdicts.find(({ gate }) => gate === 'tests');
  if (!tests) return markdown`No test was run.`;
  return markdown`${plainLine(tests.summary, 300)} (${plainLine(tests.status, 20)}); see *Evidence* below.`;
}

function summaryText(record: RunRecord): PublishableText {
  const text = record.solver?.summary ?? record.planSummary;
  return publishable(text, contextOf(record, 3_000));
}
