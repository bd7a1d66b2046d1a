import { isHeld } from '../domain/verdicts.ts';
import { holdHash } from './hold-hash.ts';
import type { Approval } from './project-people.ts';
import type { RunRecord } from './run-record.ts';

/**
 * The approval that covers everything held now: one of exactly this hold, or a maintainer's of exactly this tree for
 * its protected paths, who was shown what is held beside them.
 */
export function releaseOf(record: Pick<RunRecord, 'verdicts' | 'approvals'>): Approval | undefined {
  const { verdicts, approvals } = record;
  const hash = holdHash(verdicts);
  if (hash === null) return undefined;
  const trees = new Set(verdicts.filter(isHeld).map(({ treeId }) => treeId));
  return approvals.findLast(({ wait }) => {
    if (wait.kind === 'held') return wait.hash === hash;
    return wait.kind === 'protected' && trees.size === 1 && trees.has(wait.treeId);
  });
}
