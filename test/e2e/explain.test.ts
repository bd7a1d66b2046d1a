import { afterEach, describe, expect, it } from 'vitest';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { javascriptBug } from '../support/sample-repositories.ts';

const runMs = 120_000;
const at = { owner: 'mira', repo: 'thing' };

describe('/agent explain', () => {
  let world: BotWorld | undefined;
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  it(
    'tells a reader which run, decision and evidence made a line, and that another line is not ours',
    async () => {
      world = await openBotWorld({ files: javascriptBug, record: 'explain' });
      const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6.');
      await world.label(issue);
      expect(await world.ended()).toMatchObject({ state: 'published' });
      const { rest } = world.as('mira');
      const { data: pulls } = await rest.pulls.list(at);
      const number = pulls[0]?.number ?? 0;
      const { data: files } = await rest.pulls.listFiles({ ...at, pull_number: number });
      const patch = files[0]?.patch?.split('\n') ?? [];
      const start = Number(/^@@ -\d+(?:,\d+)? \+(\d+)/.exec(patch[0] ?? '')?.[1]);
      const kept = patch.slice(1).filter((line) => !line.startsWith('-'));
      const made = start + kept.findIndex((line) => line.startsWith('+'));

      await world.comment(number, `/agent explain src/range.js:${made}`, 'rea');
      const told = await world.waitForComment(number, /comes from run/);
      expect(told).toContain(`\`src/range.js:${made}\``);
      expect(told).toMatch(/Which change to/);
      expect(told).toMatch(/\| *tests *\|/);

      await world.comment(number, `/agent explain \`src/range.js:${made === 1 ? 2 : 1}\``, 'rea');
      await world.waitForComment(number, /somebody else's work/);
      await world.comment(issue, '/agent explain', 'rea');
      await world.waitForComment(issue, /The newest run here is run/);
      await world.comment(number, '/agent explain this and that', 'rea');
      await world.waitForComment(number, /do not understand that place/);
    },
    runMs,
  );
});
