import type { CoverageCommand } from '../../domain/toolchain.ts';
import type { ProjectSource } from '../ecosystem.ts';
import { reportFile } from '../ecosystem.ts';
import type { NodeManifest } from './node-manifest.ts';

/**
 * Coverage of a script that ends with `node … --test …`, by Node itself. The option is not allowed in NODE_OPTIONS, so
 * the script is run with it put in; with another runner (or c8, nyc) the test command itself tells how.
 */
export function nodeCoverage(
  source: ProjectSource,
  manifest: NodeManifest,
): { readonly coverage?: readonly CoverageCommand[] } {
  const script = manifest.scripts['test'] ?? 'node --test';
  const parts =
    /^([\s\S]*?(?:&&|;)\s*)?((?:[A-Z_]+=\S*\s+)*)node\s+(?=(?:\S+\s+)*--test(?:\s|$))([^&;|]*)$/.exec(script);
  if (!parts || /--test-reporter/.test(script)) return {};
  const [, before = '', variables = '', words = ''] = parts;
  const reportPath = reportFile(source, 'coverage.lcov');
  const options = `--experimental-test-coverage --test-reporter=lcov --test-reporter-destination=${reportPath}`;
  const shell = `export PATH="$PWD/node_modules/.bin:$PATH"; ${before}${variables}node ${options} ${words.trim()}`;
  const why = 'package.json scripts.test, with coverage by Node';
  return { coverage: [{ shell, cwd: source.directory, why, format: 'lcov', reportPath }] };
}
