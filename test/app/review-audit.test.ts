import { describe, expect, it } from 'vitest';
import { onlyOwnBranches } from '../../src/app/audit/invariants/only-own-branches.ts';
import type { AuditedRun } from '../../src/domain/audit.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { journalOf, run, tree } from '../record/run-fixture.ts';

const chosen: JournalEvent = {
  kind: 'base.chosen',
  base: 'main',
  head: 'main',
  headTip: null,
  baseSha: 'a'.repeat(40),
  startSha: 'a'.repeat(40),
  startTree: tree,
  files: 1,
  notes: [],
};

function check(trigger: 'review' | 'fix', events: readonly JournalEvent[]): readonly string[] {
  const audited = { run: { ...run, trigger }, entries: journalOf(events) } as unknown as AuditedRun;
  return onlyOwnBranches.kind === 'run' ? onlyOwnBranches.check(audited, {} as never) : ['not a run'];
}

describe('I11 for a run that reviews', () => {
  it('allows it to look at any branch, the default branch too', () => {
    expect(check('review', [chosen])).toEqual([]);
    expect(check('fix', [chosen])).toHaveLength(1);
  });

  it('reports a branch that it wrote', () => {
    const sent = {
      kind: 'effect.sent',
      effect: 'branch.push',
      key: 'push',
      result: { outcome: 'sent', sha: 'b'.repeat(40) },
    } as const;
    expect(check('review', [chosen, sent])).toEqual(['it only reviews, and wrote a branch by branch.push']);
  });
});
