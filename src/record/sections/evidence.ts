import type { Verdict } from '../../domain/gate.ts';
import type { PublishableText } from '../../domain/ids.ts';
import { details, joinText, markdown, table } from '../../text/markdown.ts';
import type { RunRecord } from '../run-record.ts';
import { code, listSome, say, showDuration, showStatus } from '../show.ts';
import { verdictName } from './summary.ts';

/** What ran on base and on head, with its results: the part that nobody has to believe. */
export function evidenceSection(record: RunRecord): PublishableText {
  if (record.verdicts.length === 0) return markdown`## Evidence\n\nNo gate has run.`;
  return joinText(
    [
      markdown`## Evidence`,
      evidenceTable(record),
      treeLine(record),
      signedLine(record),
      ...record.verdicts.map((verdict) => testDetails(record, verdict)),
    ],
    '\n\n',
  );
}

/** One row per command of each gate; a gate without a command has a row with its reason. */
export function evidenceTable(record: RunRecord): PublishableText {
  const headings = [
    markdown`Gate`,
    markdown`Command`,
    markdown`Base`,
    markdown`Head`,
    markdown`Duration`,
    markdown`Verdict`,
  ];
  return table(
    headings,
    record.verdicts.flatMap((verdict) => rowsOf(record, verdict)),
  );
}

function rowsOf(record: RunRecord, verdict: Verdict): readonly (readonly PublishableText[])[] {
  const [gate, status] = [verdictName(verdict.gate), showStatus(verdict)];
  if (verdict.evidence.length === 0) {
    return [[gate, markdown`–`, markdown`–`, say(record, verdict.summary, 300), markdown`–`, status]];
  }
  return verdict.evidence
    .slice(0, 20)
    .map((row, index) => [
      gate,
      code(row.command),
      say(record, row.base, 200),
      say(record, row.head, 200),
      showDuration(row.durationMs),
      index === 0 ? status : markdown``,
    ]);
}

/** Whoever has the bot's public key need not believe this page. */
function signedLine({ evidenceKey, run }: RunRecord): PublishableText {
  if (evidenceKey === null) return markdown``;
  return markdown`Signed as \`evidence.json\` in the record of the run, key ${code(evidenceKey.slice(0, 16))}; ${code(`pullwright verify ${run.id}`)} runs the gates again.`;
}

/** The gates judged exactly this tree, in a sandbox of its own. */
function treeLine(record: RunRecord): PublishableText {
  const tree = record.verdicts[0]?.treeId ?? '';
  const { ground } = record;
  const earlier = ground?.isEarlier
    ? markdown`, together with my earlier commits on this branch`
    : markdown``;
  const base = ground ? markdown` against base ${code(ground.sha.slice(0, 12))}${earlier}` : markdown``;
  const judged = markdown`Judged: tree ${code(tree.slice(0, 12))}${base}`;
  if (record.engines.some(({ engine }) => engine === 'none')) {
    return markdown`${judged}, **without a sandbox**: the commands ran with the rights of the person who started this run, and could change what they were judged by.`;
  }
  return markdown`${judged}, in fresh sandboxes${enginesOf(record)} without network.${layerOf(record)}`;
}

function layerOf({ layer }: RunRecord): PublishableText {
  if (layer?.state !== 'used') return markdown``;
  const which = markdown`layer ${code(layer.sha256.slice(0, 12))}`;
  const when = code(layer.madeAt.slice(0, 10));
  return markdown` Dependencies of the base tree came from the cache: ${which}, fetched ${when} by run ${code(layer.runId)}.`;
}

const engineNames = { bwrap: 'bubblewrap', container: 'container', none: 'none' } as const;

function enginesOf({ engines }: RunRecord): PublishableText {
  if (engines.length === 0) return markdown``;
  const names = engines.map(({ engine, version }) => code(`${engineNames[engine]} ${version}`));
  return markdown` (${joinText(names, ', ')})`;
}

const lists: readonly (readonly [key: string, words: PublishableText])[] = [
  ['proving', markdown`Proof: failed on base, pass here`],
  ['newlyFailing', markdown`Newly failing`],
  ['unfinished', markdown`Unfinished: tests of what the change touches that failed before and still fail`],
  ['idle', markdown`New tests that pass on the base code too: they prove nothing of the change`],
  ['disappeared', markdown`Tests that disappeared`],
  ['newlySkipped', markdown`Newly skipped`],
  ['flaky', markdown`Flaky (mixed results when run again; do not block)`],
  ['stillFailing', markdown`Failed before and still fail (not caused by this change)`],
];

function testDetails(record: RunRecord, verdict: Verdict): PublishableText {
  if (verdict.gate !== 'tests' || verdict.status === 'not-run') return markdown``;
  const { details: facts } = verdict;
  const proving = stringsOf(facts['proving'] ?? facts['fixed']);
  const shown = lists.map(([key, words]) =>
    namedList(words, key === 'proving' ? proving : stringsOf(facts[key])),
  );
  const why = typeof facts['whyNoProof'] === 'string' ? facts['whyNoProof'] : '';
  const reason =
    why === '' ? markdown`nothing the tests of this repository show proves the fix` : say(record, why, 300);
  const proof =
    proving.length === 0 ? markdown`No test failed on base and passes here: ${reason}.` : markdown``;
  return joinText([proof, ...shown], '\n\n');
}

function namedList(words: PublishableText, names: readonly string[]): PublishableText {
  if (names.length === 0) return markdown``;
  const items = listSome(names, 50, code);
  if (names.length <= 5) return markdown`**${words}** (${names.length}):\n\n${items}`;
  return details(markdown`<b>${words}</b> (${names.length})`, joinText(items));
}

function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
