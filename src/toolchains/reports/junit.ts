import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { TestOutcome, TestResult } from '../../domain/toolchain.ts';
import type { ReportContent } from './report-content.ts';

const depthMax = 64;
const attribute = '@';

/**
 * JUnit XML as pytest (`xunit1`), node:test, bun and most others write it. Entities beyond XML's own are not
 * expanded: a document type with nested entities is the classic way to eat a parser's memory.
 */
export function parseJunit(text: string): ReportContent {
  if (text.trim() === '') return { results: [], problem: 'the JUnit report is empty' };
  // Maven and Gradle write one document per class; they are read one after another.
  const documents = text.split(/(?=<\?xml )/).filter((part) => part.trim() !== '');
  if (documents.length > 1) return joined(documents.map(parseDocument));
  return parseDocument(text);
}

function joined(parts: readonly ReportContent[]): ReportContent {
  const problem = parts.find((part) => part.problem)?.problem;
  return { results: parts.flatMap(({ results }) => results), ...(problem ? { problem } : {}) };
}

function parseDocument(text: string): ReportContent {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text))
    return { results: [], problem: 'the JUnit report has a document type' };
  const valid = XMLValidator.validate(text);
  if (valid !== true) return { results: [], problem: `the JUnit report is no XML: ${valid.err.msg}` };
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: attribute,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  });
  const document: unknown = parser.parse(text);
  const results: TestResult[] = [];
  collect(document, { file: '', titles: [] }, results, 0);
  return { results };
}

interface Place {
  readonly file: string;
  readonly titles: readonly string[];
}

function collect(value: unknown, place: Place, results: TestResult[], depth: number): void {
  if (!isObject(value) || depth > depthMax) return;
  collect(value['testsuites'], place, results, depth + 1);
  for (const suite of listOf(value['testsuite'])) {
    if (!isObject(suite)) continue;
    collect(suite, suitePlace(suite, place, depth), results, depth + 1);
  }
  for (const test of listOf(value['testcase'])) if (isObject(test)) results.push(resultOf(test, place));
}

/** The outermost suites name files, packages or the tool; only nested ones are part of a test's title. */
function suitePlace(suite: Readonly<Record<string, unknown>>, place: Place, depth: number): Place {
  const name = word(suite, 'name');
  const file = word(suite, 'file') || place.file;
  const isTitle = name !== '' && name !== 'pytest' && name !== file && (depth > 1 || place.titles.length > 0);
  return {
    file,
    titles: isTitle
      ? [...place.titles, name]
      : depth === 1
        ? place.titles.concat(outerTitle(suite))
        : place.titles,
  };
}

/** node:test writes `describe` blocks as outer suites (they carry `disabled`); pytest's outer suite is the tool. */
function outerTitle(suite: Readonly<Record<string, unknown>>): readonly string[] {
  return word(suite, 'disabled') !== '' && word(suite, 'package') === '' ? [word(suite, 'name')] : [];
}

function resultOf(test: Readonly<Record<string, unknown>>, place: Place): TestResult {
  const className = word(test, 'classname');
  const file = word(test, 'file') || place.file || className;
  // pytest's class name is the dotted module plus the class: only the class part says more than the file.
  const module = file.replace(/\.py$/, '').replaceAll('/', '.');
  const classPart =
    file.endsWith('.py') && className.startsWith(`${module}.`) ? [className.slice(module.length + 1)] : [];
  const seconds = Number.parseFloat(word(test, 'time'));
  const { outcome, message } = outcomeOf(test);
  return {
    file,
    title: [...place.titles, ...classPart, word(test, 'name')].join(' > '),
    outcome,
    durationMs: Number.isFinite(seconds) ? Math.round(seconds * 1_000_000) / 1_000 : null,
    message,
  };
}

function outcomeOf(test: Readonly<Record<string, unknown>>): {
  readonly outcome: TestOutcome;
  readonly message: string;
} {
  for (const [tag, outcome] of [
    ['failure', 'failed'],
    ['error', 'error'],
    ['skipped', 'skipped'],
  ] as const) {
    if (Object.hasOwn(test, tag)) return { outcome, message: messageOf(listOf(test[tag])[0]) };
  }
  return { outcome: 'passed', message: '' };
}

function messageOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return '';
  const text = typeof value['#text'] === 'string' ? value['#text'] : '';
  const message = word(value, 'message');
  return text.includes(message) ? text : `${message}\n${text}`;
}

function word(value: Readonly<Record<string, unknown>>, name: string): string {
  const found = value[attribute + name];
  return typeof found === 'string' ? found : '';
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
