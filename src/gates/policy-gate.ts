import { matchesGlob } from 'node:path';
import type { Finding, Gate, GateInput, Verdict } from '../domain/gate.ts';
import type { FactsReader, Reading } from './facts/facts-reader.ts';
import type { WorkflowFacts } from './facts/read-workflow.ts';
import { findingOf, newFindings } from './finding-of.ts';
import { counted, presentPaths, staticVerdict, unreadable } from './static-verdict.ts';
import { verdictOf } from './verdict-of.ts';

/** Each of these steers what runs with the repository's rights, or what this bot may do. */
const alwaysProtected = ['.github/**', '**/CODEOWNERS', '.gitlab-ci.yml', '.circleci/**', 'Jenkinsfile'];
const workflow = /^\.github\/(?:workflows\/[^/]+|actions\/(?:[^/]+\/)*action)\.ya?ml$|(?:^|\/)action\.ya?ml$/;

/**
 * Changes of protected paths, and what workflows newly let strangers do: actions that are not pinned, code of a pull
 * request checked out where secrets are, every permission, strangers' texts in scripts.
 */
export function createPolicyGate(options: { readonly facts: FactsReader }): Gate {
  return { name: 'policy', isStatic: true, judge: (input) => judge(input, options.facts) };
}

async function judge(input: GateInput, reader: FactsReader): Promise<Verdict> {
  const started = performance.now();
  if (input.changes.length === 0) {
    return verdictOf('policy', input, { status: 'not-run', blocking: false, summary: 'nothing was changed' });
  }
  const globs = [...alwaysProtected, ...input.settings.policy.protectedPaths];
  const isProtected = (path: string): boolean => globs.some((glob) => matchesGlob(path, glob));
  const touched = input.changes.filter(({ path }) => isProtected(path));
  const workflows = presentPaths(input).filter((path) => workflow.test(path));
  const head = await reader.workflows(input, 'head', workflows);
  const base = await reader.workflows(input, 'base', workflows);
  const error = unreadable('policy', input, new Map([...base, ...head]));
  if (error) return error;
  const findings = [
    ...touched.map(({ path, status }) =>
      findingOf({
        rule: 'protected-path',
        path,
        line: 1,
        message: `${status}: this path steers what runs with the repository's rights`,
        text: contentOf(head.get(path), status),
      }),
    ),
    ...newFindings(findingsOf(head), findingsOf(base)),
  ];
  const rules = findings.filter(({ rule }) => rule !== 'protected-path').length;
  return staticVerdict(input, {
    gate: 'policy',
    method: `protected paths; workflow rules (${counted(workflows.length, 'workflow')})`,
    base: counted(findingsOf(base).length, 'finding'),
    head: counted(findingsOf(head).length, 'finding'),
    findings,
    summary:
      findings.length > 0
        ? `${counted(touched.length, 'protected path')} changed, ${counted(rules, 'new finding')} in workflows`
        : `no protected path among ${counted(input.changes.length, 'changed file')}`,
    advice: 'Leave these as they were unless the issue asks for them:',
    started,
  });
}

function contentOf(reading: Reading<WorkflowFacts> | undefined, status: string): string {
  return reading?.state === 'read'
    ? JSON.stringify([status, reading.facts.problems.map(({ text }) => text)])
    : status;
}

function findingsOf(readings: ReadonlyMap<string, Reading<WorkflowFacts>>): readonly Finding[] {
  return [...readings].flatMap(([path, reading]) =>
    reading.state === 'read'
      ? reading.facts.problems.map(({ rule, line, what, level, text }) =>
          findingOf({ rule, path, line, message: what, level, text }),
        )
      : [],
  );
}
