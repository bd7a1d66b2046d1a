import { describe, expect, it } from 'vitest';
import type { CommitId, TreeId } from '../../src/domain/ids.ts';
import type { ChangedFile } from '../../src/domain/journal-event.ts';
import type { CommentAnswer, RoundComment } from '../../src/domain/round.ts';
import { type RoundFacts, settleRound } from '../../src/workflow/rounds/settle-round.ts';

function comment(name: string, more: Partial<RoundComment> = {}): RoundComment {
  return {
    name,
    id: 1,
    threadStart: 1,
    thread: 'T',
    path: 'src/a.js',
    side: 'right',
    lines: { first: 1, last: 1 },
    original: { commit: 'a'.repeat(40) as CommitId, lines: { first: 1, last: 1 } },
    hunk: '',
    text: 'Do it.',
    suggestion: null,
    ...more,
  };
}

const file = (path: string): ChangedFile => ({
  path,
  status: 'modified',
  additions: 1,
  deletions: 1,
  binary: false,
});
const answer = (name: string, more: Partial<CommentAnswer> = {}): CommentAnswer => ({
  name,
  outcome: 'changed',
  reason: 'Because.',
  path: null,
  ...more,
});

function settle(one: RoundComment, more: Partial<RoundFacts> = {}) {
  const reviewer = { id: 7, login: 'wim', type: 'User' } as const;
  const [settled] = settleRound({
    round: { review: 5, reviewer, comments: [one], left: 0 },
    suggestions: undefined,
    answers: [],
    changed: [],
    textOf: () => undefined,
    whyOpen: 'Nobody spoke.',
    sound: true,
    ...more,
  });
  return settled;
}

describe('the ledger of a round', () => {
  it('has a comment as changed where its file was, and resolves it', () => {
    expect(settle(comment('c1'), { answers: [answer('c1')], changed: [file('src/a.js')] })).toEqual({
      name: 'c1',
      outcome: 'changed',
      reason: 'Because.',
      resolve: true,
    });
  });

  it('does not believe a change that the commit does not have', () => {
    const lied = settle(comment('c1'), { answers: [answer('c1')], changed: [file('src/b.js')] });
    expect(lied).toMatchObject({ outcome: 'open', resolve: false });
    expect(lied?.reason).toContain('the commit does not touch the file');
    const elsewhere = answer('c1', { path: 'src/c.js' });
    expect(settle(comment('c1'), { answers: [elsewhere], changed: [file('src/b.js')] })).toMatchObject({
      outcome: 'open',
    });
  });

  it('shows a change elsewhere, and leaves the thread to the reviewer', () => {
    const answers = [answer('c1', { path: 'src/b.js' })];
    expect(settle(comment('c1'), { answers, changed: [file('src/b.js')] })).toMatchObject({
      outcome: 'elsewhere',
      reason: 'src/b.js: Because.',
      resolve: false,
    });
  });

  it('keeps a reasoned decline, the last word of the agent, and says what nobody answered', () => {
    const declined = answer('c1', { outcome: 'declined', reason: 'It is right.' });
    const changed = [file('src/a.js')];
    expect(settle(comment('c1'), { answers: [answer('c1'), declined], changed })).toMatchObject({
      outcome: 'declined',
      reason: 'It is right.',
      resolve: false,
    });
    expect(settle(comment('c1'), { answers: [answer('c2')], changed })).toEqual({
      name: 'c1',
      outcome: 'open',
      reason: 'Nobody spoke.',
      resolve: false,
    });
  });

  it('resolves nothing on a commit that the gates are against', () => {
    const facts = { answers: [answer('c1')], changed: [file('src/a.js')], sound: false };
    expect(settle(comment('c1'), facts)).toMatchObject({ outcome: 'changed', resolve: false });
  });

  describe('of a suggestion', () => {
    const suggesting = comment('c1', { suggestion: { lines: ['one', 'two'] } });
    const suggestions = {
      kind: 'suggestions.applied',
      treeId: 't' as TreeId,
      applied: ['c1'],
      refused: [],
    } as const;

    it('is applied while the result still has its lines, whatever the line ends', () => {
      const facts = { suggestions, changed: [file('src/a.js')], textOf: () => 'zero\r\none\r\ntwo\r\n' };
      expect(settle(suggesting, facts)).toMatchObject({ outcome: 'applied', resolve: true });
    });

    it('is open when it was taken out again without a word, and declined with one', () => {
      const facts = { suggestions, changed: [file('src/a.js')], textOf: () => 'zero\n' };
      expect(settle(suggesting, facts)).toMatchObject({
        outcome: 'open',
        reason: 'The suggestion was applied and is not in the result any more. Nobody spoke.',
      });
      const declined = answer('c1', { outcome: 'declined', reason: 'It broke the tests.' });
      expect(settle(suggesting, { ...facts, answers: [declined] })).toMatchObject({ outcome: 'declined' });
    });

    it('that could not be applied says why', () => {
      const refused = [{ name: 'c1', why: 'its lines are there no more' }];
      expect(settle(suggesting, { suggestions: { ...suggestions, applied: [], refused } })).toMatchObject({
        outcome: 'open',
        reason: 'The suggestion could not be applied: its lines are there no more. Nobody spoke.',
      });
    });
  });
});
