const charsMax = 120;

/** Text of others on one line of a refusal, so that it cannot end the code span that it stands in. */
export function inert(text: string): string {
  return text.replaceAll('`', "'").slice(0, charsMax);
}

/** Some of the paths as code, and how many there are besides. */
export function namedPaths(paths: readonly string[], max: number): string {
  const some = paths.slice(0, max).map((path) => `\`${inert(path)}\``);
  const more = paths.length > some.length ? ` and ${paths.length - some.length} more` : '';
  return `${some.join(', ')}${more}`;
}
