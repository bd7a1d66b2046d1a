import type { Finding, Gate, GateInput, Side, Verdict } from '../domain/gate.ts';
import type { Clone, CloneAnswer, CloneRequest, TokenFile } from './clones/clones-message.ts';
import type { FactsReader, Reading } from './facts/facts-reader.ts';
import type { FileTokens } from './facts/file-facts.ts';
import { findingOf } from './finding-of.ts';
import { runInThread } from './run-in-thread.ts';
import { isSamplePath, isSourcePath, isTestPath } from './source-paths.ts';
import { addedByPath, counted, notRun, presentPaths, staticVerdict, unreadable } from './static-verdict.ts';
import { verdictOf } from './verdict-of.ts';

/** More source than this is compared only as far as it changed. */
const bytesMax = 48 * 1024 * 1024;

interface Options {
  readonly facts: FactsReader;
  /** Longest that the comparison may take, default 60 s. */
  readonly timeoutMs?: number;
}

/**
 * Copied code: counts when the change copies a run of tokens, or raises the share of duplicated lines above the limit
 * and above base. Tests and samples are left out: they repeat themselves on purpose.
 */
export function createDuplicationGate(options: Options): Gate {
  return { name: 'duplication', isStatic: true, judge: (input) => judge(input, options) };
}

const isCompared = (path: string): boolean => isSourcePath(path) && !isTestPath(path) && !isSamplePath(path);

async function judge(input: GateInput, options: Options): Promise<Verdict> {
  const started = performance.now();
  if (!presentPaths(input).some(isCompared)) {
    return notRun('duplication', input, 'no changed file holds code of its own');
  }
  const scope = await scopeOf(input);
  const base = await tokensOf(input, 'base', options.facts, scope.has);
  const head = await tokensOf(input, 'head', options.facts, scope.has);
  const error = unreadable('duplication', input, new Map([...base, ...head]));
  if (error) return error;
  const timeoutMs = options.timeoutMs ?? 60_000;
  const found = await runInThread<CloneAnswer>(
    new URL('./clones/clones-worker.ts', import.meta.url),
    requestOf(input, base, head),
    { timeoutMs, signal: input.signal },
  );
  if (found === 'timeout') {
    const summary = `the comparison did not end within ${timeoutMs} ms: it took too long`;
    return verdictOf('duplication', input, { status: 'error', blocking: true, summary });
  }
  return judgeFound(input, { found, shares: sharesOf(found, base, head), scope: scope.words, started });
}

interface Judged {
  readonly found: CloneAnswer;
  readonly shares: Shares;
  readonly scope: string;
  readonly started: number;
}

function judgeFound(input: GateInput, { found, shares, scope, started }: Judged): Verdict {
  const findings = [...copies(found.made), ...shareFindings(input, found, shares)];
  const share = `${shares.head.toFixed(1)} % of lines are duplicated (${shares.base.toFixed(1)} % on base)`;
  return staticVerdict(input, {
    gate: 'duplication',
    method: `clones of ${input.settings.duplication.minTokens} tokens (${scope})`,
    base: `${shares.base.toFixed(1)} % of lines`,
    head: `${shares.head.toFixed(1)} % of lines`,
    findings,
    summary:
      findings.length > 0
        ? `${counted(findings.length, 'new finding')}: ${findings[0]?.message ?? ''}`
        : `the change copies nothing; ${share}`,
    advice: 'Use what is there already instead of copying it:',
    started,
    details: { baseLines: found.baseLines, headLines: found.headLines },
  });
}

interface Scope {
  readonly has: (path: string) => boolean;
  readonly words: string;
}

async function scopeOf(input: GateInput): Promise<Scope> {
  const files = (await input.files('head')).filter(({ path }) => isCompared(path));
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (bytes <= bytesMax) return { has: isCompared, words: 'all source files' };
  const changed = new Set(input.changes.map(({ path }) => path));
  const words = 'changed files only: the repository is large';
  return { has: (path) => changed.has(path) && isCompared(path), words };
}

type Readings = ReadonlyMap<string, Reading<FileTokens>>;

async function tokensOf(
  input: GateInput,
  side: Side,
  facts: FactsReader,
  has: Scope['has'],
): Promise<Readings> {
  return await facts.tokens(input, side, (await input.list(side)).filter(has));
}

function requestOf(input: GateInput, base: Readings, head: Readings): CloneRequest {
  const changed = new Set(input.changes.map(({ path }) => path));
  return {
    base: changedLast(base, changed),
    head: changedLast(head, changed),
    minTokens: input.settings.duplication.minTokens,
    added: addedByPath(input),
  };
}

/** What was there first is the original. */
function changedLast(readings: Readings, changed: ReadonlySet<string>): readonly TokenFile[] {
  const files = [...readings].flatMap(([path, reading]) =>
    reading.state === 'read' ? [{ path, hashes: reading.facts.hashes, lines: reading.facts.lines }] : [],
  );
  const isChanged = ({ path }: TokenFile): boolean => changed.has(path);
  return [...files.filter((file) => !isChanged(file)), ...files.filter(isChanged)];
}

/** Percent of the lines that hold code. */
interface Shares {
  readonly base: number;
  readonly head: number;
}

function sharesOf(found: CloneAnswer, base: Readings, head: Readings): Shares {
  return { base: percent(found.baseLines, base), head: percent(found.headLines, head) };
}

function percent(lines: number, readings: Readings): number {
  let all = 0;
  for (const reading of readings.values()) if (reading.state === 'read') all += reading.facts.codeLines;
  return all === 0 ? 0 : Math.min(100, (lines * 100) / all);
}

function copies(made: readonly Clone[]): readonly Finding[] {
  return made.map(({ path, line, endLine, otherPath, otherLine, tokens }) => {
    const message = `${endLine - line + 1} lines (${tokens} tokens) are a copy of ${otherPath}:${otherLine}`;
    return findingOf({ rule: 'clone', path, line, message, text: `${otherPath} ${tokens}` });
  });
}

/** Only where lines were duplicated: the share also grows when sound code is deleted. */
function shareFindings(input: GateInput, found: CloneAnswer, shares: Shares): readonly Finding[] {
  const { maxPercent } = input.settings.duplication;
  if (found.headLines <= found.baseLines || shares.head <= shares.base) return [];
  const path = presentPaths(input).find(isCompared) ?? '';
  const from = `${shares.base.toFixed(1)} % to ${shares.head.toFixed(1)} %`;
  if (shares.head > maxPercent) {
    const message = `duplicated lines went from ${from}; at most ${maxPercent} % is allowed`;
    return [findingOf({ rule: 'duplication-share', path, line: 1, message, text: 'share' })];
  }
  const allowed = input.settings.regression.maxPercent;
  const grown = ((found.headLines - found.baseLines) / Math.max(1, found.baseLines)) * 100;
  // Far from the limit a few lines more are no harm.
  if (grown <= allowed || shares.head <= maxPercent / 2) return [];
  const message = `duplicated lines grew by ${grown.toFixed(0)} % (${from}); at most ${allowed} % is allowed`;
  return [findingOf({ rule: 'duplication-regression', path, line: 1, message, text: 'regression' })];
}
