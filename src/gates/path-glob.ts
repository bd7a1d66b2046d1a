/**
 * Whether a path matches a pattern of `*` (within a name), `?` and `**` (any number of directories). As in
 * `.gitignore`, a pattern without a slash matches at any depth, a slash at the end means everything below, and case
 * does not count: a file that some systems see under a protected name is protected. No backtracking over the whole
 * path, so that no pattern can take long.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  let glob = pattern.toLowerCase();
  if (glob.endsWith('/')) glob = `${glob}**`;
  const anchored = glob.replace(/\/$/, '').includes('/');
  const parts = glob.replace(/^\//, '').split('/');
  return matchParts(anchored ? parts : ['**', ...parts], path.toLowerCase().split('/'));
}

/** Row by row: which beginnings of the path the patterns so far match. */
function matchParts(globs: readonly string[], names: readonly string[]): boolean {
  let reached = names.map(() => false);
  let atStart = true;
  for (const glob of globs) {
    const next = names.map((name, index) => {
      const before = index === 0 ? atStart : (reached[index - 1] ?? false);
      if (glob !== '**') return before && matchesName(glob, name);
      return before || (reached[index] ?? false);
    });
    if (glob === '**') {
      // Any number of directories, also none.
      for (let index = 1; index < next.length; index++) next[index] ||= next[index - 1] ?? false;
    } else {
      atStart = false;
    }
    reached = next;
  }
  return reached.at(-1) ?? false;
}

/** `*` and `?` within one name, in linear space and at most quadratic time. */
function matchesName(glob: string, name: string): boolean {
  let g = 0;
  let n = 0;
  let star = -1;
  let mark = 0;
  while (n < name.length) {
    if (glob[g] === '?' || (glob[g] === name[n] && glob[g] !== '*')) {
      g += 1;
      n += 1;
    } else if (glob[g] === '*') {
      star = g;
      g += 1;
      mark = n;
    } else if (star >= 0) {
      g = star + 1;
      mark += 1;
      n = mark;
    } else return false;
  }
  while (glob[g] === '*') g += 1;
  return g === glob.length;
}
