import type { Finding, GateInput } from '../../domain/gate.ts';
import { tableAt } from '../../toolchains/read-toml.ts';
import { findingOf } from '../finding-of.ts';

const lockfile =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|Pipfile\.lock|Cargo\.lock|composer\.lock|Gemfile\.lock)$/;
const lockBytesMax = 16 * 1024 * 1024;
/**
 * What a lockfile newly fetches from elsewhere, or under another hash at the same version: a reviewer reads over
 * thousands of lines, and the installer runs what they name.
 */
export async function checkLockfiles(
  input: GateInput,
  trustedHosts: () => readonly string[],
): Promise<readonly Finding[]> {
  const changed = input.changes.filter(({ path, status }) => lockfile.test(path) && status !== 'deleted');
  if (changed.length === 0) return [];
  const trusted = new Set(trustedHosts());
  const findings = changed.map(async ({ path }) => [
    ...(await foreignHosts(input, path, trusted)),
    ...(path.endsWith('.json') ? await changedHashes(input, path) : []),
  ]);
  return (await Promise.all(findings)).flat();
}

async function foreignHosts(
  input: GateInput,
  path: string,
  trusted: ReadonlySet<string>,
): Promise<readonly Finding[]> {
  const base = (await input.read('base', path, lockBytesMax))?.toString('utf8') ?? '';
  const known = new Set(addressesIn(base).map(({ host }) => host));
  // The first lockfile of a repository has nothing to differ from: its hosts are shown and block nobody.
  const level = known.size === 0 ? 'warning' : 'error';
  return input.addedLines
    .filter((added) => added.path === path)
    .flatMap(({ line, text }) =>
      addressesIn(text)
        .filter(({ host, isPlain }) => isPlain || !(known.has(host) || trusted.has(host)))
        .filter(() => isSource(text))
        .map(({ host, isPlain }) => {
          const what = isPlain
            ? `fetched from ${host} without TLS`
            : `fetched from ${host}, where nothing came from before`;
          const counts = isPlain ? 'error' : level;
          return findingOf({ rule: 'lockfile-host', path, line, message: what, text: host, level: counts });
        }),
    );
}

/** Homepages and funding addresses are fetched by nobody. */
function isSource(text: string): boolean {
  return (
    !/"(?:url|funding|homepage|bugs|support)"\s*:\s*"https:\/\/(?:www\.)?[^"]*"/.test(text) ||
    /resolved|tarball|\.tgz|\.whl|\.tar/.test(text)
  );
}

function addressesIn(text: string): readonly { readonly host: string; readonly isPlain: boolean }[] {
  return [...text.matchAll(/\b(?:git\+)?(https?|ssh|git):\/\/(?:[^/\s"'@]*@)?([\w.-]+(?::\d+)?)/g)].map(
    (match) => ({
      host: (match[2] ?? '').toLowerCase(),
      isPlain: match[1] === 'http' || match[1] === 'git',
    }),
  );
}

/** Same package, same version, other hash: a published version does not change. */
async function changedHashes(input: GateInput, path: string): Promise<readonly Finding[]> {
  const [base, head] = await Promise.all([entriesOf(input, 'base', path), entriesOf(input, 'head', path)]);
  return [...head].flatMap(([key, { version, integrity, resolved }]) => {
    const before = base.get(key);
    const isChanged = before?.version === version && differ(before.integrity, integrity);
    const isBare = before === undefined && integrity === '' && /^https?:/.test(resolved);
    if (!isChanged && !isBare) return [];
    const message = isChanged
      ? `${key} ${version} has another hash than before although its version is the same`
      : `${key} ${version} is fetched without a hash`;
    return findingOf({ rule: 'lockfile-hash', path, line: 1, message, text: `${key} ${version}` });
  });
}

/** Of the same kind and not the same: SHA-512 beside SHA-1 says nothing about each other. */
function differ(before: string, after: string): boolean {
  const [old, now] = [before, after].map(
    (text) => new Map(text.split(/\s+/).map((one) => [one.split('-')[0], one])),
  );
  return [...(now ?? [])].some(([kind, one]) => {
    const other = old?.get(kind);
    return other !== undefined && other !== '' && other !== one;
  });
}

interface LockEntry {
  readonly version: string;
  readonly integrity: string;
  readonly resolved: string;
}

async function entriesOf(
  input: GateInput,
  side: 'base' | 'head',
  path: string,
): Promise<ReadonlyMap<string, LockEntry>> {
  const text = (await input.read(side, path, lockBytesMax))?.toString('utf8') ?? '{}';
  const packages = tableAt(parseJson(text), 'packages') ?? {};
  return new Map(
    Object.keys(packages).map((key) => {
      const entry = tableAt(packages, key) ?? {};
      const field = (name: string): string => (typeof entry[name] === 'string' ? entry[name] : '');
      return [key, { version: field('version'), integrity: field('integrity'), resolved: field('resolved') }];
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
