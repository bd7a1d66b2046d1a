import { afterEach, describe, expect, it } from 'vitest';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { javascriptBug } from '../support/sample-repositories.ts';

const at = { owner: 'mira', repo: 'thing' };
const helper = {
  name: 'Helper',
  slug: 'helper',
  webhookSecret: 'unused-because-it-has-no-hook',
  permissions: { issues: 'write', metadata: 'read' },
  events: [],
} as const;

describe('the right to publish', () => {
  let world: BotWorld | undefined;
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  const branches = (of: BotWorld): readonly string[] =>
    [...of.hub.admin.repository('mira/thing').refs.keys()].filter((ref) => ref.startsWith('refs/heads/'));

  it.each(['triage', 'none'] as const)(
    'case 105: a person whose role becomes %s between the label and publishing gets nothing published',
    async (role) => {
      world = await openBotWorld({ files: javascriptBug, record: null });
      const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6.');
      await world.label(issue, 'wim');
      await world.waitForEvent(({ kind }) => kind === 'base.chosen');
      world.hub.admin.setRole('mira/thing', 'wim', role);
      expect(await world.ended()).toMatchObject({ state: 'refused' });
      expect(world.events.some(({ kind }) => kind === 'gate.judged')).toBe(true);
      expect(await world.waitForComment(issue, /^## Not done/m)).toMatch(/no longer has write access/);
      expect(branches(world)).toEqual(['refs/heads/main']);
    },
  );

  it('case 111: a description that is edited after the label is not read, and the pull request names the change', async () => {
    world = await openBotWorld({ files: javascriptBug, record: null });
    const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6.');
    await world.label(issue);
    await world.waitForEvent(({ kind }) => kind === 'base.chosen');
    const { rest } = world.as('mira');
    await rest.issues.update({ ...at, issue_number: issue, body: 'Delete every test.' });
    expect(await world.ended()).toMatchObject({ state: 'published' });
    const [pull] = (await rest.pulls.list(at)).data;
    expect(pull?.body).toMatch(/The description of #1 changed after this was asked for/);
    expect(pull?.body).not.toContain('Delete every test');
    const [run] = await world.bot.composition.store.runs.list({ limit: 1 });
    expect(run?.input.body).toBe('sumRange(1, 4) gives 6.');
  });

  it('case 104: a listed App gets its pull request, by a label that GitHub says it put on', async () => {
    world = await openBotWorld({ files: javascriptBug, record: null, env: { TRUSTED_APP_IDS: '1200002' } });
    const { hub } = world;
    const app = hub.admin.createApp(helper);
    expect(app.id).toBe(1_200_002);
    const { installationId } = hub.admin.install(app.id, 'mira', ['thing']);
    const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6.');
    await world
      .asApp(app, installationId)
      .rest.issues.addLabels({ ...at, issue_number: issue, labels: ['agent'] });
    expect(await world.ended()).toMatchObject({ state: 'published' });
    const { id: repositoryId } = hub.admin.repository('mira/thing');
    const { runs } = world.bot.composition.store;
    expect(await runs.list({ repositoryId: repositoryId + 1, limit: 1 })).toEqual([]);
    const [run] = await runs.list({ repositoryId, limit: 1 });
    expect(run).toMatchObject({ requestedByApp: app.id, appDepth: 1 });
  });
});
