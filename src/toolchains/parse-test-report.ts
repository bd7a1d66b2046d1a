import type { TestReportFormat, TestResult } from '../domain/toolchain.ts';
import { parseCargoText } from './reports/cargo-text.ts';
import { parseGoJson } from './reports/go-json.ts';
import { parseJestJson } from './reports/jest-json.ts';
import { parseJunit } from './reports/junit.ts';
import { parseMochaJson } from './reports/mocha-json.ts';
import { type ReportContent, reportCharactersMax, tidyResults } from './reports/report-content.ts';
import { parseRspecJson } from './reports/rspec-json.ts';
import { parseTap } from './reports/tap.ts';
import { parseTrx } from './reports/trx.ts';
import { parseUnittestText } from './reports/unittest-text.ts';

/** What a report said. `problem` is set when it cannot be read or was cut: such a run is `infra`, never a pass. */
export interface ParsedReport {
  readonly results: readonly TestResult[];
  readonly problem: string | null;
}

/** How the command that wrote the report ended; `exit-code` makes its one result from this. */
export interface ReportContext {
  readonly shell: string;
  readonly exitCode: number | null;
}

/**
 * Reads a test report written by untrusted code: size, count and text are capped, paths made relative to
 * `/workspace`, nothing is thrown for what it holds.
 */
export function parseTestReport(
  format: TestReportFormat,
  text: string,
  context: ReportContext,
): ParsedReport {
  if (format === 'exit-code') return exitCodeReport(text, context);
  if (text.length > reportCharactersMax) {
    return { results: [], problem: `the ${format} report is over ${reportCharactersMax} characters` };
  }
  try {
    const content = parsers[format](text);
    const { results, cut } = tidyResults(content.results);
    const problem = content.problem ?? (cut ? 'the report has more results than are read' : null);
    return { results, problem };
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
    return { results: [], problem: `the ${format} report cannot be read: ${reason}` };
  }
}

const parsers: Readonly<Record<Exclude<TestReportFormat, 'exit-code'>, (text: string) => ReportContent>> = {
  junit: parseJunit,
  tap: parseTap,
  'vitest-json': parseJestJson,
  'jest-json': parseJestJson,
  'go-json': parseGoJson,
  'cargo-text': parseCargoText,
  'unittest-text': parseUnittestText,
  'mocha-json': parseMochaJson,
  'rspec-json': parseRspecJson,
  trx: parseTrx,
};

/** One synthetic result, named for the command: its exit code is all that is known. */
function exitCodeReport(text: string, context: ReportContext): ParsedReport {
  if (context.exitCode === null) return { results: [], problem: 'the command did not exit by itself' };
  const passed = context.exitCode === 0;
  const { results } = tidyResults([
    {
      file: context.shell,
      title: 'exit code',
      outcome: passed ? 'passed' : 'failed',
      durationMs: null,
      message: passed ? '' : `exit code ${context.exitCode}\n${text.slice(-1_500)}`,
    },
  ]);
  return { results, problem: null };
}
