import type { RunId } from '../../domain/ids.ts';
import type { AuditScope, Invariant } from './invariant.ts';
import { invariants } from './invariants.ts';

export interface Violation {
  readonly invariant: Invariant['id'];
  /** Null where it is not one run's. */
  readonly run: RunId | null;
  readonly what: string;
}

/** What became of one invariant. */
export interface InvariantReport {
  readonly id: Invariant['id'];
  readonly title: string;
  readonly state: 'holds' | 'violated' | 'not checked here';
  /** What is needed to check it, or what of it data cannot show; empty when it was checked whole. */
  readonly why: string;
}

export interface AuditReport {
  readonly runs: number;
  readonly invariants: readonly InvariantReport[];
  readonly violations: readonly Violation[];
}

/** Checks every invariant that data can show, on the runs created after `since` (null: all). Writes nothing. */
export async function runAudit(scope: AuditScope, since: Date | null): Promise<AuditReport> {
  const violations: Violation[] = [];
  const ids = await scope.reads.runIds(since);
  for (const id of ids) violations.push(...(await auditRun(scope, id)));
  const unchecked = new Map<string, string>();
  for (const invariant of invariants) {
    if (invariant.kind !== 'whole') continue;
    const found = await invariant.check(scope);
    if (found === null) unchecked.set(invariant.id, `only where ${invariant.needs}`);
    else violations.push(...found.map((what) => ({ invariant: invariant.id, run: null, what })));
  }
  return { runs: ids.length, violations, invariants: reportsOf(violations, unchecked) };
}

/** One run at a time: a journal can have megabytes. */
async function auditRun({ reads, limits }: AuditScope, id: RunId): Promise<readonly Violation[]> {
  const audited = await reads.run(id);
  if (!audited) return [];
  return invariants.flatMap((invariant) =>
    invariant.kind === 'run'
      ? invariant.check(audited, limits).map((what) => ({ invariant: invariant.id, run: id, what }))
      : [],
  );
}

function reportsOf(
  violations: readonly Violation[],
  unchecked: ReadonlyMap<string, string>,
): readonly InvariantReport[] {
  const violated = new Set(violations.map(({ invariant }) => invariant));
  return invariants.map(({ id, title, partly = '' }) => {
    const why = unchecked.get(id);
    if (why !== undefined) return { id, title, state: 'not checked here', why };
    const limits = partly === '' ? '' : `partly: ${partly}`;
    return { id, title, state: violated.has(id) ? 'violated' : 'holds', why: limits };
  });
}
