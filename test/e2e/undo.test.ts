import { afterEach, describe, expect, it } from 'vitest';
import { runAudit } from '../../src/app/audit/run-audit.ts';
import type { BotWorld } from '../support/bot-world.ts';
import { closed, doing, openSteeringWorld, type SteeringWorld, writing } from '../support/steering-world.ts';

const runMs = 240_000;
const at = { owner: 'mira', repo: 'thing' };

interface PullState {
  readonly number: number;
  readonly head: string;
  readonly branch: string;
  readonly files: readonly string[];
}

async function pullOf(world: BotWorld): Promise<PullState> {
  const { rest } = world.as('mira');
  const [pull] = (await rest.pulls.list({ ...at, state: 'open' })).data;
  const number = pull?.number ?? 0;
  const { data } = await rest.pulls.listFiles({ ...at, pull_number: number });
  const files = data.map(({ filename }) => filename).sort();
  return { number, head: pull?.head.sha ?? '', branch: pull?.head.ref ?? '', files };
}

/** A commit of `wim`, under whatever name; an existing file is replaced. */
async function commitBy(
  world: BotWorld,
  branch: string,
  file: { readonly path: string; readonly content: string; readonly author?: string },
): Promise<string> {
  const { rest } = world.as('wim');
  const { path, content, author } = file;
  const known = await rest.repos.getContent({ ...at, path, ref: branch }).catch(() => undefined);
  const { data } = await rest.repos.createOrUpdateFileContents({
    ...at,
    path,
    branch,
    message: 'By hand',
    content: Buffer.from(content).toString('base64'),
    ...(known && 'sha' in known.data ? { sha: known.data.sha } : {}),
    ...(author === undefined ? {} : { author: { name: author, email: 'bot@example.invalid' } }),
  });
  return data.commit.sha ?? '';
}

describe('/agent undo', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  it(
    'takes back exactly what our records prove to be ours, by one signed commit on top',
    async () => {
      let work = writing('src/first.js');
      opened = await openSteeringWorld(
        'undo',
        doing(() => work),
      );
      const { world, issue } = opened;
      expect(await world.ended()).toMatchObject({ state: 'published' });
      await closed(world, 1);
      const first = await pullOf(world);
      await commitBy(world, first.branch, { path: 'docs/by-hand.md', content: 'By hand.\n' });
      work = writing('src/second.js');
      await world.comment(first.number, '/agent fix add the second', 'wim');
      expect(await world.ended(2)).toMatchObject({ state: 'published' });
      await closed(world, 2);
      // Whoever writes our name into a commit has not made it ours.
      const author = 'pullwright[bot]';
      await commitBy(world, first.branch, { path: 'docs/spoof.md', content: 'Not ours.\n', author });
      const before = await pullOf(world);

      await world.comment(before.number, '/agent undo', 'rea');
      await world.waitForComment(before.number, /needs the role `write`/);
      await world.comment(before.number, '/agent undo', 'otto');
      await world.settled();
      expect((await pullOf(world)).head).toBe(before.head);

      await world.comment(before.number, '/agent undo', 'wim');
      await world.waitForComment(before.number, /I take back what my runs put on the branch of #2/);
      expect(await world.ended(3)).toMatchObject({ state: 'published' });
      const after = await pullOf(world);
      expect(after.files).toEqual(['docs/by-hand.md', 'docs/spoof.md']);
      const { rest } = world.as('mira');
      const { data: commit } = await rest.repos.getCommit({ ...at, ref: after.head });
      expect(commit.parents.map(({ sha }) => sha)).toEqual([before.head]);
      expect(commit.commit.verification?.verified).toBe(true);
      expect(commit.commit.message).toMatch(
        /^Revert: Do something\n[\s\S]*This reverts commit [0-9a-f]{40}\./,
      );
      expect(commit.commit.message.match(/This reverts commit/g)).toHaveLength(2);
      expect(commit.commit.message).toContain('Co-authored-by: wim');
      await world.waitForComment(before.number, /\*\*Taken back: 2 commits of mine\*\*/);
      await world.waitForComment(issue, /^## Done[\s\S]*`undo`: #2: 2 of my commits taken back/m);
      const { comments } = world.hub.admin.issue('mira/thing', before.number);
      const commands = comments.filter(({ body }) => body === '/agent undo');
      expect(commands.map(({ reactions }) => reactions.length)).toEqual([1, 1, 1]);

      await closed(world, 3);
      await world.comment(issue, '/agent undo', 'mira');
      expect(await world.ended(4)).toMatchObject({ state: 'refused' });
      await world.waitForComment(before.number, /Nothing is left to undo/);
      expect((await pullOf(world)).head).toBe(after.head);

      const limits = { budgetUsd: 5, tokensMax: 10_000_000, deadlineMs: 24 * 3_600_000 };
      const { audit } = world.bot.composition.store;
      const { violations } = await runAudit({ reads: audit, limits, attempted: null }, null);
      expect(violations).toEqual([]);
    },
    runMs,
  );

  it(
    'touches no work of people: it names their commits and changes nothing; and it waits for no run',
    async () => {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      let round = 0;
      opened = await openSteeringWorld(
        'undo-conflict',
        doing(async () => {
          round += 1;
          if (round === 2) {
            reached.resolve();
            await released.promise;
          }
          return writing('src/first.js');
        }),
        { env: { AGENT_COMMITS: 'git' } },
      );
      const { world, issue } = opened;
      expect(await world.ended()).toMatchObject({ state: 'published' });
      await closed(world, 1);
      const first = await pullOf(world);
      const byHand = await commitBy(world, first.branch, { path: 'src/first.js', content: '// mine\n' });
      await world.comment(first.number, '/agent undo', 'wim');
      expect(await world.ended(2)).toMatchObject({ state: 'refused' });
      const told = await world.waitForComment(first.number, /Nothing was taken back/);
      expect(told).toContain('`src/first.js`');
      expect(told).toContain(byHand.slice(0, 12));
      expect(told).toContain('`wim`');
      expect((await pullOf(world)).head).toBe(byHand);

      await closed(world, 2);
      await world.comment(issue, '/agent retry', 'wim');
      await reached.promise;
      await world.comment(first.number, '/agent undo', 'mira');
      await world.waitForComment(first.number, /Write `\/agent stop` first/);
      await world.comment(issue, '/agent stop', 'mira');
      released.resolve();
      expect(await world.ended(3)).toMatchObject({ state: 'cancelled' });
      await closed(world, 3);

      // With the person's change out of the way it works, here by a push with git.
      const content = 'export const here = "src/first.js";\n';
      await commitBy(world, first.branch, { path: 'src/first.js', content });
      await world.comment(issue, '/agent undo', 'wim');
      expect(await world.ended(4)).toMatchObject({ state: 'published' });
      expect((await pullOf(world)).files).toEqual([]);
    },
    runMs,
  );
});
