import type { CoverageFormat } from '../../domain/toolchain.ts';
import type { LineCoverage } from './line-coverage.ts';
import { readCoveragePy } from './read-coverage-py.ts';
import { readGoProfile } from './read-go-profile.ts';
import { readIstanbul } from './read-istanbul.ts';
import { readLcov } from './read-lcov.ts';
import { readXmlCoverage } from './read-xml-coverage.ts';

const charactersMax = 64 * 1_048_576;

/** A coverage report that was read; `problem` when it cannot be. */
export interface ParsedCoverage {
  readonly lines: LineCoverage;
  readonly problem: string | null;
}

/**
 * Reads a coverage report written by untrusted code. Paths are made relative to the root and matched to the files of the
 * tree, also by their end: JaCoCo names packages, and tools that stand in a package name files from there.
 */
export function parseCoverage(
  format: CoverageFormat,
  text: string,
  tree: { readonly cwd: string; readonly paths: ReadonlySet<string>; readonly goModule: string },
): ParsedCoverage {
  const empty: LineCoverage = new Map();
  if (text.trim() === '') return { lines: empty, problem: 'no report was written' };
  if (text.length > charactersMax) return { lines: empty, problem: 'the report is too large' };
  try {
    const read = readers[format](text, tree.goModule);
    return { lines: placed(read, tree.cwd, tree.paths), problem: null };
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
    return { lines: empty, problem: `the ${format} report cannot be read: ${why}` };
  }
}

const readers: Readonly<Record<CoverageFormat, (text: string, goModule: string) => LineCoverage>> = {
  lcov: readLcov,
  'coverage-xml': readXmlCoverage,
  istanbul: readIstanbul,
  'coverage-py': readCoveragePy,
  'go-profile': readGoProfile,
};

function placed(read: LineCoverage, cwd: string, paths: ReadonlySet<string>): LineCoverage {
  const result = new Map<string, ReadonlyMap<number, number>>();
  for (const [name, lines] of read) {
    const path = placeOf(name, cwd, paths);
    if (path === undefined) continue;
    const known = result.get(path);
    result.set(path, known ? merged(known, lines) : lines);
  }
  return result;
}

function placeOf(name: string, cwd: string, paths: ReadonlySet<string>): string | undefined {
  const bare = name
    .replace(/^file:\/\//, '')
    .replace(/^\/workspace\//, '')
    .replace(/^\.\//, '');
  if (cwd !== '' && paths.has(`${cwd}/${bare}`)) return `${cwd}/${bare}`;
  if (paths.has(bare)) return bare;
  const ending = [...paths].filter((path) => path.endsWith(`/${bare}`));
  // Two files of that name: whose lines they are cannot be told.
  return ending.length === 1 ? ending[0] : undefined;
}

function merged(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const lines = new Map(a);
  for (const [line, hits] of b) lines.set(line, Math.max(lines.get(line) ?? 0, hits));
  return lines;
}
