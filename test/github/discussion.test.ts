import type { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RepositoryAddress } from '../../src/domain/forge.ts';
import type { Forge } from '../../src/github/create-forge.ts';
import { type HubForge, openHubForge } from '../support/hub-forge.ts';

const name = { owner: 'octo', repo: 'hello' };

describe('the discussion of a thread', () => {
  let opened: HubForge;
  let forge: Forge;
  let person: Octokit;
  let at: RepositoryAddress;
  beforeAll(async () => {
    const permissions = {
      contents: 'read',
      issues: 'read',
      pull_requests: 'read',
      metadata: 'read',
    } as const;
    opened = await openHubForge({ files: { a: 'a\n' }, permissions });
    ({ forge, octo: person, at } = opened);
  });
  afterAll(async () => await opened.close());

  it('tells who wrote each comment of an issue and when it was edited last', async () => {
    const { data: issue } = await person.rest.issues.create({ ...name, title: 'A bug' });
    const on = { ...name, issue_number: issue.number };
    const { data: first } = await person.rest.issues.createComment({ ...on, body: 'One.' });
    await person.rest.issues.createComment({ ...on, body: 'Two.' });
    await person.rest.issues.updateComment({ ...name, comment_id: first.id, body: 'Changed.' });
    const remarks = await forge.discussion.remarks(at, { kind: 'issue', number: issue.number });
    const author = { id: expect.any(Number), login: 'octo', type: 'User' };
    expect(remarks).toMatchObject([
      { kind: 'comment', author, body: 'Changed.', path: null, lastEditedAt: expect.any(Date) },
      { kind: 'comment', author, body: 'Two.', lastEditedAt: null, minimised: false },
    ]);
  });

  it('has the reviews and open line threads of a pull request, and no review that is still being written', async () => {
    const { data: main } = await person.rest.git.getRef({ ...name, ref: 'heads/main' });
    await person.rest.git.createRef({ ...name, ref: 'refs/heads/topic', sha: main.object.sha });
    await person.rest.repos.createOrUpdateFileContents({
      ...name,
      branch: 'topic',
      path: 'b.txt',
      message: 'Add b',
      content: Buffer.from('b\n').toString('base64'),
    });
    const { data: pull } = await person.rest.pulls.create({
      ...name,
      head: 'topic',
      base: 'main',
      title: 'b',
    });
    const on = { ...name, pull_number: pull.number };
    await person.rest.pulls.createReview({
      ...on,
      event: 'COMMENT',
      body: 'Nearly.',
      comments: [{ path: 'b.txt', position: 1, line: 1, body: 'This line.' }],
    });
    await person.rest.pulls.createReview({ ...on, body: 'Not sent yet.' });
    const remarks = await forge.discussion.remarks(at, { kind: 'pull-request', number: pull.number });
    expect(new Set(remarks.map(({ kind, body, path }) => `${kind} ${path}: ${body}`))).toEqual(
      new Set(['line-comment b.txt: This line.', 'review null: Nearly.']),
    );
    expect(remarks).toHaveLength(2);
  });

  it('of a number that is none is empty', async () => {
    expect(await forge.discussion.remarks(at, { kind: 'issue', number: 999 })).toEqual([]);
  });
});
