import { z } from 'zod';
import { CoverageBuilder, type LineCoverage } from './line-coverage.ts';

const report = z.object({
  files: z.record(
    z.string(),
    z.object({ executed_lines: z.array(z.number()), missing_lines: z.array(z.number()) }),
  ),
});

/** `coverage json` of coverage.py. Its XML is Cobertura's. */
export function readCoveragePy(text: string): LineCoverage {
  const builder = new CoverageBuilder();
  for (const [path, file] of Object.entries(report.parse(JSON.parse(text)).files)) {
    builder.addFile(path);
    for (const line of file.executed_lines) builder.add(path, line, 1);
    for (const line of file.missing_lines) builder.add(path, line, 0);
  }
  return builder.build();
}
