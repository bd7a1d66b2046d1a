import { describe, expect, it } from 'vitest';
import { fastForwardOnly } from '../../src/app/audit/invariants/fast-forward-only.ts';
import { noSelfEscalation } from '../../src/app/audit/invariants/no-self-escalation.ts';
import { publishedTreeWasJudged } from '../../src/app/audit/invariants/published-tree-was-judged.ts';
import type { AuditedRun } from '../../src/domain/audit.ts';
import type { TreeId } from '../../src/domain/ids.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { journalOf, modelEvents, run, tree, verdicts } from '../record/run-fixture.ts';

const start = 'a'.repeat(40);
const first = 'b'.repeat(40);
const second = 'c'.repeat(40);
const other = 'e'.repeat(40) as TreeId;

const based = modelEvents.flatMap((event): readonly JournalEvent[] =>
  event.kind === 'base.chosen' ? [{ ...event, headTip: null, startSha: start, startTree: tree }] : [],
);
const judged = (round: number, treeId: TreeId): JournalEvent => ({
  kind: 'gate.judged',
  round,
  verdict: { ...verdicts.lint, treeId },
});
const made = (parent: string, treeId: TreeId): JournalEvent => ({
  kind: 'commit.made',
  commit: 'd'.repeat(40),
  parent,
  treeId,
  files: [],
});
const sent = (sha: string, from: string | null, treeOf: TreeId): JournalEvent => ({
  kind: 'effect.sent',
  effect: 'commit.publish',
  key: `commit:${sha}`,
  result: { outcome: 'sent', sha, from, tree: treeOf },
});
const reopened: JournalEvent = {
  kind: 'publication.reopened',
  round: 1,
  why: 'checks',
  commit: first,
  treeId: tree,
};
const one = [...based, judged(1, tree), made(start, tree), sent(first, null, tree), reopened];

function problemsOf(events: readonly JournalEvent[]): readonly string[] {
  const audited = { run, entries: journalOf(events) } as unknown as AuditedRun;
  const limits = { budgetUsd: 1, tokensMax: 1, deadlineMs: 1, secrets: [] };
  return [fastForwardOnly, noSelfEscalation, publishedTreeWasJudged].flatMap((invariant) =>
    invariant.kind === 'run' ? invariant.check(audited, limits) : [],
  );
}

describe('a run that published twice', () => {
  it('is sound when each commit is on top of the one before and was judged', () => {
    expect(problemsOf([...one, judged(2, other), made(first, other), sent(second, first, other)])).toEqual(
      [],
    );
  });

  it('is sound when it was judged again and ended before it published', () => {
    expect(problemsOf([...one, judged(2, other)])).toEqual([]);
  });

  it.each([
    ['its second commit is on top of the start', [judged(2, other), made(start, other)], /on top of a{40}/],
    [
      'the branch was somewhere else',
      [judged(2, other), made(first, other), sent(second, start, other)],
      /moved from a{40}/,
    ],
    ['nobody judged its second tree', [made(first, other)], /gate lint judged/],
  ] as const)('is not when %s', (_, events, problem) => {
    expect(problemsOf([...one, ...events]).join()).toMatch(problem);
  });

  it('may not be called ready over checks of others that were not green', () => {
    const ready: JournalEvent = {
      kind: 'effect.sent',
      effect: 'pull.ready',
      key: 'ready',
      result: { outcome: 'sent' },
    };
    const asked: JournalEvent = {
      kind: 'checks.judged',
      round: 1,
      sha: first,
      outcome: 'ask',
      why: '“unit” is flaky.',
      checks: [],
      unread: [],
      feedback: '',
    };
    expect(problemsOf([...one, asked, ready]).join()).toMatch(
      /ready although of others' checks: “unit” is flaky/,
    );
    expect(problemsOf([...one, { ...asked, outcome: 'green' }, ready])).toEqual([]);
  });
});
