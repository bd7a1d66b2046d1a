import { whyByPath } from '../gates/find-protected.ts';

/** What a plan's risk is judged by. No model has a say in it. */
export interface PlanFacts {
  /** Everything that the plan says. */
  readonly text: string;
  readonly steps: number;
  readonly baseFiles: readonly string[];
  /** Protected globs of the repository's configuration. */
  readonly configured: readonly string[];
  /** Earlier runs on the same issue or pull request that came to nothing. */
  readonly failuresHere: number;
  /** Earlier runs of the repository that came to nothing and meant to change the same directories. */
  readonly failuresNear: number;
}

/** The sum of what speaks for looking at a plan first, and each part of it in words. */
export interface PlanRisk {
  readonly score: number;
  readonly high: boolean;
  readonly reasons: readonly string[];
}

const highFrom = 4;
const sensitive =
  /(^|[/._-])(auth|oauth|login|session|crypto|security|permissions?|payments?|billing|migrations?|secrets?|tokens?|deploy|infra)([/._-]|$)/i;
const manifests =
  /(^|\/)(package\.json|pyproject\.toml|requirements[^/]*\.txt|go\.mod|Cargo\.toml|Gemfile|composer\.json|pom\.xml|build\.gradle(\.kts)?)$/i;

/** Scores a plan by rules: which files it names, how large it is, what went wrong here before. */
export function scorePlan(facts: PlanFacts): PlanRisk {
  const named = namedFiles(facts.text, facts.baseFiles);
  const parts = [...pathParts(facts, named), ...sizeParts(facts.steps, named.length), ...pastParts(facts)];
  const score = parts.reduce((sum, { points }) => sum + points, 0);
  return {
    score,
    high: score >= highFrom,
    reasons: parts.map(({ points, words }) => `${words} (+${points})`),
  };
}

/** Paths in the text: files that exist, and what looks like one that will. At most 100. */
export function namedFiles(text: string, baseFiles: readonly string[]): readonly string[] {
  const known = new Set(baseFiles);
  const words = text.split(/[^\w.@/-]+/).filter(({ length }) => length <= 400);
  const paths = words.map((word) => word.replace(/^\.?\//, '').replace(/[./]+$/, ''));
  return [...new Set(paths.filter((path) => known.has(path) || path.includes('/')))].slice(0, 100);
}

interface Part {
  readonly points: number;
  readonly words: string;
}

function pathParts({ configured }: PlanFacts, named: readonly string[]): readonly Part[] {
  const held = named.flatMap((path) => {
    const why = whyByPath(path, configured);
    return why === undefined ? [] : [{ points: 4, words: `names ${path}, which ${why}` }];
  });
  const delicate = named.filter((path) => sensitive.test(path)).slice(0, 3);
  return [
    ...held.slice(0, 3),
    ...delicate.map((path) => ({ points: 2, words: `names ${path}, a delicate part of a system` })),
    ...(named.some((path) => manifests.test(path))
      ? [{ points: 2, words: 'names a manifest of dependencies' }]
      : []),
  ];
}

function sizeParts(steps: number, files: number): readonly Part[] {
  return [
    ...(steps > 12 ? [{ points: 4, words: `has ${steps} steps` }] : []),
    ...(steps > 7 && steps <= 12 ? [{ points: 2, words: `has ${steps} steps` }] : []),
    ...(files > 15 ? [{ points: 4, words: `names ${files} files` }] : []),
    ...(files > 8 && files <= 15 ? [{ points: 2, words: `names ${files} files` }] : []),
  ];
}

function pastParts({ failuresHere, failuresNear }: PlanFacts): readonly Part[] {
  const times = (count: number): string => (count === 1 ? 'one earlier run' : `${count} earlier runs`);
  return [
    ...(failuresHere > 0
      ? [
          {
            points: Math.min(4, 2 * failuresHere),
            words: `${times(failuresHere)} on the same thread came to nothing`,
          },
        ]
      : []),
    ...(failuresNear > 0
      ? [
          {
            points: Math.min(2, failuresNear),
            words: `${times(failuresNear)} in the same directories came to nothing`,
          },
        ]
      : []),
  ];
}
