import { z } from 'zod';
import type { TestOutcome } from '../../domain/toolchain.ts';
import type { ReportContent } from './report-content.ts';

const report = z.object({
  examples: z.array(
    z.object({
      full_description: z.string(),
      file_path: z.string().catch('rspec'),
      status: z.string(),
      run_time: z.number().nullable().catch(null),
      exception: z
        .object({ message: z.string().catch('') })
        .nullable()
        .catch(null),
    }),
  ),
  summary: z.object({ errors_outside_of_examples_count: z.number().catch(0) }).catch({
    errors_outside_of_examples_count: 0,
  }),
});

const outcomes: Readonly<Record<string, TestOutcome>> = {
  passed: 'passed',
  failed: 'failed',
  pending: 'skipped',
};

/** RSpec's `json` formatter. A spec file that cannot be loaded is counted outside of the examples: a problem. */
export function parseRspecJson(text: string): ReportContent {
  const { examples, summary } = report.parse(JSON.parse(text));
  const broken = summary.errors_outside_of_examples_count;
  return {
    results: examples.map((example) => ({
      file: example.file_path,
      title: example.full_description,
      outcome: outcomes[example.status] ?? 'error',
      durationMs: example.run_time === null ? null : example.run_time * 1_000,
      message: example.exception?.message ?? '',
    })),
    problem: broken > 0 ? `${broken} errors outside of examples` : null,
  };
}
