import { afterEach, describe, expect, it } from 'vitest';
import { soundRepository } from '../support/sample-repositories.ts';
import { finish, openSteeringWorld, type SteeringWorld } from '../support/steering-world.ts';

const runMs = 120_000;
const at = { owner: 'mira', repo: 'thing' };
const path = '.github/agent.yml';

describe('/agent config', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  it(
    'shows what applies on the base branch to everybody who may read, and what is wrong with the file',
    async () => {
      const file = 'plan: always\nbudgets:\n  run_usd: 2\n  user_day_usd: 4\n';
      opened = await openSteeringWorld('show-config', () => finish, {
        begin: 'no',
        private: true,
        files: { ...soundRepository, [path]: file },
        env: { AGENT_BUDGET_REPOSITORY_DAY_USD: '30' },
      });
      const { world, issue } = opened;
      await world.comment(issue, '/agent config', 'rea');
      const shown = await world.waitForComment(issue, /^## What applies here/m);
      expect(shown).toContain('From `.github/agent.yml` on `main`');
      expect(shown).toMatch(/\| `plan` \| `always` \|/);
      expect(shown).toMatch(/\| a run \| \$2\.00 \|/);
      expect(shown).toMatch(/this repository for a day \| \$30\.00 \|/);
      expect(shown).toMatch(/for a day in this repository \| \$4\.00 \|/);

      const { rest } = world.as('mira');
      const { data } = await rest.repos.getContent({ ...at, path });
      if (Array.isArray(data)) throw new Error('a directory');
      await rest.repos.createOrUpdateFileContents({
        ...at,
        path,
        sha: data.sha,
        message: 'Misspell it',
        content: Buffer.from('plan: always\nbudget:\n  run_usd: 2\n').toString('base64'),
      });
      const second = await world.fileIssue('Another', 'Please.');
      await world.comment(second, '/agent config', 'wim');
      const wrong = await world.waitForComment(second, /is not valid, so no run starts here/);
      expect(wrong).toMatch(/line 2, key budget: /);
      await world.settled();
      expect(await world.bot.composition.store.runs.list({ limit: 1 })).toEqual([]);
    },
    runMs,
  );
});
