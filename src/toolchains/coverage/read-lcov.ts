import { CoverageBuilder, type LineCoverage } from './line-coverage.ts';

/** LCOV tracefiles: `SF:` opens a file, `DA:line,hits` is a line. https://manpages.debian.org/geninfo */
export function readLcov(text: string): LineCoverage {
  const builder = new CoverageBuilder();
  let path = '';
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('SF:')) {
      path = line.slice(3).trim();
      builder.addFile(path);
    }
    const data = /^DA:(\d+),(-?\d+)/.exec(line);
    if (data && path !== '') builder.add(path, Number(data[1]), Number(data[2]));
    if (line === 'end_of_record') path = '';
  }
  return builder.build();
}
