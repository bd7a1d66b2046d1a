import { afterEach, describe, expect, it } from 'vitest';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { javascriptBug } from '../support/sample-repositories.ts';

const runMs = 400_000;

describe('the tokens of a run', () => {
  let world: BotWorld | undefined;
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  it(
    'are for its own repository alone, for few permissions, and end with it',
    async () => {
      world = await openBotWorld({ files: javascriptBug, record: 'token-scope' });
      const { admin } = world.hub;
      const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6, not 10.');
      await world.label(issue);
      expect(await world.ended()).toMatchObject({ state: 'published' });
      const { id } = admin.repository('mira/thing');
      // I17: the log of tokens, joined with what they were used for.
      const log = admin.tokenLog();
      expect(log.length).toBeGreaterThan(3);
      for (const { installation, repositoryIds, permissions, uses } of log) {
        expect(installation.id).toBe(world.installationId);
        expect([...(repositoryIds ?? ['every one'])]).toEqual([id]);
        expect([...uses].filter((used) => used !== id)).toEqual([]);
        expect(Object.keys(permissions).length).toBeLessThanOrEqual(4);
        expect(permissions).not.toHaveProperty('workflows');
      }
      const pushing = () => admin.tokenLog().filter(({ permissions }) => permissions['contents'] === 'write');
      expect(pushing().length).toBeGreaterThan(0);
      await expect.poll(() => pushing().filter(({ live }) => live), { timeout: 20_000 }).toEqual([]);
    },
    runMs,
  );

  it(
    'appear in no log line, no journal entry and nothing that GitHub shows',
    async () => {
      world = await openBotWorld({ files: javascriptBug, record: 'token-redaction' });
      const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6, not 10.');
      await world.label(issue);
      await world.ended();
      const texts = [
        JSON.stringify(world.log.lines),
        JSON.stringify(world.events),
        JSON.stringify(world.botComments(issue)),
      ].join('\n');
      expect(texts).toContain('run.ended');
      expect(texts).not.toMatch(/ghs_[A-Za-z0-9]/);
      expect(texts).not.toContain(Buffer.from('x-access-token:ghs_').toString('base64').slice(0, 24));
    },
    runMs,
  );
});
