import type { GateInput } from '../domain/gate.ts';
import type { TestResult } from '../domain/toolchain.ts';
import type { TestComparison } from '../toolchains/compare-test-runs.ts';
import { isCode, isTestPath } from './integrity/test-paths.ts';

const testFilesMax = 500;

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
  const places = await createPlaces(input);
  const fixedIn = new Set(comparison.fixed.map(places.of));
  if (fixedIn.size > 0) return failing.filter((test) => fixedIn.has(places.of(test)));
  const names = namesOfChange(input);
  return names === undefined ? [] : failing.filter((test) => names.test(places.textOf(test)));
}

/** Where tests stand: some reports name no file, others one that is relative to somewhere else. */
interface Places {
  readonly of: (test: TestResult) => string;
  readonly textOf: (test: TestResult) => string;
}

async function createPlaces(input: GateInput): Promise<Places> {
  const texts = new Map<string, string>();
  for (const path of (await input.list('head')).filter(isTestPath).slice(0, testFilesMax)) {
    texts.set(path, (await input.read('head', path))?.toString('utf8') ?? '');
  }
  const of = ({ file, title }: TestResult): string => {
    if (texts.has(file)) return file;
    const last = title.split(' > ').at(-1) ?? title;
    return [...texts].find(([path, text]) => path.endsWith(`/${file}`) || text.includes(last))?.[0] ?? file;
  };
  return { of, textOf: (test) => texts.get(of(test)) ?? test.file };
}

function namesOfChange(input: GateInput): RegExp | undefined {
  const stems = input.changes
    .map(({ path }) => path)
    .filter((path) => isCode(path) && !isTestPath(path))
    .map(stemOf)
    .filter((stem) => stem.length > 1);
  if (stems.length === 0) return undefined;
  return new RegExp(`(?<![\\w-])(?:${stems.map(escaped).join('|')})(?![\\w-])`);
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
