import { describe, expect, it } from 'vitest';
import { fastForwardOnly } from '../../src/app/audit/invariants/fast-forward-only.ts';
import { publishedTreeWasJudged } from '../../src/app/audit/invariants/published-tree-was-judged.ts';
import { spendIsCapped } from '../../src/app/audit/invariants/spend-is-capped.ts';
import type { AuditedRun } from '../../src/domain/audit.ts';
import type { TreeId } from '../../src/domain/ids.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { Role } from '../../src/domain/repository.ts';
import { journalOf, verdicts } from '../record/run-fixture.ts';

const limits = { budgetUsd: 1, raisedUsd: 10, tokensMax: 1_000_000, deadlineMs: 1 };
const base = {
  kind: 'base.chosen',
  head: 'agent/7',
  headTip: null,
  startSha: 'start',
} as unknown as JournalEvent;

function check(
  invariant: typeof fastForwardOnly,
  events: readonly JournalEvent[],
  usd = 0,
): readonly string[] {
  if (invariant.kind !== 'run') throw new Error('of the whole database');
  const total = { usd, tokens: 1 };
  const audited = {
    entries: journalOf(events),
    spend: { total, rows: total, largest: { usd: 0, tokens: 0 } },
  };
  return invariant.check(audited as unknown as AuditedRun, limits);
}

const judged = (round: number, tree: string): JournalEvent => ({
  kind: 'gate.judged',
  round,
  verdict: { ...verdicts.tests, treeId: tree as TreeId },
});
const made = (commit: string, parent: string, tree: string): JournalEvent => ({
  kind: 'commit.made',
  commit,
  parent,
  treeId: tree as TreeId,
  files: [],
});
const sent = (key: string, sha: string, from: string | null, tree: string): JournalEvent => ({
  kind: 'effect.sent',
  effect: 'commit.publish',
  key,
  result: { outcome: 'sent', sha, from, tree },
});
const twice = [
  base,
  judged(1, 'a'),
  made('c1', 'start', 'a'),
  sent('commit', 'c1', null, 'a'),
  judged(2, 'b'),
  made('c2', 'c1', 'b'),
  sent('commit:2', 'c2', 'c1', 'b'),
];

describe('the auditor of a run that showed its work twice', () => {
  it('finds nothing where each commit is on top of the one before, and was judged', () => {
    expect(check(fastForwardOnly, twice)).toEqual([]);
    expect(check(publishedTreeWasJudged, twice)).toEqual([]);
    // Judged again, and stopped before that was shown.
    expect(check(publishedTreeWasJudged, [...twice, judged(3, 'c')])).toEqual([]);
  });

  it('lets a merge start from the base that it brings in, and go on top of the branch', () => {
    const merging = { ...base, headTip: 'tip', startSha: 'main' } as JournalEvent;
    const merged = { kind: 'base.merged' } as unknown as JournalEvent;
    const pushed = [made('m1', 'tip', 'a'), sent('commit', 'm1', 'tip', 'a')];
    expect(check(fastForwardOnly, [merging, merged, ...pushed])).toEqual([]);
    expect(check(fastForwardOnly, [merging, ...pushed])).toHaveLength(2);
  });

  it('finds a second commit that is not on top of the first, or moved the branch from elsewhere', () => {
    expect(check(fastForwardOnly, twice.with(5, made('c2', 'start', 'b')))).toEqual([
      'its commit is on top of start, not of c1',
    ]);
    expect(check(fastForwardOnly, twice.with(6, sent('commit:2', 'c2', 'elsewhere', 'b')))).toEqual([
      'agent/7 was moved from elsewhere, it was seen at c1',
    ]);
  });

  it('finds a tree that was not judged, in either commit', () => {
    expect(check(publishedTreeWasJudged, twice.with(1, judged(1, 'x')))).toHaveLength(1);
    expect(check(publishedTreeWasJudged, twice.with(4, judged(2, 'x')))).toHaveLength(1);
    expect(check(publishedTreeWasJudged, twice.with(6, sent('commit:2', 'c2', 'c1', 'x')))).toHaveLength(1);
  });
});

describe('the auditor of what was spent', () => {
  const budget = (limitUsd: number, role: Role = 'maintain'): JournalEvent => ({
    kind: 'budget.set',
    limitUsd,
    by: { id: 1, login: 'max', role, commentId: 3 },
  });

  it('knows what a maintainer gave the run, up to the ceiling of the operator', () => {
    expect(check(spendIsCapped, [], 3)).toEqual(['it spent $3, its cap is $1']);
    expect(check(spendIsCapped, [budget(5)], 3)).toEqual([]);
    expect(check(spendIsCapped, [budget(5), budget(2)], 3)).toEqual([]);
    expect(check(spendIsCapped, [budget(50)], 11)).toEqual(['it spent $11, its cap is $10']);
  });

  it('finds a budget that somebody set without the role', () => {
    expect(check(spendIsCapped, [budget(5, 'write')], 0)).toEqual([
      'max set its budget to $5 with the role write',
    ]);
  });
});
