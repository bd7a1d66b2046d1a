import { afterEach, describe, expect, it } from 'vitest';
import { parseAgentConfig } from '../../src/config/agent-config.ts';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { javascriptBug } from '../support/sample-repositories.ts';

const at = { owner: 'mira', repo: 'thing' };
const env = { ONBOARDING: 'on' };

describe('an installation', () => {
  let world: BotWorld | undefined;
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  it('offers the repository a file with what was detected, once, and it is valid as it stands', async () => {
    world = await openBotWorld({ files: javascriptBug, env, record: 'onboarding' });
    await world.settled();
    const { rest } = world.as('mira');
    const { data: pulls } = await rest.pulls.list({ ...at, state: 'all' });
    expect(pulls.map(({ title, head }) => [title, head.ref])).toEqual([
      ['Set up Pullwright', 'agent/onboarding'],
    ]);
    expect(pulls[0]?.body).toMatch(/\| test \| `.*npm test` \| `package\.json scripts\.test` \|/);
    const { data: file } = await rest.repos.getContent({
      ...at,
      path: '.github/agent.yml',
      ref: 'agent/onboarding',
      mediaType: { format: 'raw' },
    });
    const text = file as unknown as string;
    expect(text).toMatch(/^# {5}- ".*npm test" {3}# package\.json scripts\.test$/m);
    expect(parseAgentConfig(text)).toMatchObject({ config: {}, problems: [] });
    const uncommented = text
      .replace(/^# (commands:|pull_request:)/gm, '$1')
      .replace(/^# {3}(test:| {2}- |title:|labels:)/gm, '  $1')
      .replace(/^\{\}$/m, '');
    expect(parseAgentConfig(uncommented)).toMatchObject({
      config: { commands: { test: expect.anything() }, pull_request: { labels: ['bot'] } },
      problems: [],
    });

    const { data: commit } = await rest.git.getCommit({ ...at, commit_sha: pulls[0]?.head.sha ?? '' });
    expect(commit.verification.verified).toBe(true);
    await rest.pulls.update({ ...at, pull_number: pulls[0]?.number ?? 0, state: 'closed' });
    const [created] = world.hub.admin.deliveries(world.appId).filter(({ event }) => event === 'installation');
    const { deliveries } = world.bot.composition.store;
    await deliveries.replay(created?.guid as never);
    await world.settled();
    const { data: after } = await rest.pulls.list({ ...at, state: 'all' });
    expect(after.map(({ state }) => state)).toEqual(['closed']);
  });

  it.each([
    ['has the file already', { ...javascriptBug, '.github/agent.yml': 'base: main\n' }, env],
    ['is empty', undefined, env],
    ['belongs to an operator who does not want it', javascriptBug, { ONBOARDING: 'off' }],
  ])('offers nothing to a repository that %s', async (_, files, environment) => {
    world = await openBotWorld({ ...(files ? { files } : {}), env: environment, record: 'onboarding-none' });
    await world.settled();
    const { data: pulls } = await world.as('mira').rest.pulls.list({ ...at, state: 'all' });
    expect(pulls).toEqual([]);
  });
});
