import { z } from 'zod';
import { CoverageBuilder, type LineCoverage } from './line-coverage.ts';

const report = z.record(
  z.string(),
  z.object({
    path: z.string().optional(),
    statementMap: z.record(z.string(), z.object({ start: z.object({ line: z.number() }) })),
    s: z.record(z.string(), z.number()),
  }),
);

/** Istanbul's `coverage-final.json`: a statement counts for the line on which it begins. */
export function readIstanbul(text: string): LineCoverage {
  const builder = new CoverageBuilder();
  for (const [name, file] of Object.entries(report.parse(JSON.parse(text)))) {
    const path = file.path ?? name;
    builder.addFile(path);
    for (const [id, { start }] of Object.entries(file.statementMap)) {
      builder.add(path, start.line, file.s[id] ?? 0);
    }
  }
  return builder.build();
}
