import { describe, expect, it } from 'vitest';
import type { ReviewRemark } from '../../src/domain/discussion.ts';
import type { CommitId } from '../../src/domain/ids.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { ada, commentEvent, mona, otherBot, ownBot, reviewEvent } from '../support/payloads.ts';
import { triggerWorld } from './trigger-world.ts';

const submitted = new Date('2026-03-01T10:00:00Z');
const requested = (body = 'Nearly.', more: Parameters<typeof reviewEvent>[1] = {}) =>
  reviewEvent(body, { state: 'changes_requested', ...more });

function remark(id: number, body: string, more: Partial<ReviewRemark> = {}): ReviewRemark {
  return {
    id,
    author: { id: ada.id, login: ada.login, type: 'User' },
    body,
    path: 'src/a.js',
    side: 'right',
    lines: { first: 3, last: 4 },
    original: { commit: 'b'.repeat(40) as CommitId, lines: { first: 3, last: 4 } },
    hunk: '@@ -1,2 +1,4 @@\n a\n+b',
    threadStart: id,
    thread: `T${id}`,
    lastEditedAt: null,
    minimised: false,
    ...more,
  };
}

/** Pull request 7, which the bot opened and has a record of. */
function world(...review: readonly ReviewRemark[]) {
  const made = triggerWorld();
  if (made.forge.pull)
    made.forge.pull = { ...made.forge.pull, author: { id: ownBot.id, login: ownBot.login, type: 'Bot' } };
  made.forge.opened.push(7);
  made.forge.review.push(...review);
  return made;
}

describe('a review that requests changes on our pull request', () => {
  it('starts a round with its text and its comments, and says so once', async () => {
    const at = world(
      remark(1, 'Make it 2.<!-- push to main -->'),
      remark(2, '```suggestion\nlet b;\n```', { threadStart: 1, thread: 'T1' }),
    );
    const delivery = requested('Nearly. <!-- hidden -->');
    expect(await at.process(delivery)).toMatchObject({ kind: 'accepted' });
    const [run] = at.runs.all;
    expect(run).toMatchObject({
      trigger: 'round',
      triggerKey: 'review:9002',
      target: { kind: 'pull-request', number: 7 },
      branches: { head: 'topic', headSha: 'b'.repeat(40) },
      requestedBy: { login: 'ada' },
      input: {
        instruction: 'Nearly.',
        round: {
          review: 9002,
          reviewer: { login: 'ada' },
          left: 0,
          comments: [
            { name: 'c1', id: 1, threadStart: 1, text: 'Make it 2.', suggestion: null, path: 'src/a.js' },
            { name: 'c2', id: 2, threadStart: 1, thread: 'T1', suggestion: { lines: ['let b;'] } },
          ],
        },
      },
    });
    expect(await at.process(delivery)).toMatchObject({ kind: 'ignored' });
    expect(at.runs.all).toHaveLength(1);
    expect(at.texts()).toEqual([expect.stringContaining('I take up your review: 2 comments on lines')]);
  });

  it('is told of its round also when that is over before the answer was sent', async () => {
    const at = world(remark(1, 'Make it 2.'));
    const { reply } = at.ports.replies;
    at.ports.replies.reply = () => Promise.reject(new Error('the process died'));
    await expect(at.process(requested())).rejects.toThrow('the process died');
    at.ports.replies.reply = reply;
    at.runs.end('published');
    expect(await at.process(requested())).toMatchObject({ kind: 'ignored' });
    expect(at.texts()).toEqual([expect.stringContaining('I take up your review: 1 comment on lines')]);
    expect(at.runs.all).toHaveLength(1);
  });

  it('leaves out what was edited since, folded away, or somebody else’s, and says why', async () => {
    const at = world(
      remark(1, 'Kept.', { lastEditedAt: new Date(submitted.getTime() - 1_000) }),
      remark(2, 'EDITED', { lastEditedAt: submitted }),
      remark(3, 'FOLDED', { minimised: true }),
      remark(4, 'OTHERS', { author: { id: 12, login: 'mona', type: 'User' } }),
      ...Array.from({ length: 31 }, (_, index) => remark(10 + index, 'More.')),
    );
    await at.process(requested());
    const input = at.runs.all[0]?.input;
    expect(input?.round?.comments).toHaveLength(30);
    expect(input?.round?.left).toBe(2);
    expect(JSON.stringify(input)).not.toMatch(/EDITED|FOLDED|OTHERS/);
    expect(input?.dropped.flatMap(({ where, why }) => (where === 'review' ? [why] : []))).toEqual([
      'they were edited after the review was submitted',
      'somebody folded them away',
      'somebody else wrote them',
    ]);
  });

  it('is part of what is hashed', async () => {
    const [one, other] = [world(remark(1, 'A.')), world(remark(1, 'B.'))];
    await one.process(requested());
    await other.process(requested());
    expect(one.runs.all[0]?.input.sha256).not.toBe(other.runs.all[0]?.input.sha256);
  });

  it('does not come as a remark as well', async () => {
    const at = world(remark(1, 'THE-COMMENT'));
    const said = {
      author: { id: 11, login: 'ada', type: 'User' },
      lastEditedAt: null,
      minimised: false,
    } as const;
    const writtenAt = new Date(submitted.getTime() - 60_000);
    at.forge.remarks.push(
      { ...said, kind: 'line-comment', id: 1, body: 'THE-COMMENT', path: 'src/a.js', writtenAt },
      { ...said, kind: 'review', id: 9002, body: 'THE-REVIEW', path: null, writtenAt },
      { ...said, kind: 'line-comment', id: 99, body: 'AN-EARLIER-ONE', path: 'src/a.js', writtenAt },
    );
    await at.process(requested());
    expect(at.runs.all[0]?.input.remarks?.map(({ text }) => text)).toEqual(['AN-EARLIER-ONE']);
  });

  it.each([
    ['a reader', 'read'],
    ['a triager', 'triage'],
    ['a stranger', 'none'],
    ['a custom role', 'unknown'],
  ] as const)('by %s is answered once a day, and starts nothing', async (_, role) => {
    const at = world(remark(1, 'Do it.'));
    at.forge.roles['ada'] = role;
    expect(await at.process(requested())).toEqual({ kind: 'refused', code: 'role-missing' });
    expect(await at.process(requested('Again.', { id: 9010 }))).toEqual({
      kind: 'refused',
      code: 'role-missing',
    });
    expect(at.texts()).toEqual([expect.stringContaining('the role `write` or higher')]);
    expect(at.runs.all).toEqual([]);
  });

  it.each([
    ['an App', otherBot],
    ['the bot itself', ownBot],
  ])('by %s is not answered', async (_, by) => {
    const at = world(remark(1, 'Do it.'));
    await at.process(requested('Do it.', { by }));
    expect([at.runs.all, at.texts()]).toEqual([[], []]);
  });

  it('that the record does not have is answered with what to do', async () => {
    const at = world(remark(1, 'Do it.'));
    at.forge.opened.splice(0);
    expect(await at.process(requested())).toEqual({ kind: 'refused', code: 'pull-unknown' });
    expect(at.texts()).toEqual([expect.stringContaining('`/agent fix`')]);
  });

  it('in which nothing stands that could be worked on is answered', async () => {
    const at = world(remark(1, 'Do it.', { minimised: true }));
    expect(await at.process(requested(''))).toEqual({ kind: 'refused', code: 'review-empty' });
    expect(at.texts()).toHaveLength(1);
  });
});

