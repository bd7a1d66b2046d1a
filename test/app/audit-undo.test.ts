import { describe, expect, it } from 'vitest';
import { effectsAreExplained } from '../../src/app/audit/invariants/effects-are-explained.ts';
import { publishedTreeWasJudged } from '../../src/app/audit/invariants/published-tree-was-judged.ts';
import type { AuditedRun } from '../../src/domain/audit.ts';
import type { TreeId } from '../../src/domain/ids.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { journalOf, run } from '../record/run-fixture.ts';

const tree = (digit: string): TreeId => digit.repeat(40) as TreeId;
const planned = (treeId: TreeId | null): JournalEvent => ({
  kind: 'undo.planned',
  pull: 8,
  commits: [],
  treeId,
  problem: '',
});
const made: JournalEvent = { kind: 'commit.made', commit: 'c'.repeat(40), treeId: tree('a'), files: [] };
const problems = (...events: readonly JournalEvent[]): readonly string[] => {
  if (publishedTreeWasJudged.kind !== 'run') throw new Error('it looks at runs');
  const audited = { run, entries: journalOf(events) } as unknown as AuditedRun;
  return publishedTreeWasJudged.check(audited, { budgetUsd: 1, tokensMax: 1, deadlineMs: 1 });
};

describe('the auditor, of a run that takes back', () => {
  it('wants the plan of it in the journal, and none of work', () => {
    if (effectsAreExplained.kind !== 'run') throw new Error('it looks at runs');
    const pushed: JournalEvent = {
      kind: 'effect.sent',
      effect: 'commit.publish',
      key: 'commit',
      result: { outcome: 'sent', sha: 'c'.repeat(40) },
    };
    const audited = { run: { ...run, trigger: 'undo' }, entries: journalOf([pushed]), effects: [] };
    const found = effectsAreExplained.check(audited as unknown as AuditedRun, {
      budgetUsd: 1,
      tokensMax: 1,
      deadlineMs: 1,
    });
    expect(found).toContain('it pushed, and its journal lacks undo.planned');
    expect(found.join()).not.toContain('plan.made');
  });

  it('wants exactly the tree that taking back came to, without a gate', () => {
    expect(problems(planned(tree('a')), made)).toEqual([]);
    expect(problems(planned(tree('b')), made)).toEqual([`taking back came to ${tree('b')}`]);
    expect(problems(planned(null), made)).toEqual(['taking back came to nothing']);
    expect(problems(made)).toEqual([`commit ${'c'.repeat(40)} was made and no gate judged it`]);
  });
});
