import type { Finding, Gate, GateInput, Verdict } from '../domain/gate.ts';
import { conflictMarks } from './conflict-marks.ts';
import type { FactsReader, Reading } from './facts/facts-reader.ts';
import type { FileFacts } from './facts/file-facts.ts';
import { findingOf } from './finding-of.ts';
import { isGeneratedPath, isSamplePath } from './source-paths.ts';
import { counted, leftOut, notRun, presentPaths, staticVerdict, unreadable } from './static-verdict.ts';

/**
 * Changed files still parse, and no marks of a merge were added. Counts only where base parsed clean, or the file is new: grammars lag behind languages.
 * C and C++ only warn: macros make texts that no grammar reads (27 of 153 sound files).
 */
export function createParseGate(options: { readonly facts: FactsReader }): Gate {
  return { name: 'parse', isStatic: true, judge: (input) => judge(input, options.facts) };
}

async function judge(input: GateInput, reader: FactsReader): Promise<Verdict> {
  const started = performance.now();
  const paths = presentPaths(input).filter((path) => !isGeneratedPath(path));
  const head = await reader.syntax(input, 'head', paths);
  const marks = conflictMarks(input);
  if (head.size === 0 && marks.length === 0)
    return notRun('parse', input, 'no changed file is of a language that is parsed here');
  const broken = [...head].flatMap(([path, reading]) => (problemsOf(reading).length > 0 ? [path] : []));
  const base = await reader.syntax(input, 'base', broken);
  const error = unreadable('parse', input, new Map([...base, ...head]));
  if (error) return error;
  const broke = broken.flatMap((path) => findingsOf(path, head.get(path), base.get(path)));
  const before = broken.filter((path) => problemsOf(base.get(path)).length > 0).length;
  const fresh = new Set(broke.map(({ path }) => path)).size;
  const known = before > 0 ? `; ${before} did not parse before either` : '';
  return staticVerdict(input, {
    gate: 'parse',
    method: 'parse (changed files)',
    base: `${before} do not parse`,
    head: `${broken.length} of ${head.size} do not parse`,
    findings: [...marks, ...broke],
    summary: [
      ...(marks.length > 0 ? [`${counted(marks.length, 'conflict')} not settled`] : []),
      fresh > 0
        ? `${counted(fresh, 'file')} of ${head.size} no longer parse${known}`
        : `${counted(head.size, 'changed file')} parse${leftOut(head)}${known}`,
    ].join('; '),
    advice: 'These files do not follow the grammar of their language any more, or hold the marks of a merge:',
    started,
  });
}

function problemsOf(reading: Reading<FileFacts> | undefined): FileFacts['problems'] {
  return reading?.state === 'read' ? reading.facts.problems : [];
}

function findingsOf(
  path: string,
  head: Reading<FileFacts> | undefined,
  base: Reading<FileFacts> | undefined,
): readonly Finding[] {
  if (problemsOf(base).length > 0) return [];
  const isNew = base === undefined || base.state === 'none';
  const grammar = head?.state === 'read' ? head.facts.grammar : undefined;
  const level = grammar === 'cpp' || (isNew && isSamplePath(path)) ? 'warning' : 'error';
  return problemsOf(head).map(({ line, what }) =>
    findingOf({ rule: 'syntax', path, line, message: `syntax: ${what}`, text: what, level }),
  );
}
