import type { Candidate, Exercise } from './exercise.ts';
import { makeCheats, startOf } from './make-cheats.ts';

/**
 * What is judged of one exercise. References: as a fix of the stub, and together with its tests where there were none.
 * Stubs: touched and no better, and as a regression of the reference. Mutants: the reference with one small fault.
 */
export async function makeCandidates(
  exercise: Exercise,
  options: { readonly mutantsMax: number; readonly withRegression: boolean },
): Promise<readonly Candidate[]> {
  const start = startOf(exercise);
  const { source, testPath, reference, stub } = exercise;
  const comment = exercise.language === 'python' ? '\n# done\n' : '\n// done\n';
  const solved = { ...start, [source]: reference };
  const untested = Object.fromEntries(Object.entries(start).filter(([path]) => path !== testPath));
  const regression: Candidate = {
    kind: 'stub',
    name: 'stub as a regression',
    base: solved,
    head: { ...start, [source]: stub },
  };
  return [
    { kind: 'reference', name: 'reference', base: start, head: solved },
    { kind: 'reference', name: 'reference with its tests', base: untested, head: solved },
    { kind: 'stub', name: 'stub', base: start, head: { ...start, [source]: stub + comment } },
    ...(options.withRegression ? [regression] : []),
    ...mutate(reference, options.mutantsMax).map(
      (mutant, index): Candidate => ({
        kind: 'mutant',
        name: `mutant ${index + 1}`,
        base: start,
        head: { ...start, [source]: mutant },
      }),
    ),
    ...(await makeCheats(exercise)),
  ];
}

const operators: readonly (readonly [RegExp, string])[] = [
  [/ === /, ' !== '],
  [/ == /, ' != '],
  [/ < /, ' >= '],
  [/ > /, ' <= '],
  [/ <= /, ' > '],
  [/ >= /, ' < '],
  [/ \+ /, ' - '],
  [/ - /, ' + '],
  [/ \* /, ' + '],
  [/ % /, ' * '],
  [/ && /, ' || '],
  [/ and /, ' or '],
  [/\b1\b/, '2'],
  [/\b0\b/, '1'],
  [/\breturn (?=\S)(?!None|undefined)/, 'return !'],
];

/** One small fault each, spread over the places where one is possible. Whether the tests see it is found out by running them. */
function mutate(reference: string, max: number): readonly string[] {
  const mutants: string[] = [];
  for (const [pattern, replacement] of operators) {
    const global = new RegExp(pattern.source, 'g');
    const places = [...reference.matchAll(global)].filter(({ index }) => !isComment(reference, index));
    const place = places[Math.floor(places.length / 2)];
    if (!place) continue;
    const text =
      replacement === 'return !' && !reference.includes('=>') && /\bdef /.test(reference)
        ? 'return not '
        : replacement;
    mutants.push(reference.slice(0, place.index) + text + reference.slice(place.index + place[0].length));
  }
  const step = Math.max(1, Math.floor(mutants.length / Math.max(1, max)));
  return mutants.filter((_, index) => index % step === 0).slice(0, max);
}

function isComment(text: string, index: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', index) + 1, index);
  return /(?:^|\s)(?:\/\/|#|\*)/.test(line);
}