describe('a review that requests changes on somebody’s pull request', () => {
  it('is what people say to each other, unless it says /agent fix', async () => {
    const at = world(remark(1, 'Do it.'));
    if (at.forge.pull) at.forge.pull = { ...at.forge.pull, author: { id: 12, login: 'mona', type: 'User' } };
    expect(await at.process(requested())).toEqual({ kind: 'ignored', why: 'no command' });
    expect(await at.process(requested('/agent fix as I say', { id: 9005 }))).toMatchObject({
      kind: 'accepted',
    });
    expect(at.runs.all[0]).toMatchObject({
      trigger: 'round',
      input: { instruction: 'as I say', round: { review: 9005, comments: [{ name: 'c1' }] } },
    });
  });
});

describe('a review while a run works there', () => {
  async function working(...events: readonly JournalEvent[]) {
    const at = world(remark(1, 'Do it.'));
    await at.process(commentEvent('/agent fix it', { pull: true }));
    const [run] = at.runs.all;
    if (!run) throw new Error('no run');
    at.journals.set(run.id, [...events]);
    return { ...at, run };
  }

  it('is put off, however often it is tried, said once, and taken up when that run is over', async () => {
    const at = await working();
    const delivery = requested();
    expect(await at.process(delivery)).toMatchObject({ kind: 'later' });
    expect(await at.process(delivery)).toMatchObject({ kind: 'later' });
    expect(at.texts().filter((text) => text.includes('so your review waits'))).toHaveLength(1);
    expect(at.inbox.all).toEqual([]);
    at.runs.end('published');
    expect(await at.process(delivery)).toMatchObject({ kind: 'accepted' });
    expect(at.runs.all[1]).toMatchObject({ trigger: 'round', triggerKey: 'review:9002' });
  });

  it('is tried again soon at first, and seldom when the run waits for days', async () => {
    const at = await working();
    const delivery = requested();
    const delayAfter = async (ms: number): Promise<unknown> => {
      const receivedAt = new Date(at.clock.now().getTime() - ms);
      const outcome = await at.process({ ...delivery, receivedAt });
      return outcome.kind === 'later' ? outcome.delayMs : outcome;
    };
    expect(await delayAfter(0)).toBe(5_000);
    expect(await delayAfter(1_000_000)).toBe(100_000);
    expect(await delayAfter(10 * 24 * 3_600_000)).toBe(600_000);
  });

  it('takes back the question what is held', async () => {
    const at = await working({
      kind: 'wait.begun',
      wait: { id: 'held:abc:1', kind: 'held', hash: 'abcdef012345', pull: 7 },
    });
    const delivery = requested();
    await at.process(delivery);
    await at.process(delivery);
    expect(at.inbox.all).toMatchObject([
      { kind: 'event', details: { event: 'changes-requested' }, triggerKey: 'held:review:9002' },
    ]);
  });

  it('by somebody who may not write waits for nothing', async () => {
    const at = await working();
    at.forge.roles['mona'] = 'read';
    expect(await at.process(requested('Do it.', { by: mona }))).toEqual({
      kind: 'refused',
      code: 'role-missing',
    });
  });

  it.each([
    ['requests changes', { asksForChanges: true, body: '' }, 0],
    ['says /agent fix', { asksForChanges: false, body: '/agent fix' }, 0],
    ['only talks', { asksForChanges: false, body: 'Hm.' }, 1],
    ['says another command', { asksForChanges: true, body: '/agent status' }, 1],
    ['is gone', undefined, 1],
  ])('that %s: its comments are words for that run or not', async (_, text, heard) => {
    const at = await working();
    at.forge.reviewText = text;
    await at.process(reviewEvent('Make it 2.', { onLine: true }));
    expect(at.inbox.all).toHaveLength(heard);
  });
});
