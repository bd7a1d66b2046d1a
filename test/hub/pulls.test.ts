import type { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, openFixture } from './hub-fixture.ts';

const at = { owner: 'ada', repo: 'widgets' };

describe('pull requests at the hub', () => {
  let fixture: Fixture;
  let bot: Octokit;
  let ada: Octokit;

  beforeAll(async () => {
    fixture = await openFixture({ 'README.md': 'one\ntwo\nthree\n', 'src/a.txt': 'a\n' });
    bot = fixture.api(await fixture.botToken());
    ada = fixture.api(fixture.owner.token);
    fixture.hub.admin.createUser({ login: 'bob' });
  });

  afterAll(() => fixture.close());

  /** Commits one file on a branch through the API; makes the branch from main when it is new. */
  async function commit(branch: string, path: string, content: string, api = bot): Promise<string> {
    const { refs } = fixture.hub.admin.repository('ada/widgets');
    const main = refs.get('refs/heads/main') ?? '';
    if (!refs.has(`refs/heads/${branch}`))
      await api.rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha: main });
    const existing = await api.rest.repos.getContent({ ...at, path, ref: branch }).catch(() => undefined);
    const sha = existing && 'sha' in existing.data ? existing.data.sha : undefined;
    const { data } = await api.rest.repos.createOrUpdateFileContents({
      ...at,
      path,
      branch,
      message: `change ${path}`,
      content: Buffer.from(content).toString('base64'),
      ...(sha ? { sha } : {}),
    });
    return data.commit.sha ?? '';
  }

  async function openPull(branch: string, body = ''): Promise<number> {
    await commit(branch, `${branch}.txt`, `${branch}\n`);
    const { data } = await bot.rest.pulls.create({
      ...at,
      head: branch,
      base: 'main',
      title: `Add ${branch}`,
      body,
    });
    return data.number;
  }

  it('are refused from a missing branch, without commits, and for the same head twice', async () => {
    const create = (head: string) => bot.rest.pulls.create({ ...at, head, base: 'main', title: 't' });
    await expect(create('nowhere')).rejects.toMatchObject({ status: 422 });
    await expect(create('main')).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('No commits between'),
    });
    await openPull('twice');
    await expect(create('twice')).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('A pull request already exists for ada:twice'),
    });
  });

  it('have real commits, files and counts, and can be found by their head', async () => {
    const number = await openPull('counted');
    const sha = await commit('counted', 'README.md', 'one\n2\nthree\n');
    const { data } = await bot.rest.pulls.get({ ...at, pull_number: number });
    expect(data).toMatchObject({ commits: 2, additions: 2, deletions: 1, changed_files: 2, mergeable: true });
    expect(data.head.sha).toBe(sha);
    const files = await bot.rest.pulls.listFiles({ ...at, pull_number: number });
    expect(files.data.map((file) => [file.filename, file.status, file.patch?.split('\n')[0]])).toEqual([
      ['README.md', 'modified', '@@ -1,3 +1,3 @@'],
      ['counted.txt', 'added', '@@ -0,0 +1 @@'],
    ]);
    const commits = await bot.rest.pulls.listCommits({ ...at, pull_number: number });
    expect(commits.data.map((one) => one.commit.message)).toEqual(['change counted.txt', 'change README.md']);
    const found = await bot.rest.pulls.list({ ...at, head: 'ada:counted' });
    expect(found.data.map((one) => one.number)).toEqual([number]);
    const containing = await bot.rest.repos.listPullRequestsAssociatedWithCommit({ ...at, commit_sha: sha });
    expect(containing.data.map((one) => one.number)).toEqual([number]);
  });

  it('follow their branch and say so with synchronize', async () => {
    const number = await openPull('moving');
    const before = (await bot.rest.pulls.get({ ...at, pull_number: number })).data.head.sha;
    const after = await commit('moving', 'more.txt', 'more\n');
    const events = await fixture.webhooks('pull_request.synchronize');
    expect(events.map((one) => one.payload)).toContainEqual(
      expect.objectContaining({ number, before, after }),
    );
  });

  it('are told from issues by issue.pull_request on comments, and answer labels with pull_request.labeled', async () => {
    const number = await openPull('talked');
    await ada.rest.issues.createComment({ ...at, issue_number: number, body: '/agent fix it' });
    await ada.rest.issues.addLabels({ ...at, issue_number: number, labels: ['agent'] });
    const issue = await ada.rest.issues.create({ ...at, title: 'An issue' });
    await ada.rest.issues.createComment({ ...at, issue_number: issue.data.number, body: 'hello' });
    const comments = await fixture.webhooks('issue_comment.created');
    expect(comments.map((one) => 'pull_request' in (one.payload['issue'] as object))).toEqual([true, false]);
    expect(await fixture.webhooks('pull_request.labeled')).toHaveLength(1);
    expect(await fixture.webhooks('issues.labeled')).toHaveLength(0);
  });

  it('are merged three-way, refuse conflicts with 405 and close the issues they name', async () => {
    const issue = await ada.rest.issues.create({ ...at, title: 'Broken' });
    const number = await openPull('closing', `Closes #${issue.data.number}`);
    const rival = await openPull('rival');
    await commit('closing', 'README.md', 'one\nmine\nthree\n');
    await commit('rival', 'README.md', 'one\nother\nthree\n');
    const merged = await ada.rest.pulls.merge({ ...at, pull_number: number });
    expect(merged.data.merged).toBe(true);
    expect(fixture.hub.admin.issue('ada/widgets', issue.data.number).state).toBe('closed');
    expect((await ada.rest.pulls.get({ ...at, pull_number: number })).data.merged).toBe(true);
    expect((await ada.rest.pulls.get({ ...at, pull_number: rival })).data.mergeable).toBe(false);
    await expect(ada.rest.pulls.merge({ ...at, pull_number: rival })).rejects.toMatchObject({ status: 405 });
    await expect(ada.rest.pulls.get({ ...at, pull_number: issue.data.number })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('become ready and draft again by GraphQL, and name the issues that they close', async () => {
    const issue = await ada.rest.issues.create({ ...at, title: 'Wish' });
    await commit('drafted', 'd.txt', 'd\n');
    const { data } = await bot.rest.pulls.create({
      ...at,
      head: 'drafted',
      base: 'main',
      title: 'Draft',
      body: `fixes #${issue.data.number}`,
      draft: true,
    });
    const ready = await bot.graphql<{ markPullRequestReadyForReview: unknown }>(
      'mutation($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }',
      { id: data.node_id },
    );
    expect(ready.markPullRequestReadyForReview).toEqual({ pullRequest: { isDraft: false } });
    expect(await fixture.webhooks('pull_request.ready_for_review')).toHaveLength(1);
    const asked = await bot.graphql(
      `query($n: Int!) { repository(owner: "ada", name: "widgets") { pullRequest(number: $n) {
        id isDraft closingIssuesReferences(first: 10) { nodes { number } } } } viewer { login } }`,
      { n: data.number },
    );
    expect(asked).toEqual({
      repository: {
        pullRequest: {
          id: data.node_id,
          isDraft: false,
          closingIssuesReferences: { nodes: [{ number: issue.data.number }] },
        },
      },
      viewer: { login: 'fixer' },
    });
  });

  it('say by GraphQL which checks the base branch requires', async () => {
    const number = await openPull('checked');
    const pull = (await bot.rest.pulls.get({ ...at, pull_number: number })).data;
    fixture.hub.admin.protectBranch('ada/widgets', 'main', ['ci/needed']);
    await ada.rest.repos.createCommitStatus({
      ...at,
      sha: pull.head.sha,
      state: 'success',
      context: 'ci/needed',
    });
    await bot.rest.checks.create({ ...at, head_sha: pull.head.sha, name: 'extra', conclusion: 'success' });
    const asked = await bot.graphql(
      `query($n: Int!) { repository(owner: "ada", name: "widgets") { pullRequest(number: $n) { commits(last: 1) { nodes {
        commit { statusCheckRollup { state contexts(first: 10) { nodes { __typename
          ... on CheckRun { name isRequired(pullRequestNumber: $n) }
          ... on StatusContext { context isRequired(pullRequestNumber: $n) } } } } } } } } } }`,
      { n: number },
    );
    expect(JSON.stringify(asked)).toContain(
      '{"__typename":"StatusContext","context":"ci/needed","isRequired":true}',
    );
    expect(JSON.stringify(asked)).toContain('{"__typename":"CheckRun","name":"extra","isRequired":false}');
    fixture.hub.admin.repository('ada/widgets').protectedBranches.clear();
  });

  it('take reviews and comments on lines, which the author cannot approve', async () => {
    const number = await openPull('reviewed');
    await expect(
      bot.rest.pulls.createReview({ ...at, pull_number: number, event: 'APPROVE' }),
    ).rejects.toMatchObject({ status: 422 });
    const review = await ada.rest.pulls.createReview({
      ...at,
      pull_number: number,
      event: 'REQUEST_CHANGES',
      body: 'please',
      comments: [{ path: 'reviewed.txt', line: 1, body: 'here' }],
    });
    expect(review.data.state).toBe('CHANGES_REQUESTED');
    const [submitted] = await fixture.webhooks('pull_request_review.submitted');
    expect(submitted?.payload).toMatchObject({ review: { state: 'changes_requested' } });
    const { data: comments } = await bot.rest.pulls.listReviewComments({ ...at, pull_number: number });
    const [first] = comments;
    const answered = await bot.rest.pulls.createReplyForReviewComment({
      ...at,
      pull_number: number,
      comment_id: first?.id ?? 0,
      body: 'done',
    });
    expect(answered.data.in_reply_to_id).toBe(first?.id);
    await bot.rest.reactions.createForPullRequestReviewComment({
      ...at,
      comment_id: first?.id ?? 0,
      content: 'eyes',
    });
    expect(fixture.hub.admin.issue('ada/widgets', number).pull?.reviewComments[0]?.reactions).toHaveLength(1);
    await bot.rest.pulls.listReviews({ ...at, pull_number: number });
    await ada.rest.pulls.requestReviewers({ ...at, pull_number: number, reviewers: ['bob'] });
  });

  it('take a review as a whole or not at all: its lines stand in the diff of its commit', async () => {
    const number = await openPull('judged');
    const { pull } = fixture.hub.admin.issue('ada/widgets', number);
    const review = (comment: object, commit_id = pull?.headSha ?? '') =>
      bot.rest.pulls.createReview({
        ...at,
        pull_number: number,
        commit_id,
        event: 'COMMENT',
        body: 'looked',
        comments: [
          { path: 'judged.txt', line: 1, body: 'here' },
          { path: 'judged.txt', body: 'there', ...comment },
        ],
      });
    const refused = async (comment: object, message: string, commit?: string) =>
      await expect(review(comment, commit)).rejects.toMatchObject({
        status: 422,
        response: { data: { message: 'Unprocessable Entity', errors: [message] } },
      });
    await refused({ line: 99 }, 'Line could not be resolved');
    await refused({ path: 'other.txt', line: 1 }, 'Path could not be resolved');
    await refused({ line: 1, side: 'LEFT' }, 'Line could not be resolved');
    await refused({ line: 1 }, 'Commit is not part of the pull request', 'f'.repeat(40));
    expect(pull?.reviews).toEqual([]);
    expect(pull?.reviewComments).toEqual([]);
    const { data } = await review({ line: 1 });
    expect(data).toMatchObject({ state: 'COMMENTED', commit_id: pull?.headSha });
    const { data: comments } = await bot.rest.pulls.listReviewComments({ ...at, pull_number: number });
    expect(comments.map(({ position, line, diff_hunk }) => [position, line, diff_hunk])).toEqual([
      [1, 1, '@@ -0,0 +1 @@\n+judged'],
      [1, 1, '@@ -0,0 +1 @@\n+judged'],
    ]);
  });

  it('can come from a fork, and close when their branch is deleted', async () => {
    const bob = fixture.api(fixture.hub.admin.createUser({ login: 'bob' }).token);
    await fixture.hub.admin.fork('ada/widgets', 'bob');
    await bob.rest.repos.createOrUpdateFileContents({
      owner: 'bob',
      repo: 'widgets',
      path: 'bob.txt',
      message: 'bob',
      content: 'Ym9i',
    });
    const { data } = await bob.rest.pulls.create({
      ...at,
      head: 'bob:main',
      base: 'main',
      title: 'From afar',
    });
    expect(data.head.repo?.full_name).toBe('bob/widgets');
    expect(fixture.hub.admin.repository('ada/widgets').refs.get(`refs/pull/${data.number}/head`)).toBe(
      data.head.sha,
    );
    const number = await openPull('deleted');
    await bot.rest.git.deleteRef({ ...at, ref: 'heads/deleted' });
    expect(fixture.hub.admin.issue('ada/widgets', number).state).toBe('closed');
  });

  it('are given as diff and patch', async () => {
    const number = await openPull('texts');
    const asDiff = await bot.rest.pulls.get({ ...at, pull_number: number, mediaType: { format: 'diff' } });
    expect(asDiff.data).toContain('+++ b/texts.txt');
    const asPatch = await bot.rest.pulls.get({ ...at, pull_number: number, mediaType: { format: 'patch' } });
    expect(asPatch.data).toContain('Subject: [PATCH] change texts.txt');
  });

  it('can be updated and closed', async () => {
    const number = await openPull('updated');
    await bot.rest.pulls.update({ ...at, pull_number: number, title: 'New title', body: 'new' });
    const [edited] = await fixture.webhooks('pull_request.edited');
    expect(edited?.payload).toMatchObject({ changes: { title: { from: 'Add updated' } } });
    await bot.rest.pulls.update({ ...at, pull_number: number, state: 'closed' });
    expect(
      (await fixture.webhooks('pull_request.closed')).some((one) => one.payload['number'] === number),
    ).toBe(true);
    await bot.rest.pulls.update({ ...at, pull_number: number, state: 'open' });
    expect(await fixture.webhooks('pull_request.reopened')).toHaveLength(1);
  });
});
