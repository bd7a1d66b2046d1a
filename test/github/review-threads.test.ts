import type { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RepositoryAddress } from '../../src/domain/forge.ts';
import type { PublishableText } from '../../src/domain/ids.ts';
import type { Forge } from '../../src/github/create-forge.ts';
import { type HubForge, openHubForge } from '../support/hub-forge.ts';

const name = { owner: 'octo', repo: 'hello' };
const body = 'Changed.' as PublishableText;

describe('a review with comments on lines', () => {
  let opened: HubForge;
  let forge: Forge;
  let octo: Octokit;
  let at: RepositoryAddress;
  let pull: number;
  let head: string;
  beforeAll(async () => {
    const text = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('');
    opened = await openHubForge({
      files: { 'a.txt': text },
      permissions: { contents: 'write', issues: 'write', pull_requests: 'write', metadata: 'read' },
    });
    ({ forge, octo, at } = opened);
    const { data: main } = await octo.rest.git.getRef({ ...name, ref: 'heads/main' });
    await octo.rest.git.createRef({ ...name, ref: 'refs/heads/topic', sha: main.object.sha });
    const { data: before } = await octo.rest.repos.getContent({ ...name, path: 'a.txt' });
    const { data: changed } = await octo.rest.repos.createOrUpdateFileContents({
      ...name,
      branch: 'topic',
      path: 'a.txt',
      message: 'Change a',
      sha: (before as { sha: string }).sha,
      content: Buffer.from(text.replace('line 10\n', 'ten\nand a half\n')).toString('base64'),
    });
    head = changed.commit.sha ?? '';
    const made = await octo.rest.pulls.create({ ...name, head: 'topic', base: 'main', title: 'a' });
    pull = made.data.number;
  });
  afterAll(async () => await opened.close());

  function review(
    comments: readonly { path: string; line?: number; side?: string; start_line?: number; body: string }[],
  ) {
    return octo.rest.pulls.createReview({
      ...name,
      pull_number: pull,
      event: 'COMMENT',
      comments: [...comments],
    });
  }

  it('is read with lines, hunk, thread and edits, and without the comments of other reviews', async () => {
    await review([{ path: 'a.txt', line: 12, body: 'Elsewhere.' }]);
    const { data } = await review([
      { path: 'a.txt', start_line: 10, line: 11, body: 'Both of these.' },
      { path: 'a.txt', line: 10, side: 'LEFT', body: 'Why is it gone?' },
    ]);
    const place = { pull, review: data.id };
    const [both, left, ...more] = await forge.discussion.review(at, place);
    expect(more).toEqual([]);
    expect(both).toMatchObject({
      author: { login: 'octo', type: 'User' },
      body: 'Both of these.',
      path: 'a.txt',
      side: 'right',
      lines: { first: 10, last: 11 },
      original: { commit: head, lines: { first: 10, last: 11 } },
      threadStart: both?.id,
      thread: expect.stringMatching(/^PRRT_/),
      lastEditedAt: null,
      minimised: false,
    });
    expect(both?.hunk).toMatch(/^@@ -7,7 \+7,8 @@[^]*\n\+ten\n\+and a half$/);
    expect(left).toMatchObject({ side: 'left', lines: { first: 10, last: 10 } });
    expect(left?.hunk).toMatch(/\n-line 10$/);
    await octo.rest.pulls.updateReviewComment({ ...name, comment_id: both?.id ?? 0, body: 'Changed since.' });
    const [edited] = await forge.discussion.review(at, place);
    expect(edited).toMatchObject({ body: 'Changed since.', lastEditedAt: expect.any(Date) });
    expect(await forge.discussion.reviewText(at, place)).toEqual({ asksForChanges: false, body: '' });
    expect(await forge.discussion.reviewText(at, { pull, review: 1 })).toBeUndefined();
  });

  it('is answered in its thread, which is resolved and read back', async () => {
    const { data } = await review([{ path: 'a.txt', line: 11, body: 'Answer me.' }]);
    const [first] = await forge.discussion.review(at, { pull, review: data.id });
    const thread = first?.thread ?? '';
    expect(await forge.reader.threadResolved(at, thread)).toBe(false);
    const reply = await forge.writer.replyOnLine(at, pull, { to: first?.id ?? 0, body });
    expect((await forge.reader.lineComments(at, pull))[0]).toMatchObject({
      id: reply.id,
      body: 'Changed.',
      author: { login: 'fixer[bot]', type: 'Bot' },
    });
    await forge.writer.resolveThread(at, thread);
    expect(await forge.reader.threadResolved(at, thread)).toBe(true);
    await expect(forge.writer.replyOnLine(at, pull, { to: reply.id, body })).rejects.toMatchObject({
      code: 'github-rejected',
    });
  });

  it('cannot stand on a line that the pull request does not show', async () => {
    await expect(review([{ path: 'a.txt', line: 1, body: 'Far away.' }])).rejects.toMatchObject({
      status: 422,
    });
  });

  it('whose thread is unknown is neither open nor resolved', async () => {
    expect(await forge.reader.threadResolved(at, 'PRRT_bm9uZQ')).toBeUndefined();
    await expect(forge.writer.resolveThread(at, 'PRRT_bm9uZQ')).rejects.toMatchObject({
      code: 'github-not-found',
    });
  });
});
