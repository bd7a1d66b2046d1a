import { XMLParser } from 'fast-xml-parser';
import type { TestOutcome, TestResult } from '../../domain/toolchain.ts';
import { plainResult, type ReportContent } from './report-content.ts';

const outcomes: Readonly<Record<string, TestOutcome>> = {
  Passed: 'passed',
  Failed: 'failed',
  NotExecuted: 'skipped',
};

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (name) => name === 'UnitTestResult' || name === 'UnitTest',
});

/**
 * Visual Studio's TRX, one document after another in the output of `dotnet test`. The class stands in the definitions
 * and names the file, because TRX knows no source file.
 */
export function parseTrx(text: string): ReportContent {
  const documents = text.match(/<TestRun\b[\s\S]*?<\/TestRun>/g) ?? [];
  if (documents.length === 0) return { results: [], problem: 'the output holds no TRX document' };
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text))
    return { results: [], problem: 'the TRX report has a document type' };
  return { results: documents.flatMap(documentResults) };
}

function documentResults(document: string): readonly TestResult[] {
  const root: unknown = parser.parse(document);
  const run = at(root, 'TestRun');
  const classes = new Map(
    listAt(at(run, 'TestDefinitions'), 'UnitTest').map((test) => [
      word(test, '@id'),
      word(at(test, 'TestMethod'), '@className'),
    ]),
  );
  return listAt(at(run, 'Results'), 'UnitTestResult').map((result) => {
    const file = classes.get(word(result, '@testId')) ?? '';
    const outcome = outcomes[word(result, '@outcome')] ?? 'error';
    const message = word(at(at(result, 'Output'), 'ErrorInfo'), 'Message');
    return plainResult(file === '' ? 'dotnet' : file, word(result, '@testName'), outcome, message);
  });
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key);
  return Array.isArray(found) ? found : [];
}

function word(value: unknown, key: string): string {
  const found = at(value, key);
  return typeof found === 'string' ? found : '';
}
