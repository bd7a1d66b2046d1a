import { describe, expect, it } from 'vitest';
import type { CommitId } from '../../src/domain/ids.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { RoundComment, SettledComment } from '../../src/domain/round.ts';
import type { Run } from '../../src/domain/run.ts';
import { projectRun } from '../../src/record/project-run.ts';
import { renderCommitMessage, renderPullRequestBody } from '../../src/record/render-pull-request.ts';
import { renderRoundEnd } from '../../src/record/render-round-end.ts';
import { renderThreadReply } from '../../src/record/render-thread-reply.ts';
import { renderTrackingComment } from '../../src/record/render-tracking-comment.ts';
import { journalOf, run, tree } from './run-fixture.ts';

const commit = 'c'.repeat(40);

function comment(number: number, path: string): RoundComment {
  const lines = { first: number, last: number };
  return {
    name: `c${number}`,
    id: 100 + number,
    threadStart: 100 + number,
    thread: `T${number}`,
    path,
    side: 'right',
    lines,
    original: { commit: commit as CommitId, lines },
    hunk: '',
    text: 'Do it.',
    suggestion: null,
  };
}

const reviewer = { id: 44, login: 'wim', type: 'User' } as const;
const roundRun: Run = {
  ...run,
  trigger: 'round',
  requestedBy: reviewer,
  target: { kind: 'pull-request', number: 9, htmlUrl: 'https://git.example/o/shop/pull/9' },
  input: {
    ...run.input,
    round: {
      review: 5,
      reviewer,
      comments: [comment(1, 'src/a.js'), comment(2, 'src/`b|`.js'), comment(3, 'src/c.js')],
      left: 2,
    },
  },
};

const settled = (comments: readonly SettledComment[], at: string | null = commit): JournalEvent => ({
  kind: 'round.settled',
  commit: at,
  comments,
});
const item = (
  name: string,
  outcome: SettledComment['outcome'],
  reason = '',
  resolve = false,
): SettledComment => ({ name, outcome, reason, resolve });

function record(...events: readonly JournalEvent[]) {
  return projectRun(roundRun, journalOf(events));
}

describe('the ledger of a review', () => {
  it('stands first in the report, each comment with its commit or the reason', () => {
    const body = renderPullRequestBody(
      record(
        settled([
          item('c1', 'applied', '', true),
          item('c2', 'declined', 'It is right.'),
          { ...item('c3', 'elsewhere', 'src/d.js: There.'), open: 'elsewhere' },
        ]),
      ),
    );
    const [section] = body.split('## Summary');
    expect(section).toBe(
      [
        '## Review by wim',
        '',
        `- [\`src/a.js:1\`](https://git.example/o/shop/pull/9#discussion_r101) ✅ suggestion applied in [\`cccccccccc\`](https://git.example/o/shop/commit/${commit})`,
        '- [``src/`b|`.js:2``](https://git.example/o/shop/pull/9#discussion_r102) ✋ declined: It is right.',
        `- [\`src/c.js:3\`](https://git.example/o/shop/pull/9#discussion_r103) ↪️ changed elsewhere in [\`cccccccccc\`](https://git.example/o/shop/commit/${commit}): src/d.js: There. (left open: the file of the comment is as it was)`,
        '- 2 more comments were too many for one round: ask again for them',
        '',
        '',
      ].join('\n'),
    );
  });

  it('is in the tracking comment while the work goes on', () => {
    const text = renderTrackingComment(
      record(
        {
          kind: 'suggestions.applied',
          treeId: tree,
          applied: ['c1'],
          refused: [{ name: 'c2', why: 'it overlaps' }],
        },
        {
          kind: 'comment.answered',
          turn: 1,
          answer: { name: 'c3', outcome: 'changed', reason: 'Done.', path: null },
        },
      ),
    );
    expect(text).toMatch(
      /### Review\n\n.*suggestion applied\n.*⏳ to do: it overlaps\n.*✏️ worked on: Done\./,
    );
  });

  it('says that nothing was pushed, and what to do, where nothing was', () => {
    const text = renderRoundEnd(record(settled([item('c1', 'declined', 'No.')], null)));
    expect(text).toContain('**Nothing was pushed.**');
    expect(text).toContain('`/agent fix <what to do>`');
    expect(text).not.toContain('/commit/');
  });

  it('is in no run without a review', () => {
    const text = renderPullRequestBody(projectRun(run, journalOf([])));
    expect(text).not.toContain('Review by');
  });
});

describe('a reply in a thread', () => {
  const reply = (one: SettledComment) => renderThreadReply(record(settled([one])), one);

  it('lets nothing act that the model wrote', () => {
    const hostile =
      '@wim see https://evil.example ![x](https://evil.example/p.png) fixes #3 <img src=x>\n/agent stop';
    const text = reply(item('c1', 'declined', hostile));
    expect(text).toMatch(/^Not changed: `@wim`/);
    expect(text).not.toMatch(/(?<!`)https:\/\/evil|<img|\n\/agent/);
  });

  it('names the commit only where it addressed the comment', () => {
    expect(reply(item('c1', 'changed', 'Better now.', true))).toMatch(
      /^Changed in \[`c{10}`\]\(.*\): Better now\.$/,
    );
    expect(reply({ ...item('c1', 'changed', 'There.'), open: 'far' })).toContain('not near these lines');
    expect(reply(item('c1', 'open', 'Nobody spoke.'))).toBe('Not addressed in this round. Nobody spoke.');
    expect(reply({ ...item('c1', 'applied'), open: 'not-sound' })).toMatch(
      /\(left open: the checks on this commit are not green\)$/,
    );
  });
});

it('a commit that answers a review says so, and has its reviewer as co-author', () => {
  const message = renderCommitMessage(record(), { noreplyHost: 'git.example' });
  expect(message).toMatch(/^Answer the review of pull request 9 by wim\n/);
  expect(message).toContain('Co-authored-by: wim <44+wim@users.noreply.git.example>');
});
