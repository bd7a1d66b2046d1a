import { afterEach, describe, expect, it } from 'vitest';
import type { BotWorld } from '../support/bot-world.ts';
import type { ScriptedAnswer } from '../support/scripted-model.ts';
import {
  branches,
  closed,
  doing,
  finish,
  openSteeringWorld,
  type SteeringWorld,
  writing,
} from '../support/steering-world.ts';

const runMs = 180_000;
const at = { owner: 'mira', repo: 'thing' };

/** A person's commit on a branch. */
async function commitBy(world: BotWorld, branch: string, login = 'wim'): Promise<string> {
  const { data } = await world.as(login).rest.repos.createOrUpdateFileContents({
    ...at,
    path: 'docs/by-hand.md',
    branch,
    message: 'Say more',
    content: Buffer.from('By hand.\n').toString('base64'),
  });
  return data.commit.sha ?? '';
}

async function pulls(world: BotWorld) {
  return (await world.as('mira').rest.pulls.list({ ...at, state: 'all' })).data;
}

describe('/agent retry', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  it(
    'does a run once more with its frozen text: on the open pull request, on top of what people committed, else on a new branch',
    async () => {
      let work: ScriptedAnswer = finish;
      opened = await openSteeringWorld(
        'retry',
        doing(() => work),
      );
      const { world, issue, model } = opened;
      expect(await world.ended()).toMatchObject({ state: 'refused' });
      await closed(world, 1);
      await world.as('mira').rest.issues.update({ ...at, issue_number: issue, body: 'EDITED-SINCE' });

      await world.comment(issue, '/agent retry', 'rea');
      await world.waitForComment(issue, /needs the role `write`/);
      await world.comment(issue, '/agent retry', 'otto');
      await world.settled();
      expect(await world.bot.composition.store.runs.list({ limit: 9 })).toHaveLength(1);

      work = writing('src/first.js');
      await world.comment(issue, '/agent retry', 'wim');
      await world.waitForComment(issue, /I start again with the text that was frozen/);
      expect(await world.ended(2)).toMatchObject({ state: 'published' });
      await closed(world, 2);
      expect(JSON.stringify(model.requests.map(({ body }) => body))).not.toContain('EDITED-SINCE');
      await world.waitForComment(issue, /^## Done[\s\S]*with the input of run `\w+`/m);

      const [pull] = await pulls(world);
      const branch = pull?.head.ref ?? '';
      const byHand = await commitBy(world, branch);
      work = writing('src/second.js');
      await world.comment(pull?.number ?? 0, '/agent retry', 'wim');
      expect(await world.ended(3)).toMatchObject({ state: 'published' });
      await closed(world, 3);
      const [updated, ...others] = await pulls(world);
      expect(others).toEqual([]);
      const { data: commit } = await world
        .as('mira')
        .rest.git.getCommit({ ...at, commit_sha: updated?.head.sha ?? '' });
      expect(commit.parents.map(({ sha }) => sha)).toEqual([byHand]);
      const { data: files } = await world
        .as('mira')
        .rest.pulls.listFiles({ ...at, pull_number: pull?.number ?? 0 });
      expect(files.map(({ filename }) => filename).sort()).toEqual([
        'docs/by-hand.md',
        'src/first.js',
        'src/second.js',
      ]);

      await world.as('mira').rest.pulls.update({ ...at, pull_number: pull?.number ?? 0, state: 'closed' });
      await world.settled();
      await world.comment(issue, '/agent retry', 'wim');
      expect(await world.ended(4)).toMatchObject({ state: 'published' });
      await closed(world, 4);
      expect(branches(world)).toContain(`refs/heads/${branch}-2`);
      expect((await pulls(world)).filter(({ state }) => state === 'open')).toMatchObject([
        { head: { ref: `${branch}-2` } },
      ]);
    },
    runMs,
  );

  it(
    'goes on after a push that a person’s commit was in the way of, which stays untouched',
    async () => {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      let round = 0;
      opened = await openSteeringWorld(
        'retry-moved',
        doing(async () => {
          round += 1;
          if (round === 2) {
            reached.resolve();
            await released.promise;
          }
          return writing(`src/round-${round}.js`);
        }),
      );
      const { world, issue } = opened;
      expect(await world.ended()).toMatchObject({ state: 'published' });
      await closed(world, 1);
      const [pull] = await pulls(world);
      await world.settled();
      await world.comment(issue, '/agent retry', 'wim');
      await reached.promise;
      await world.comment(issue, '/agent retry', 'mira');
      await world.waitForComment(issue, /A run is already under way here/);
      const byHand = await commitBy(world, pull?.head.ref ?? '');
      released.resolve();
      expect(await world.ended(2)).toMatchObject({ state: 'refused' });
      await closed(world, 2);
      const told = await world.waitForComment(issue, /^## Not done/m);
      expect(told).toMatch(/someone else changed it|moved/);
      expect(told).toContain('their commits are untouched');
      expect((await pulls(world))[0]?.head.sha).toBe(byHand);

      await world.settled();
      await world.comment(issue, '/agent retry', 'wim');
      expect(await world.ended(3)).toMatchObject({ state: 'published' });
      await closed(world, 3);
      const head = (await pulls(world))[0]?.head.sha ?? '';
      const { data: commit } = await world.as('mira').rest.git.getCommit({ ...at, commit_sha: head });
      expect(commit.parents.map(({ sha }) => sha)).toEqual([byHand]);
    },
    runMs,
  );
});
