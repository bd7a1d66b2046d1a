import { CoverageBuilder, type LineCoverage } from './line-coverage.ts';

const linesPerBlockMax = 20_000;

/**
 * Go's cover profile: `module/path/file.go:12.5,14.2 3 1` (from, to, statements, count). Blocks cover blank lines and
 * comments too; who compares has to look at the text of a line.
 */
export function readGoProfile(text: string, modulePath: string): LineCoverage {
  const builder = new CoverageBuilder();
  for (const line of text.split('\n')) {
    const block = /^(\S+):(\d+)\.\d+,(\d+)\.(\d+) \d+ (\d+)$/.exec(line.trim());
    if (!block) continue;
    const [, name = '', from = '', to = '', toColumn = '', count = ''] = block;
    const path =
      modulePath !== '' && name.startsWith(`${modulePath}/`) ? name.slice(modulePath.length + 1) : name;
    // A block that ends in the first columns holds nothing of its last line but the brace.
    const last = Number(toColumn) <= 2 ? Number(to) - 1 : Number(to);
    for (let at = Number(from); at <= Math.min(last, Number(from) + linesPerBlockMax); at += 1) {
      builder.add(path, at, Number(count));
    }
  }
  return builder.build();
}
