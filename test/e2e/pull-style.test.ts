import { afterEach, describe, expect, it } from 'vitest';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { javascriptBug } from '../support/sample-repositories.ts';

const runMs = 120_000;
const at = { owner: 'mira', repo: 'thing' };

const files = {
  ...javascriptBug,
  '.github/agent.yml': 'pull_request:\n  title: conventional\n  labels: [bot, "needs review"]\n',
  '.github/CODEOWNERS': '* @rea\n/src/ @mira @mira/core\n',
  '.github/PULL_REQUEST_TEMPLATE.md': '## Description\n\n## Checklist\n- [ ] Tests pass\n- [ ] I signed it\n',
};

describe('a pull request of the bot', () => {
  let world: BotWorld | undefined;
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  it(
    'follows the template, titles, labels, assignee and owners of the repository, and the base of the issue',
    async () => {
      world = await openBotWorld({ files, record: 'pull-style' });
      const { rest } = world.as('mira');
      const { data: main } = await rest.git.getRef({ ...at, ref: 'heads/main' });
      await rest.git.createRef({ ...at, ref: 'refs/heads/release/2.x', sha: main.object.sha });
      const issue = await world.fileIssue(
        'The last number is missing from the sum',
        'sumRange(1, 4) gives 6, expected 10.\n\nBase: release/2.x',
      );
      await world.label(issue, 'wim');
      expect(await world.ended()).toMatchObject({ state: 'published' });
      await world.waitForComment(issue, /^## Done/m);
      const { data: pulls } = await rest.pulls.list(at);
      expect(pulls).toHaveLength(1);
      const [pull] = pulls;
      expect(pull?.title).toBe('fix: the last number is missing from the sum');
      expect(pull?.base.ref).toBe('release/2.x');
      expect(pull?.labels.map(({ name }) => name).sort()).toEqual(['bot', 'needs review']);
      expect(pull?.assignees?.map(({ login }) => login)).toEqual(['wim']);
      expect(pull?.requested_reviewers?.map(({ login }) => login)).toEqual(['mira']);
      expect(pull?.body).toMatch(
        /^## Description\n\n.+\n\n## Checklist\n\n- \[x\] Tests pass\n- \[ \] I signed it/,
      );
      expect(pull?.body).toContain('Closes #1');
    },
    runMs,
  );

  it(
    'is not made for a base that does not exist, which the issue is told',
    async () => {
      world = await openBotWorld({ files: javascriptBug, record: 'pull-style-base' });
      const issue = await world.fileIssue('A bug', 'Text.\nBase: relaese/2.x');
      await world.label(issue);
      expect(await world.ended()).toMatchObject({ state: 'refused' });
      expect(await world.waitForComment(issue, /^## Not done/m)).toMatch(/relaese\/2\.x.*does not exist/);
    },
    runMs,
  );
});
