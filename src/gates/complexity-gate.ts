import type { Finding, Gate, GateInput, Verdict } from '../domain/gate.ts';
import type { GateSettings } from '../domain/gate-settings.ts';
import type { FactsReader, Reading } from './facts/facts-reader.ts';
import type { FileFacts, FunctionFacts } from './facts/file-facts.ts';
import { findingOf } from './finding-of.ts';
import { isSourcePath, isTestPath } from './source-paths.ts';
import { addedByPath, counted, leftOut, notRun, readSides, staticVerdict } from './static-verdict.ts';

type Readings = ReadonlyMap<string, Reading<FileFacts>>;

/** Fewer functions than this have no average worth comparing. */
const functionsForAverage = 20;

/**
 * A fix in a function that was too complex before often adds a condition; one with two parts is two decisions. Of 300
 * merged commits of five public libraries these were 12 of the 27 that were blocked when every growth counted.
 */
const toleratedDecisions = 2;

/**
 * Cyclomatic complexity of the functions that the change touches: counts when one goes above the limit. One that was
 * above it before counts when it grows by more than two decisions and more than the regression limit; less is
 * pointed out. The average of the changed files may not grow by more than the regression limit either, once it is
 * above half of what one function may have: from 1.5 to 1.6 is no harm.
 */
export function createComplexityGate(options: { readonly facts: FactsReader }): Gate {
  return { name: 'complexity', isStatic: true, judge: (input) => judge(input, options.facts) };
}

async function judge(input: GateInput, reader: FactsReader): Promise<Verdict> {
  const started = performance.now();
  const changed = input.changes
    .map(({ path }) => path)
    .filter((path) => isSourcePath(path) && !isTestPath(path));
  const { head, base, error } = await readSides('complexity', { input, reader }, changed);
  if (error) return error;
  const touched = touchedFunctions(input, head);
  if (touched.length === 0) return notRun('complexity', input, 'the change touches no function');
  const { max } = input.settings.complexity;
  const findings = [
    ...tooComplex(touched, functionsOf(base), input.settings),
    ...regression(input, base, head),
  ];
  const highest = Math.max(...touched.map(({ complexity }) => complexity));
  const highestBefore = Math.max(0, ...functionsOf(base).map(({ complexity }) => complexity));
  return staticVerdict(input, {
    gate: 'complexity',
    method: 'cyclomatic complexity (touched functions)',
    base: `highest of these files ${highestBefore}`,
    head: `highest ${highest} of ${counted(touched.length, 'function')}`,
    findings,
    summary:
      findings.length > 0
        ? (findings[0]?.message ?? '')
        : `${counted(touched.length, 'touched function')}, the highest complexity is ${highest}${leftOut(head)}`,
    advice: `Simplify these functions; at most ${max} is allowed where the change made it worse:`,
    started,
  });
}

interface Touched extends FunctionFacts {
  readonly path: string;
}

function touchedFunctions(input: GateInput, head: Readings): readonly Touched[] {
  const added = addedByPath(input);
  return [...head].flatMap(([path, reading]) => {
    if (reading.state !== 'read') return [];
    const lines = [...(added.get(path) ?? [])];
    return reading.facts.functions
      .filter(({ line, endLine }) => lines.some((at) => at >= line && at <= endLine))
      .map((found) => ({ ...found, path }));
  });
}

function functionsOf(readings: Readings): readonly Touched[] {
  return [...readings].flatMap(([path, reading]) =>
    reading.state === 'read' ? reading.facts.functions.map((found) => ({ ...found, path })) : [],
  );
}

/** On base it is the one of that name in the file, else one of equal text or that name in a changed file: it moved. */
function tooComplex(
  touched: readonly Touched[],
  base: readonly Touched[],
  settings: GateSettings,
): readonly Finding[] {
  const { max } = settings.complexity;
  return touched
    .filter(({ complexity }) => complexity > max)
    .flatMap((found) => {
      const here = base.filter(({ path, name }) => path === found.path && name === found.name);
      const moved = base.filter(
        ({ hash, name }) => hash === found.hash || lastName(name) === lastName(found.name),
      );
      const known = here.length > 0 ? here : moved;
      const before = Math.max(0, ...known.map(({ complexity }) => complexity));
      if (found.complexity <= before) return [];
      const was = before > 0 ? `${before} on base` : 'new';
      const message = `\`${found.name}\` has a complexity of ${found.complexity} (${was}; at most ${max})`;
      const place = { rule: 'complexity', path: found.path, line: found.line, message, text: found.name };
      const level = isTolerated(found.complexity, before, settings) ? 'warning' : 'error';
      return findingOf({ ...place, level });
    });
}

function isTolerated(complexity: number, before: number, settings: GateSettings): boolean {
  if (before <= settings.complexity.max) return false;
  const grown = complexity - before;
  return grown <= toleratedDecisions || (grown * 100) / before <= settings.regression.maxPercent;
}

function lastName(name: string): string {
  return name.split('.').at(-1) ?? name;
}

function regression(input: GateInput, base: Readings, head: Readings): readonly Finding[] {
  const [before, after] = [functionsOf(base), functionsOf(head)];
  if (before.length < functionsForAverage || after.length < functionsForAverage) return [];
  const { maxPercent } = input.settings.regression;
  const [was, is] = [average(before), average(after)];
  const grown = ((is - was) / was) * 100;
  if (grown <= maxPercent || is <= input.settings.complexity.max / 2) return [];
  const path = after[0]?.path ?? '';
  const message = `the average complexity of the changed files grew by ${grown.toFixed(1)} % (${was.toFixed(2)} to ${is.toFixed(2)}; at most ${maxPercent} %)`;
  return [findingOf({ rule: 'complexity-regression', path, line: 1, message, text: 'average' })];
}

function average(functions: readonly FunctionFacts[]): number {
  return functions.reduce((sum, { complexity }) => sum + complexity, 0) / functions.length;
}
