import type { Finding } from '../../domain/gate.ts';
import type { GateSettings } from '../../domain/gate-settings.ts';
import type { Advisory, PackageFacts } from '../../domain/package-source.ts';
import { findingOf } from '../finding-of.ts';
import { nearName } from './near-names.ts';
import type { Declared } from './read-manifests.ts';

export interface NewDependency extends Declared {
  readonly path: string;
  readonly line: number;
}

interface Known {
  readonly facts: PackageFacts | 'absent' | 'unavailable';
  readonly advisories: readonly Advisory[];
  /** Of all dependencies, to see what this one may be taken for. */
  readonly names: readonly string[];
  readonly settings: GateSettings['dependencies'];
  readonly now: Date;
}

type Problem = Pick<Finding, 'rule' | 'message'> & { readonly level?: Finding['level'] };

const dayMs = 24 * 60 * 60 * 1_000;

/** What speaks against one new dependency; only that it does not exist, or is known to be unsafe, counts. */
export function judgePackage(dependency: NewDependency, known: Known): readonly Finding[] {
  const { path, line, name, ecosystem } = dependency;
  const problems = isElsewhere(dependency.spec)
    ? [elsewhere(dependency)]
    : [...existence(dependency, known), ...nameProblem(dependency, known)];
  return problems.map((problem) =>
    findingOf({ level: 'warning', ...problem, path, line, text: `${ecosystem} ${name}` }),
  );
}

/** From a repository, an address or a directory: no registry knows it, and nobody vouches for it. */
export function isElsewhere(spec: string): boolean {
  return /^(?:git(?:\+\w+)?|https?|github|gitlab|bitbucket|file|link|portal|workspace|catalog):|^[\w-]+\/[\w.-]+(?:#|$)|@\s*(?:git\+|https?:)/.test(
    spec,
  );
}

function elsewhere({ name, spec }: NewDependency): Problem {
  const isOwn = /^(?:file|link|portal|workspace|catalog):/.test(spec);
  return isOwn
    ? {
        rule: 'dependency-local',
        message: `\`${name}\` is taken from this repository (${spec.slice(0, 80)})`,
      }
    : {
        rule: 'dependency-elsewhere',
        message: `\`${name}\` comes from outside the registries: ${spec.slice(0, 100)}`,
      };
}

function existence({ name, ecosystem }: NewDependency, known: Known): readonly Problem[] {
  const { facts } = known;
  if (facts === 'unavailable') return [];
  if (facts === 'absent') {
    const message = `\`${name}\` does not exist on ${ecosystem}: anybody could publish it tomorrow`;
    return [{ rule: 'dependency-absent', message, level: 'error' }];
  }
  return [...ageProblems(name, facts, known), ...licenceProblem(name, facts, known), ...unsafe(name, known)];
}

function ageProblems(name: string, facts: PackageFacts, { settings, now }: Known): readonly Problem[] {
  const problems: Problem[] = [];
  const ageDays = facts.firstPublishedAt
    ? (now.getTime() - facts.firstPublishedAt.getTime()) / dayMs
    : Infinity;
  if (ageDays < settings.minAgeDays) {
    problems.push({
      rule: 'dependency-young',
      message: `\`${name}\` was first published ${Math.floor(ageDays)} days ago`,
    });
  }
  if (facts.versions === 1)
    problems.push({ rule: 'dependency-single', message: `\`${name}\` has one version only` });
  if (facts.hasInstallScript === true) {
    problems.push({ rule: 'dependency-script', message: `\`${name}\` runs a script when it is installed` });
  }
  return problems;
}

function licenceProblem(name: string, { licence }: PackageFacts, { settings }: Known): readonly Problem[] {
  if (licence === null || settings.licences.length === 0 || isAllowed(licence, settings.licences)) return [];
  return [{ rule: 'dependency-licence', message: `the licence of \`${name}\` is ${licence.slice(0, 80)}` }];
}

/** `A OR B` needs one of them, `A AND B` both. https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/ */
export function isAllowed(expression: string, allowed: readonly string[]): boolean {
  const names = new Set(allowed.map((name) => name.toLowerCase()));
  const plain = expression
    .replace(/[()]/g, ' ')
    .replace(/\s+WITH\s+\S+/gi, '')
    .trim();
  return plain
    .split(/\s+OR\s+|\//i)
    .some((choice) => choice.split(/\s+AND\s+/i).every((name) => names.has(name.trim().toLowerCase())));
}

function unsafe(name: string, { advisories }: Known): readonly Problem[] {
  return advisories.map(({ id, severity, summary }) => ({
    rule: `advisory-${id}`,
    message: `\`${name}\`: ${id} (${severity}) ${summary.slice(0, 120)}`,
    level: severity === 'critical' || severity === 'high' ? 'error' : 'warning',
  }));
}

function nameProblem({ ecosystem, name }: NewDependency, { names }: Known): readonly Problem[] {
  const near = nearName(
    ecosystem,
    name,
    names.filter((other) => other !== name),
  );
  if (near === null) return [];
  return [{ rule: 'dependency-name', message: `\`${name}\` is easily taken for \`${near}\`` }];
}
