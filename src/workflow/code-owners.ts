/** People and teams that a CODEOWNERS file names. */
export interface CodeOwners {
  readonly users: readonly string[];
  /** Slugs, without the organization. */
  readonly teams: readonly string[];
}

interface Rule {
  readonly matches: RegExp;
  readonly owners: readonly string[];
}

/** Where GitHub looks, in its order; the first one counts. */
export const codeOwnersPaths = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

const linesMax = 5_000;

/**
 * The owners of the given paths: of each path the last rule that matches counts, as in
 * https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 * E-mail addresses are left out: reviews are asked of accounts.
 */
export function ownersOf(text: string, paths: readonly string[]): CodeOwners {
  const rules = text.split('\n').slice(0, linesMax).flatMap(parseRule);
  const names = new Set(
    paths.flatMap((path) => rules.findLast(({ matches }) => matches.test(path))?.owners ?? []),
  );
  const handles = [...names]
    .filter((name) => /^@[\w-]+(\/[\w.-]+)?$/.test(name))
    .map((name) => name.slice(1));
  return {
    users: handles.filter((name) => !name.includes('/')).toSorted(),
    teams: handles.flatMap((name) => (name.includes('/') ? [name.split('/')[1] ?? ''] : [])).toSorted(),
  };
}

function parseRule(line: string): readonly Rule[] {
  const [pattern, ...owners] = line
    .replace(/(^|\s)#.*$/, '')
    .trim()
    .split(/\s+/);
  // GitHub itself skips negations and character ranges.
  if (!pattern || /^!|[[\]]/.test(pattern) || pattern.length > 300) return [];
  return [{ matches: toRegExp(pattern), owners }];
}

/** A pattern of CODEOWNERS: like `.gitignore`, but `docs/*` does not reach deeper. */
function toRegExp(pattern: string): RegExp {
  const anchored = pattern.slice(0, -1).includes('/');
  const body = pattern.replace(/^\//, '').replace(/\/$/, '');
  const source = body
    .split('/')
    .map((part) => (part === '**' ? '**' : segment(part)))
    .join('/')
    .replaceAll('**/', '(?:[^/]+/)*')
    .replaceAll('/**', '(?:/.*)?')
    .replaceAll('**', '.*');
  // A directory owns what is in it; a last segment with a wildcard matches files right there only.
  const last = body.split('/').at(-1) ?? '';
  const inside = pattern.endsWith('/') ? '/.*' : anchored && last.includes('*') ? '' : '(?:/.*)?';
  return new RegExp(`^${anchored ? '' : '(?:.*/)?'}${source}${inside}$`);
}

function segment(text: string): string {
  return text
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
}
