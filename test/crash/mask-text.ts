/** What may differ between two runs of the same scenario, and what stands in its place. Nothing else may. */
const masked: readonly (readonly [RegExp, string])[] = [
  [/\b[0-7][0-9a-hjkmnp-tv-z]{25}\b/g, 'RUN'],
  [/http:\/\/127\.0\.0\.1:\d+/g, 'HUB'],
  [/\d+(?:\.\d+)? ?(?:ms|s|min|h)\b(?: \d+ ?s\b)?/g, 'TIME'],
  [/"durationMs": \d+/g, '"durationMs": TIME'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT'],
  // Every bot of the suite has a key of its own to sign evidence with.
  [/key `[0-9a-f]{16}`/g, 'key `KEY`'],
];

/**
 * Ids of commits are masked too, whole or shortened: a commit's time is when the work on it ended. Ids of trees are
 * not: two runs must agree on every byte that is published. `commits`: and the hashes of what names some of them.
 */
export function maskText(text: string, commits: readonly string[]): string {
  const known = masked.reduce((rest, [pattern, word]) => rest.replaceAll(pattern, word), text);
  return known.replaceAll(/\b[0-9a-f]{7,64}\b/g, (id) =>
    commits.some((commit) => commit.startsWith(id)) ? 'COMMIT' : id,
  );
}
