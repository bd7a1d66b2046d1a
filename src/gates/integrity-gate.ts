import type { Finding, Gate, GateInput, Side, Verdict } from '../domain/gate.ts';
import { languageOfPath } from '../toolchains/syntax-tree.ts';
import { AskedThread } from './asked-thread.ts';
import { findingOf } from './finding-of.ts';
import type { FoundProblem, IntegrityTexts } from './integrity/find-problems.ts';
import { isTestPath } from './integrity/test-paths.ts';
import { verdictOf } from './verdict-of.ts';

const findingsMax = 300;
const testFilesMax = 2_000;
const textBytesMax = 64 * 1024 * 1024;

const thread = new AskedThread<IntegrityTexts, readonly FoundProblem[]>(
  new URL('./integrity/integrity-worker.ts', import.meta.url),
);

/**
 * Whether what judges the change was left alone. Tests may be added and added to; everything else that a change does
 * to tests, their data, their commands and the settings of checks is named line by line, and so is code that knows
 * that it is being tested. Static: nothing is run. Texts are read in a thread that is killed after `timeoutMs`
 * (default 60,000), which gives the verdict `error`.
 */
export function createIntegrityGate(options: { readonly timeoutMs?: number } = {}): Gate {
  const timeoutMs = options.timeoutMs ?? 60_000;
  return { name: 'integrity', isStatic: true, judge: (input) => judge(input, timeoutMs) };
}

async function judge(input: GateInput, timeoutMs: number): Promise<Verdict> {
  const started = performance.now();
  if (input.changes.length === 0) {
    return verdictOf('integrity', input, { status: 'not-run', blocking: false, summary: 'nothing changed' });
  }
  const texts = await textsOf(input);
  const files = `${input.changes.length} changed files`;
  if (texts === 'too-large') return unread(input, `${files} have more than 64 MiB together`);
  const found = await thread.ask(texts, { timeoutMs, signal: input.signal });
  if (found === 'timeout') return unread(input, `reading ${files} took longer than ${timeoutMs} ms`);
  const findings = found.slice(0, findingsMax).map(asFinding);
  const counted = findings.filter(({ level }) => level === 'error').length;
  const durationMs = Math.round(performance.now() - started);
  return verdictOf('integrity', input, {
    status: counted > 0 ? 'fail' : 'pass',
    blocking: true,
    summary: summaryOf(counted, findings.length - counted, input),
    evidence: [
      {
        command: 'tests, test data, commands and settings: base against head',
        base: 'compared with',
        head: `${counted} changes to what judges`,
        durationMs,
      },
    ],
    findings,
    feedback: counted > 0 ? feedbackOf(findings) : '',
    details: { notShown: Math.max(0, found.length - findingsMax) },
  });
}

/** What was not read was not left alone. */
function unread(input: GateInput, summary: string): Verdict {
  return verdictOf('integrity', input, { status: 'error', blocking: true, summary });
}

/** Both sides of what changed and, where code changed, the tests of base, whose answers it may know by heart. */
async function textsOf(input: GateInput): Promise<IntegrityTexts | 'too-large'> {
  const changed = input.changes.map(({ path }) => path);
  const base = await readAll(input, 'base', changed);
  const head = await readAll(input, 'head', changed);
  if (!base.whole || !head.whole) return 'too-large';
  const codeChanged = changed.some((path) => languageOfPath(path) && !isTestPath(path));
  const tests = codeChanged ? (await input.list('base')).filter(isTestPath).slice(0, testFilesMax) : [];
  const others = await readAll(
    input,
    'base',
    tests.filter((path) => !base.texts.has(path)),
  );
  const { changes, addedLines } = input;
  return { changes, addedLines, base: new Map([...base.texts, ...others.texts]), head: head.texts };
}

/** `whole`: nothing was left out because of the size of all together. */
async function readAll(
  input: GateInput,
  side: Side,
  paths: readonly string[],
): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly whole: boolean }> {
  const texts = new Map<string, string>();
  let bytes = 0;
  for (const path of paths) {
    input.signal.throwIfAborted();
    const content = await input.read(side, path);
    bytes += content?.length ?? 0;
    if (bytes > textBytesMax) return { texts, whole: false };
    if (content) texts.set(path, content.toString('utf8'));
  }
  return { texts, whole: true };
}

function asFinding({ rule, path, line, message, level = 'error' }: FoundProblem): Finding {
  return findingOf({ rule: `integrity/${rule}`, path, line, message, level, text: message });
}

function summaryOf(counted: number, warnings: number, input: GateInput): string {
  const tests = input.changes.filter(({ path }) => isTestPath(path)).length;
  const seen = `${input.changes.length} changed files, ${tests} of them tests`;
  const also = warnings > 0 ? `; ${warnings} more to look at` : '';
  if (counted === 0) return `what judges the change was left alone or added to (${seen})${also}`;
  return `${counted} changes to tests, their settings or code that knows of tests (${seen})${also}`;
}

function feedbackOf(findings: readonly Finding[]): string {
  const lines = findings
    .filter(({ level }) => level === 'error')
    .map(({ path, line, message }) => `${path}:${line}: ${message}`);
  return [
    'Existing tests may be added to, not deleted, skipped, narrowed, loosened or edited. Undo these, or a person has to approve them:',
    ...lines,
  ].join('\n');
}
