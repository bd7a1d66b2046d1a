import type { Finding, Gate, GateInput, Side, Verdict } from '../domain/gate.ts';
import type { AdvisorySource, PackageFacts, PackageSource } from '../domain/package-source.ts';
import { checkLockfiles } from './dependencies/check-lockfiles.ts';
import { isElsewhere, judgePackage, type NewDependency } from './dependencies/judge-package.ts';
import { type Declared, isManifest, packageName, readManifest } from './dependencies/read-manifests.ts';
import { counted, staticVerdict } from './static-verdict.ts';
import { verdictOf } from './verdict-of.ts';

/** More new dependencies than this are not looked up one by one. */
const lookUpsMax = 100;

interface Options {
  readonly packages: PackageSource;
  /** Null: advisories are not asked for. */
  readonly advisories: AdvisorySource | null;
  /** Hosts of the operator's registries: lockfiles may fetch from there. */
  readonly trustedHosts: () => readonly string[];
  readonly now: () => Date;
}

/**
 * New direct dependencies: they exist (counts), and are not new, alone in their kind, one letter from another, without
 * a licence that is allowed, or known to be vulnerable; lockfiles fetch from no other host and under no other hash.
 * Where no source answers the verdict is `not-checked`.
 */
export function createDependenciesGate(options: Options): Gate {
  return { name: 'dependencies', isStatic: true, judge: (input) => judge(input, options) };
}

async function judge(input: GateInput, options: Options): Promise<Verdict> {
  const started = performance.now();
  const [base, head] = await Promise.all([declared(input, 'base'), declared(input, 'head')]);
  const locks = await checkLockfiles(input, options.trustedHosts);
  const known = new Set(base.map(({ ecosystem, name }) => `${ecosystem} ${name}`));
  const own = await ownNames(input);
  const ignored = new Set(input.settings.dependencies.ignore);
  const fresh = unique(head).filter(
    ({ ecosystem, name }) => !known.has(`${ecosystem} ${name}`) && !own.has(name) && !ignored.has(name),
  );
  const touchesLock = input.changes.some(({ path }) => /lock|shrinkwrap/.test(path));
  if (fresh.length === 0 && locks.length === 0 && !touchesLock) {
    return verdictOf('dependencies', input, {
      status: 'not-run',
      blocking: false,
      summary: 'no direct dependency is new',
    });
  }
  const names = [...base, ...head].map(({ name }) => name);
  const judged = await Promise.all(
    fresh.slice(0, lookUpsMax).map((dependency) => lookUp(input, options, { dependency, names })),
  );
  const findings = [...locks, ...judged.flatMap((one) => one.findings)];
  const open = judged.filter(({ answered }) => !answered).length + Math.max(0, fresh.length - lookUpsMax);
  return conclude(input, { findings, fresh: fresh.length, open, started });
}

interface Judged {
  readonly findings: readonly Finding[];
  readonly answered: boolean;
}

async function lookUp(
  input: GateInput,
  { packages, advisories, now }: Options,
  { dependency, names }: { readonly dependency: NewDependency; readonly names: readonly string[] },
): Promise<Judged> {
  const { ecosystem, name } = dependency;
  if (isElsewhere(dependency.spec)) {
    const known = {
      facts: 'unavailable',
      advisories: [],
      names,
      settings: input.settings.dependencies,
    } as const;
    return { findings: judgePackage(dependency, { ...known, now: now() }), answered: true };
  }
  const facts = await packages.lookUp({ ecosystem, name }, input.signal);
  const version = versionOf(dependency, facts);
  const known =
    advisories && version !== null && typeof facts !== 'string'
      ? await advisories.advisories({ ecosystem, name, version }, input.signal)
      : [];
  return {
    findings: judgePackage(dependency, {
      facts,
      advisories: known === 'unavailable' ? [] : known,
      names,
      settings: input.settings.dependencies,
      now: now(),
    }),
    answered: facts !== 'unavailable' && known !== 'unavailable',
  };
}

function versionOf({ spec }: Declared, facts: PackageFacts | 'absent' | 'unavailable'): string | null {
  const exact = /^\D{0,3}(\d+(?:\.\d+)*(?:[-+.\w]*)?)$/.exec(spec.trim())?.[1];
  return exact ?? (typeof facts === 'string' ? null : facts.latest);
}

function conclude(
  input: GateInput,
  told: {
    readonly findings: readonly Finding[];
    readonly fresh: number;
    readonly open: number;
    readonly started: number;
  },
): Verdict {
  const { findings, fresh, open, started } = told;
  const unchecked = open > 0 ? `${open} of ${counted(fresh, 'new dependency')} could not be looked up` : '';
  const first = findings[0]?.message ?? '';
  const words = findings.length > 0 ? first : `${counted(fresh, 'new direct dependency')}, nothing found`;
  const verdict = staticVerdict(input, {
    gate: 'dependencies',
    method: 'registries, advisories, lockfiles',
    base: '–',
    head: `${fresh} new, ${counted(findings.length, 'finding')}`,
    findings,
    summary: [
      words.replaceAll('dependencys', 'dependencies'),
      unchecked.replaceAll('dependencys', 'dependencies'),
    ]
      .filter((part) => part !== '')
      .join('; '),
    advice: 'These dependencies must not be added as they are:',
    started,
    details: { unchecked: open },
  });
  return verdict.status === 'pass' && open > 0
    ? { ...verdict, status: 'not-checked', blocking: false }
    : verdict;
}

async function declared(input: GateInput, side: Side): Promise<readonly NewDependency[]> {
  const paths = input.changes.map(({ path }) => path).filter(isManifest);
  const read = paths.map(async (path) => {
    const text = (await input.read(side, path))?.toString('utf8') ?? '';
    return readManifest(path, text).map((dependency) => ({
      ...dependency,
      path,
      line: lineOf(text, dependency.name),
    }));
  });
  return (await Promise.all(read)).flat();
}

function lineOf(text: string, name: string): number {
  const at = text.split('\n').findIndex((line) => line.toLowerCase().includes(name.toLowerCase()));
  return Math.max(0, at) + 1;
}

/** Packages that the repository itself holds. */
async function ownNames(input: GateInput): Promise<ReadonlySet<string>> {
  const paths = (await input.list('head'))
    .filter((path) => /(?:^|\/)package\.json$/.test(path))
    .slice(0, 2_000);
  if (!input.changes.some(({ path }) => isManifest(path))) return new Set();
  const names = await Promise.all(
    paths.map(async (path) => packageName((await input.read('head', path))?.toString('utf8') ?? '')),
  );
  return new Set(names.filter((name) => name !== null));
}

function unique(list: readonly NewDependency[]): readonly NewDependency[] {
  return [...new Map(list.map((one) => [`${one.ecosystem} ${one.name}`, one])).values()];
}
