// How right the secrets gate is, on labelled files that are not part of this repository:
//   npm run eval:secrets -- --corpus PATH [--half dev|held] [--misses]
// Corpus: a checkout of Samsung/CredSweeper; `tests/data/output.json` names the lines of `tests/samples` that hold a
// credential, and every other line holds none. Files are split into halves by the hash of their name.
//   npm run eval:secrets -- --clean PATH...
// Clean: checkouts of code without credentials; what blocks there is false.
import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type ScannedLine, scanLines } from '../src/gates/scan-lines.ts';
import type { ScanHit } from '../src/gates/scan-message.ts';
import { isGeneratedPath, isSamplePath, isTestPath } from '../src/gates/source-paths.ts';
import { emptyRow, filesBelow, halfOf, type Row, show, sumOf } from './eval/labelled-corpus.ts';

/** Decided before the first run: names of places and public values, which are no credentials by themselves. */
const notOurs = /Domain|Bucket|^UUID$|^Nonce$|^Salt$/;

const labelSchema = z.array(
  z.object({
    rule: z.string(),
    line_data_list: z.array(z.object({ path: z.string(), line_num: z.number(), value: z.string() })),
  }),
);

interface Label {
  readonly rule: string;
  /** A key over several lines is found where one of them is. */
  readonly lines: readonly number[];
  readonly values: readonly string[];
}

const { values: options, positionals } = parseArgs({
  options: {
    corpus: { type: 'string' },
    half: { type: 'string', default: 'dev' },
    misses: { type: 'boolean' },
    clean: { type: 'boolean' },
  },
  allowPositionals: true,
});

function readLabels(corpus: string): ReadonlyMap<string, readonly Label[]> {
  const said = labelSchema.parse(JSON.parse(readFileSync(join(corpus, 'tests/data/output.json'), 'utf8')));
  const labels = new Map<string, Label[]>();
  for (const { rule, line_data_list: places } of said) {
    const name = basename(places[0]?.path ?? '');
    const lines = places.map(({ line_num: at }) => at);
    const values = places.map(({ value }) => value).filter((value) => value.length >= 6);
    labels.set(name, [...(labels.get(name) ?? []), { rule, lines, values }]);
  }
  return labels;
}

/** Undefined for what is no text: the gate sees added lines of texts. */
function linesOf(path: string, shown: string): readonly ScannedLine[] | undefined {
  const bytes = readFileSync(path);
  if (bytes.length > 1_048_576 || bytes.includes(0)) return undefined;
  return bytes
    .toString('utf8')
    .split('\n')
    .map((text, index) => ({ path: shown, line: index + 1, text }));
}

async function hitsIn(lines: readonly ScannedLine[]): Promise<readonly ScanHit[]> {
  const hits = await scanLines(lines, 60_000, new AbortController().signal);
  if (hits === 'timeout') throw new Error('the scan did not end');
  return hits;
}

const table = new Map<string, Row>();
/** Findings on lines without a label that hold the very value of a labelled one: counted as false, and named apart. */
let repeats = 0;

function rowOf(rule: string): Row {
  const row = table.get(rule) ?? emptyRow();
  table.set(rule, row);
  return row;
}

function say(kind: string, rule: string, line: ScannedLine | undefined): void {
  if (!options.misses || !line) return;
  process.stdout.write(`${kind} ${rule} ${line.path}:${line.line}: ${line.text.trim().slice(0, 120)}\n`);
}

async function measureFile(lines: readonly ScannedLine[], labels: readonly Label[]): Promise<void> {
  const hits = await hitsIn(lines);
  const found = new Set(hits.filter(({ level }) => level === 'error').map(({ line }) => line));
  const labelled = new Set(labels.flatMap((label) => label.lines));
  const values = labels.flatMap((label) => label.values);
  for (const { rule, lines: at } of labels) {
    if (notOurs.test(rule)) continue;
    const seen = at.some((line) => found.has(line));
    rowOf(rule)[seen ? 'hit' : 'missed'] += 1;
    if (!seen) say('MISSED', rule, lines[(at[0] ?? 1) - 1]);
  }
  for (const line of found) {
    if (labelled.has(line)) continue;
    const rule = hits.find((hit) => hit.line === line)?.rule ?? '';
    rowOf('no credential').false += 1;
    if (values.some((value) => lines[line - 1]?.text.includes(value))) repeats += 1;
    say('FALSE ', rule, lines[line - 1]);
  }
  rowOf('no credential').clean += lines.filter(({ line }) => !labelled.has(line) && !found.has(line)).length;
}

async function measureCorpus(corpus: string): Promise<void> {
  const labels = readLabels(corpus);
  const samples = join(corpus, 'tests/samples');
  for (const path of filesBelow(samples)) {
    if (halfOf(basename(path)) !== options.half) continue;
    const lines = linesOf(path, relative(samples, path));
    if (lines) await measureFile(lines, labels.get(basename(path)) ?? []);
  }
  for (const [rule, row] of [...table].toSorted(([a], [b]) => a.localeCompare(b))) {
    if (options.misses) show(rule, row);
  }
  const sum = sumOf(table.values());
  show('all', sum);
  show('without repeats', { ...sum, false: sum.false - repeats });
}

/** Files in which a finding is false: no generated ones and no samples. */
function* cleanFiles(directory: string): Generator<{ shown: string; lines: readonly ScannedLine[] }> {
  for (const path of filesBelow(directory)) {
    const shown = relative(directory, path);
    const lines = isGeneratedPath(shown) || isSamplePath(shown) ? undefined : linesOf(path, shown);
    if (lines) yield { shown, lines };
  }
}

async function measureClean(directories: readonly string[]): Promise<void> {
  let count = 0;
  const levels = { error: 0, warning: 0 };
  for (const { shown, lines } of directories.flatMap((directory) => [...cleanFiles(directory)])) {
    count += lines.length;
    for (const { level, rule, line } of await hitsIn(lines)) {
      levels[level] += 1;
      say(`${level} ${isTestPath(shown) ? 'test' : 'code'}`, rule, lines[line - 1]);
    }
  }
  const share = ((levels.error / count) * 10_000).toFixed(2);
  process.stdout.write(
    `${count} lines: ${levels.error} blocking (${share} in 10,000), ${levels.warning} warnings\n`,
  );
}

if (options.clean) await measureClean(positionals);
else if (options.corpus === undefined) throw new Error('say --corpus PATH or --clean PATH...');
else await measureCorpus(options.corpus);
