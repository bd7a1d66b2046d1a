import type { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, openFixture } from './hub-fixture.ts';

const at = { owner: 'ada', repo: 'widgets' };

describe('issues at the hub', () => {
  let fixture: Fixture;
  let bot: Octokit;
  let ada: Octokit;
  let reader: Octokit;

  beforeAll(async () => {
    fixture = await openFixture();
    bot = fixture.api(await fixture.botToken());
    ada = fixture.api(fixture.owner.token);
    reader = fixture.api(fixture.hub.admin.createUser({ login: 'rita' }).token);
  });

  afterAll(() => fixture.close());

  it('send opened, labeled, unlabeled, edited, closed and reopened, and list labeled events with ids', async () => {
    const { data } = await ada.rest.issues.create({ ...at, title: 'First', body: 'text', labels: ['bug'] });
    const issue = { ...at, issue_number: data.number };
    await ada.rest.issues.addLabels({ ...issue, labels: ['agent'] });
    await ada.rest.issues.addLabels({ ...issue, labels: ['Agent'] });
    await ada.rest.issues.removeLabel({ ...issue, name: 'agent' });
    await ada.rest.issues.addLabels({ ...issue, labels: ['agent'] });
    await ada.rest.issues.update({ ...issue, title: 'Second' });
    await ada.rest.issues.update({ ...issue, state: 'closed', state_reason: 'not_planned' });
    await ada.rest.issues.update({ ...issue, state: 'open' });
    expect((await fixture.webhooks('issues')).map((one) => one.payload['action'])).toEqual(
      expect.arrayContaining(['opened', 'labeled', 'unlabeled', 'edited', 'closed', 'reopened']),
    );
    expect(await fixture.webhooks('issues.labeled')).toHaveLength(3);
    const { data: timeline } = await ada.rest.issues.listEventsForTimeline(issue);
    const ids = timeline.flatMap((one) => (one.event === 'labeled' && 'id' in one ? [one.id] : []));
    expect(new Set(ids).size).toBe(3);
    const listed = await bot.rest.issues.listForRepo({ ...at, labels: 'agent' });
    expect(listed.data.map((one) => one.number)).toEqual([data.number]);
    await bot.rest.issues.get(issue);
    await bot.rest.issues.listLabelsOnIssue(issue);
    await bot.rest.issues.listLabelsForRepo(at);
  });

  it('tell in `changes` what the text was before, and give no number twice', async () => {
    const { number } = (await ada.rest.issues.create({ ...at, title: 'Boxes', body: '- [ ] one' })).data;
    await ada.rest.issues.update({ ...at, issue_number: number, body: '- [x] one' });
    const edits = await fixture.webhooks('issues.edited');
    expect(edits.at(-1)?.payload).toMatchObject({
      issue: { number, body: '- [x] one' },
      changes: { body: { from: '- [ ] one' } },
      sender: { login: 'ada' },
    });
    fixture.hub.admin.removeIssue('ada/widgets', number, 'deleted');
    const next = (await ada.rest.issues.create({ ...at, title: 'Next' })).data.number;
    expect(next).toBe(number + 1);
  });

  it('are refused with bodies over 65,536 characters and blank titles', async () => {
    const issue = (await ada.rest.issues.create({ ...at, title: 'Long' })).data.number;
    const comment = (body: string) => bot.rest.issues.createComment({ ...at, issue_number: issue, body });
    await expect(comment('x'.repeat(65_537))).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('body is too long'),
    });
    expect((await comment('x'.repeat(65_536))).status).toBe(201);
    await expect(ada.rest.issues.create({ ...at, title: ' ' })).rejects.toMatchObject({ status: 422 });
  });

  it('let a reader comment but not label', async () => {
    const issue = (await reader.rest.issues.create({ ...at, title: 'Mine', labels: ['agent'] })).data;
    expect(issue.labels).toEqual([]);
    await reader.rest.issues.createComment({ ...at, issue_number: issue.number, body: 'hi' });
    await expect(
      reader.rest.issues.addLabels({ ...at, issue_number: issue.number, labels: ['agent'] }),
    ).rejects.toMatchObject({ status: 403 });
    await reader.rest.issues.update({
      ...at,
      issue_number: issue.number,
      title: 'Still mine',
      labels: ['agent'],
    });
    expect(fixture.hub.admin.issue('ada/widgets', issue.number).labels).toEqual([]);
  });

  it('keep comments editable in place, with reactions once a kind and user', async () => {
    const number = (await ada.rest.issues.create({ ...at, title: 'Talk' })).data.number;
    const comment = (await bot.rest.issues.createComment({ ...at, issue_number: number, body: 'one' })).data;
    expect(comment.performed_via_github_app).toMatchObject({ slug: 'fixer' });
    await bot.rest.issues.updateComment({ ...at, comment_id: comment.id, body: 'two' });
    const [edited] = await fixture.webhooks('issue_comment.edited');
    expect(edited?.payload).toMatchObject({ changes: { body: { from: 'one' } }, comment: { body: 'two' } });
    const react = () =>
      bot.rest.reactions.createForIssueComment({ ...at, comment_id: comment.id, content: 'eyes' });
    const first = await react();
    const second = await react();
    expect([first.status, second.status, second.data.id]).toEqual([201, 200, first.data.id]);
    await bot.rest.reactions.createForIssue({ ...at, issue_number: number, content: '+1' });
    await bot.rest.issues.listComments({ ...at, issue_number: number });
    await bot.rest.issues.getComment({ ...at, comment_id: comment.id });
    await bot.rest.issues.deleteComment({ ...at, comment_id: comment.id });
    expect(await fixture.webhooks('issue_comment.deleted')).toHaveLength(1);
  });

  it('tell role_name beside the legacy permission, which hides maintain and triage', async () => {
    const { admin } = fixture.hub;
    for (const [login, role] of [
      ['mia', 'maintain'],
      ['tom', 'triage'],
      ['wim', 'write'],
    ] as const)
      admin.setRole('ada/widgets', login, role);
    const ask = async (username: string) => {
      const { data } = await bot.rest.repos.getCollaboratorPermissionLevel({ ...at, username });
      return [data.permission, data.role_name];
    };
    expect(await ask('mia')).toEqual(['write', 'maintain']);
    expect(await ask('tom')).toEqual(['read', 'triage']);
    expect(await ask('wim')).toEqual(['write', 'write']);
    expect(await ask('rita')).toEqual(['read', 'read']);
    expect(await ask('ada')).toEqual(['admin', 'admin']);
  });

  it('are read-only in an archived repository and answered 404 in one that is private', async () => {
    fixture.hub.admin.archive('ada/widgets');
    await expect(ada.rest.issues.create({ ...at, title: 'no' })).rejects.toMatchObject({ status: 403 });
    fixture.hub.admin.archive('ada/widgets', false);
    fixture.hub.admin.repository('ada/widgets').private = true;
    await expect(reader.rest.issues.listForRepo(at)).rejects.toMatchObject({ status: 404 });
    fixture.hub.admin.repository('ada/widgets').private = false;
  });

  it('come in pages with a Link header and are free when not modified', async () => {
    const page = await bot.rest.issues.listForRepo({ ...at, per_page: 2, state: 'all' });
    expect(page.headers.link).toContain('rel="next"');
    const all = await bot.paginate(bot.rest.issues.listForRepo, { ...at, per_page: 2, state: 'all' });
    expect(all).toHaveLength(fixture.hub.admin.repository('ada/widgets').issues.length);
    const again = bot.rest.issues.listForRepo({
      ...at,
      per_page: 2,
      state: 'all',
      headers: { 'if-none-match': page.headers.etag ?? '' },
    });
    await expect(again).rejects.toMatchObject({ status: 304 });
  });

  it('answer planted faults a number of times, before or after the change', async () => {
    const { faults } = fixture.hub.admin;
    const number = (await ada.rest.issues.create({ ...at, title: 'Faulty' })).data.number;
    faults.plant({ method: 'POST', path: /\/comments$/, times: 1, failure: { status: 502 }, when: 'before' });
    faults.plant({ method: 'POST', path: /\/comments$/, times: 1, failure: 'reset', when: 'after' });
    const comment = () => bot.rest.issues.createComment({ ...at, issue_number: number, body: 'c' });
    await expect(comment()).rejects.toMatchObject({ status: 502 });
    expect(fixture.hub.admin.issue('ada/widgets', number).comments).toHaveLength(0);
    await expect(comment()).rejects.toMatchObject({ status: 500 });
    expect(fixture.hub.admin.issue('ada/widgets', number).comments).toHaveLength(1);
    expect((await comment()).status).toBe(201);
  });
});
