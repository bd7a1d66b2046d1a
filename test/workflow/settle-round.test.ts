import { describe, expect, it } from 'vitest';
import type { CommitId, TreeId } from '../../src/domain/ids.ts';
import type { CommentAnswer, RoundComment } from '../../src/domain/round.ts';
import { changedPlaces } from '../../src/workflow/rounds/changed-places.ts';
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

const answer = (name: string, more: Partial<CommentAnswer> = {}): CommentAnswer => ({
  name,
  outcome: 'changed',
  reason: 'Because.',
  path: null,
  ...more,
});

/** A commit in which somebody worked on this line of a file. */
const at = (path: string, ...lines: readonly number[]) => ({
  changed: new Set([path]),
  worked: new Map([[path, lines]]),
});

function settle(one: RoundComment, more: Partial<RoundFacts> = {}) {
  const reviewer = { id: 7, login: 'wim', type: 'User' } as const;
  const [settled] = settleRound({
    round: { review: 5, reviewer, comments: [one], left: 0 },
    suggestions: undefined,
    answers: [],
    changed: new Set(),
    worked: new Map(),
    textOf: () => undefined,
    whyOpen: 'Nobody spoke.',
    sound: true,
    ...more,
  });
  return settled;
}

describe('the ledger of a round', () => {
  it('has a comment as changed where its file was, and resolves it', () => {
    expect(settle(comment('c1'), { answers: [answer('c1')], ...at('src/a.js', 1) })).toEqual({
      name: 'c1',
      outcome: 'changed',
      reason: 'Because.',
      resolve: true,
    });
  });

  it('does not believe a change that the commit does not have', () => {
    const lied = settle(comment('c1'), { answers: [answer('c1')], ...at('src/b.js', 1) });
    expect(lied).toMatchObject({ outcome: 'open', resolve: false });
    expect(lied?.reason).toContain('the commit does not touch the file');
    const elsewhere = answer('c1', { path: 'src/c.js' });
    expect(settle(comment('c1'), { answers: [elsewhere], ...at('src/b.js', 1) })).toMatchObject({
      outcome: 'open',
    });
  });

  it('shows a change elsewhere, and leaves the thread to the reviewer', () => {
    const answers = [answer('c1', { path: 'src/b.js' })];
    expect(settle(comment('c1'), { answers, ...at('src/b.js', 1) })).toMatchObject({
      outcome: 'elsewhere',
      reason: 'src/b.js: Because.',
      resolve: false,
      open: 'elsewhere',
    });
  });

  it('keeps a reasoned decline, the last word of the agent, and says what nobody answered', () => {
    const declined = answer('c1', { outcome: 'declined', reason: 'It is right.' });
    const changed = at('src/a.js', 1);
    expect(settle(comment('c1'), { answers: [answer('c1'), declined], ...changed })).toMatchObject({
      outcome: 'declined',
      reason: 'It is right.',
      resolve: false,
    });
    expect(settle(comment('c1'), { answers: [answer('c2')], ...changed })).toEqual({
      name: 'c1',
      outcome: 'open',
      reason: 'Nobody spoke.',
      resolve: false,
    });
  });

  it('leaves a thread open whose lines are far from what was changed, or were changed by a suggestion only', () => {
    const answers = [answer('c1')];
    const on = (first: number, last: number) => comment('c1', { lines: { first, last } });
    expect(settle(on(40, 42), { answers, ...at('src/a.js', 20) })).toMatchObject({ resolve: true });
    expect(settle(on(40, 42), { answers, ...at('src/a.js', 62) })).toMatchObject({ resolve: true });
    for (const line of [19, 63])
      expect(settle(on(40, 42), { answers, ...at('src/a.js', line) })).toMatchObject({
        outcome: 'changed',
        resolve: false,
        open: 'far',
      });
    const whole = comment('c1', { lines: null });
    expect(settle(whole, { answers, ...at('src/a.js', 900) })).toMatchObject({ resolve: true });
    const onlySuggested = { answers, changed: new Set(['src/a.js']), worked: new Map() };
    expect(settle(on(1, 1), onlySuggested)).toMatchObject({ outcome: 'open', resolve: false });
  });

  it('resolves nothing on a commit that the gates are against', () => {
    const facts = { answers: [answer('c1')], ...at('src/a.js', 1), sound: false };
    expect(settle(comment('c1'), facts)).toMatchObject({
      outcome: 'changed',
      resolve: false,
      open: 'not-sound',
    });
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
      const facts = { suggestions, ...at('src/a.js', 1), textOf: () => 'zero\r\none\r\ntwo\r\n' };
      expect(settle(suggesting, facts)).toMatchObject({ outcome: 'applied', resolve: true });
    });

    it('is open when it was taken out again without a word, and declined with one', () => {
      const facts = { suggestions, ...at('src/a.js', 1), textOf: () => 'zero\n' };
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

it('the places of a patch are lines of the old side, whatever stands in the lines', () => {
  const patch = [
    'diff --git a/src/a b.js b/src/a b.js',
    '--- a/src/a b.js\t',
    '+++ b/src/a b.js\t',
    '@@ -3,4 +3,5 @@ function x() {',
    ' three',
    '-four',
    '+4',
    '+--- a/evil.js',
    ' five',
    '\\ No newline at end of file',
    '@@ -20 +21,0 @@',
    '-twenty',
    'diff --git a/gone.js b/gone.js',
    'deleted file mode 100644',
    '--- a/gone.js',
    '+++ /dev/null',
    '@@ -1,2 +0,0 @@',
    '-a',
    '-b',
    'diff --git a/logo.png b/logo.png',
    'Binary files differ',
    '',
  ].join('\n');
  expect([...changedPlaces(patch)]).toEqual([
    ['src/a b.js', [4, 5, 5, 20]],
    ['gone.js', [1, 2]],
  ]);
  expect(changedPlaces('').size).toBe(0);
});
