import type { GateInput } from '../domain/gate.ts';
import type { TestResult } from '../domain/toolchain.ts';
import type { TestComparison } from '../toolchains/compare-test-runs.ts';
import { isCode, isTestPath } from './integrity/test-paths.ts';

/** Failures that say more about the place than about the code: no network, a missing program or service. */
const environmental =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|getaddrinfo|name resolution|Network is unreachable|Connection refused|Could not resolve host|No such file or directory: '(?:\/usr|\/bin)|command not found|Operation not permitted|Read-only file system/i;

/**
 * Tests of what the change touches that failed on base and still fail: in a file with a test that was fixed, or, when
 * nothing was fixed at all, in a file that names a changed source file. Other old failures are somebody else's.
 */
export async function findUnfinished(
  input: GateInput,
  comparison: TestComparison,
): Promise<readonly TestResult[]> {
  const failing = comparison.stillFailing.filter(({ message }) => !environmental.test(message));
  if (failing.length === 0) return [];
  const fixedIn = new Set(comparison.fixed.map(({ file }) => file));
  if (fixedIn.size > 0) return failing.filter(({ file }) => fixedIn.has(file));
  const related = await relatedFiles(input, new Set(failing.map(({ file }) => file)));
  return failing.filter(({ file }) => related.has(file));
}

async function relatedFiles(input: GateInput, files: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const stems = input.changes
    .map(({ path }) => path)
    .filter((path) => isCode(path) && !isTestPath(path))
    .map(stemOf)
    .filter((stem) => stem.length > 1);
  if (stems.length === 0) return new Set();
  const names = new RegExp(`(?<![\\w-])(?:${stems.map(escaped).join('|')})(?![\\w-])`);
  const related = new Set<string>();
  for (const file of files) {
    const text = (await input.read('head', file))?.toString('utf8') ?? file;
    if (names.test(text)) related.add(file);
  }
  return related;
}

/** The name that an import says; of `index.js` and `__init__.py` the directory's. */
function stemOf(path: string): string {
  const parts = path.replace(/\.\w+$/, '').split('/');
  const last = parts.at(-1) ?? '';
  return /^(?:index|__init__|mod|lib|main)$/.test(last) ? (parts.at(-2) ?? '') : last;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\-]/g, '\\$&');
}
