import type { Finding, Gate, GateInput, Verdict } from '../domain/gate.ts';
import type { FactsReader } from './facts/facts-reader.ts';
import { findingOf } from './finding-of.ts';
import { isSamplePath, isSourcePath, isTestPath } from './source-paths.ts';
import { counted, notRun, readSides, staticVerdict } from './static-verdict.ts';

/** New public symbols of the changed files have a doc comment. What was there before is not asked for. */
export function createDocsGate(options: { readonly facts: FactsReader }): Gate {
  return { name: 'docs', isStatic: true, judge: (input) => judge(input, options.facts) };
}

async function judge(input: GateInput, reader: FactsReader): Promise<Verdict> {
  const started = performance.now();
  const isJudged = (path: string): boolean => isSourcePath(path) && !isTestPath(path) && !isSamplePath(path);
  const changed = input.changes.map(({ path }) => path).filter(isJudged);
  const { head, base, error } = await readSides('docs', { input, reader }, changed);
  if (error) return error;
  // A symbol that moved between changed files is not new.
  const known = new Set(
    [...base.values()]
      .flatMap((reading) => (reading.state === 'read' ? reading.facts.symbols : []))
      .map(({ name }) => name),
  );
  const fresh = [...head].flatMap(([path, reading]) =>
    reading.state === 'read'
      ? reading.facts.symbols.filter(({ name }) => !known.has(name)).map((symbol) => ({ ...symbol, path }))
      : [],
  );
  if (fresh.length === 0) return notRun('docs', input, 'no public symbol is new');
  const findings = fresh
    .filter(({ documented }) => !documented)
    .map(({ path, line, kind, name }): Finding => {
      const message = `the public ${kind} \`${name}\` has no doc comment`;
      return findingOf({ rule: 'doc-comment', path, line, message, text: name });
    });
  return staticVerdict(input, {
    gate: 'docs',
    method: 'doc comments (new public symbols)',
    base: 'not asked for',
    head: `${fresh.length - findings.length} of ${fresh.length} documented`,
    findings,
    summary: `${fresh.length - findings.length} of ${counted(fresh.length, 'new public symbol')} have a doc comment`,
    advice: 'Say in a comment above each of these what it is for:',
    started,
  });
}
