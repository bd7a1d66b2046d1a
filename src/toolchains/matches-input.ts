/** Whether a path of a tree is one that a fetch says it reads (`RepositoryCommand.reads`). */
export function matchesInput(path: string, reads: readonly string[]): boolean {
  const names = path.split('/');
  const file = names.at(-1) ?? '';
  return reads.some((entry) =>
    entry.endsWith('/') ? names.slice(0, -1).includes(entry.slice(0, -1)) : matchesName(file, entry),
  );
}

/** One star, for any characters. */
function matchesName(name: string, entry: string): boolean {
  const [start = '', end] = entry.split('*');
  if (end === undefined) return name === entry;
  return name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end);
}
