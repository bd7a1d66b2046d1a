import { afterEach, describe, expect, it } from 'vitest';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { javascriptBug, soundRepository } from '../support/sample-repositories.ts';
import type { ScriptedAnswer } from '../support/scripted-model.ts';
import { closed, finish, openSteeringWorld, planned, write } from '../support/steering-world.ts';

const runMs = 240_000;
const at = { owner: 'mira', repo: 'thing' };
const file = 'src/range.js';

/** A person changes a file of the default branch. */
async function pushToMain(
  world: BotWorld,
  path: string,
  change: (text: string) => string,
  message: string,
): Promise<string> {
  const { rest } = world.as('mira');
  const known = await rest.repos.getContent({ ...at, path, ref: 'main' }).then(
    ({ data }) => data as { readonly sha: string; readonly content: string },
    () => undefined,
  );
  const before = known ? Buffer.from(known.content, 'base64').toString('utf8') : '';
  const { data } = await rest.repos.createOrUpdateFileContents({
    ...at,
    path,
    branch: 'main',
    message,
    content: Buffer.from(change(before)).toString('base64'),
    ...(known ? { sha: known.sha } : {}),
  });
  return data.commit.sha ?? '';
}

/** The bot's pull request as GitHub shows it now. */
async function pullOf(world: BotWorld) {
  const { rest } = world.as('mira');
  const { data: pulls } = await rest.pulls.list({ ...at, state: 'all' });
  const [first] = pulls;
  if (!first) throw new Error('no pull request');
  return (await rest.pulls.get({ ...at, pull_number: first.number })).data;
}

/** The nth run is closed, and everything that was sent so far was taken up. */
async function over(world: BotWorld, nth: number): Promise<void> {
  await closed(world, nth);
  await world.settled();
}

async function parentsOf(world: BotWorld, sha: string): Promise<readonly string[]> {
  const { data } = await world.as('mira').rest.git.getCommit({ ...at, commit_sha: sha });
  return data.parents.map((parent) => parent.sha);
}

async function conclusions(world: BotWorld, ref: string) {
  const { data } = await world.as('mira').rest.checks.listForRef({ ...at, ref });
  return Object.fromEntries(data.check_runs.map(({ name, conclusion }) => [name, conclusion]));
}

describe('a base branch that moves under a pull request of the bot', () => {
  let opened: { close(): Promise<void> } | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  /** Without a model: the search repairs the bug, and the pull request stands. */
  async function published(record: string): Promise<{ readonly world: BotWorld; readonly head: string }> {
    const world = await openBotWorld({ files: javascriptBug, record });
    opened = world;
    await world.label(await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6.'));
    expect(await world.ended()).toMatchObject({ state: 'published' });
    await over(world, 1);
    return { world, head: (await pullOf(world)).head.sha };
  }

  it(
    'in conflict is merged by the model that sees both sides, and pushed when every gate is green again',
    async () => {
      const ours = soundRepository[file]?.replace('number % 2 === 0', 'Math.abs(number) % 2 === 0') ?? '';
      const theirs = (text: string): string => text.replace('number % 2 === 0', '(number & 1) === 0');
      const settled = ours.replace('Math.abs(number) % 2', '(Math.abs(number) & 1)');
      const script: readonly ScriptedAnswer[] = [
        ...planned,
        { toolCalls: [write(file, ours)] },
        finish,
        { toolCalls: [write(file, settled)] },
        { toolCalls: [{ name: 'finish', input: { summary: 'Both hold now.', not_done: '' } }] },
      ];
      const { world, model, ...stage } = await openSteeringWorld('base-conflict', script);
      opened = stage;
      expect(await world.ended()).toMatchObject({ state: 'published' });
      await over(world, 1);
      const before = await pullOf(world);
      const tip = await pushToMain(world, file, theirs, 'Test bits instead of dividing');
      expect(await world.ended(2)).toMatchObject({ state: 'published' });
      const after = await pullOf(world);
      expect(await parentsOf(world, after.head.sha)).toEqual([before.head.sha, tip]);
      expect(after.mergeable).toBe(true);
      expect(after.body).toBe(before.body);
      expect(await conclusions(world, after.head.sha)).toMatchObject({ 'agent / tests': 'success' });
      const asked = JSON.stringify(model.requests.at(-2)?.body);
      expect(asked).toContain('Test bits instead of dividing');
      expect(asked).toContain(file);
      const [report] = world.botComments(after.number).filter((body) => body.includes('was merged into'));
      expect(report).toMatch(
        /Test bits instead of dividing[\s\S]*settled these conflicts[\s\S]*src\/range\.js/,
      );
      expect(report).toContain('Both hold now.');
      const { data: commit } = await world
        .as('mira')
        .rest.git.getCommit({ ...at, commit_sha: after.head.sha });
      expect(commit.message).toMatch(/^Merge main into agent\//);
      expect(commit.verification.verified).toBe(true);
    },
    runMs,
  );

  it(
    'in conflict without a model is left to people once, with the files named',
    async () => {
      const { world, head } = await published('base-conflict-no-model');
      const change = (text: string): string => text.replace('number < last', 'number < last + 0');
      await pushToMain(world, file, change, 'Compare otherwise');
      expect(await world.ended(2)).toMatchObject({ state: 'refused' });
      const pull = await pullOf(world);
      expect(pull.head.sha).toBe(head);
      expect(pull.mergeable).toBe(false);
      await over(world, 2);
      await world.waitForComment(1, /In conflict: .*src\/range\.js/);
      await pushToMain(world, 'README.md', (text) => `${text}\nMore.\n`, 'Say more');
      await world.settled();
      expect(await world.bot.composition.store.runs.list({ limit: 9 })).toHaveLength(2);
    },
    runMs,
  );

  it(
    'ahead of what it takes is merged without a model, and nothing happens where it takes more',
    async () => {
      const { world, head } = await published('base-behind');
      await pushToMain(world, 'README.md', (text) => `${text}\nMore.\n`, 'Say more');
      await world.settled();
      expect((await pullOf(world)).head.sha).toBe(head);
      world.hub.admin.demandUpToDate('mira/thing', 'main');
      const tip = await pushToMain(world, 'docs/more.md', () => 'More.\n', 'Say even more');
      expect(await world.ended(2)).toMatchObject({ state: 'published' });
      const pull = await pullOf(world);
      expect(await parentsOf(world, pull.head.sha)).toEqual([head, tip]);
      expect(pull.mergeable_state).toBe('clean');
      const [report] = world.botComments(pull.number).filter((body) => body.includes('was merged into'));
      expect(report).toMatch(/Say even more[\s\S]*There was no conflict[\s\S]*## Evidence/);
    },
    runMs,
  );

  it(
    'that would turn a gate red pushes nothing',
    async () => {
      const { world, head } = await published('base-red');
      world.hub.admin.demandUpToDate('mira/thing', 'main');
      const test = [
        "import assert from 'node:assert/strict';",
        "import { test } from 'node:test';",
        "import { sumRange } from '../src/range.js';",
        '',
        "test('sums without the end', () => assert.equal(sumRange(1, 4), 6));",
        '',
      ];
      await pushToMain(world, 'test/other.test.js', () => test.join('\n'), 'Pin what it does');
      expect(await world.ended(2)).toMatchObject({ state: 'refused' });
      await world.waitForComment(1, /not every gate is green: tests:[\s\S]*Nothing was pushed/);
      expect((await pullOf(world)).head.sha).toBe(head);
    },
    runMs,
  );

  it(
    'with changed workflows waits for a person to press the button, and judges the result',
    async () => {
      const { world } = await published('base-workflows');
      world.hub.admin.demandUpToDate('mira/thing', 'main');
      const workflow = 'on: push\njobs: {}\n';
      await pushToMain(world, '.github/workflows/ci.yml', () => workflow, 'Check more');
      expect(await world.ended(2)).toMatchObject({ state: 'refused' });
      await over(world, 2);
      await world.waitForComment(1, /ci\.yml[\s\S]*Update branch/);
      const { number } = await pullOf(world);
      await world.as('mira').rest.pulls.updateBranch({ ...at, pull_number: number });
      expect(await world.ended(3)).toMatchObject({ state: 'published' });
      const pull = await pullOf(world);
      expect((await parentsOf(world, pull.head.sha)).length).toBe(2);
      expect(await conclusions(world, pull.head.sha)).toMatchObject({ 'agent / tests': 'success' });
      const [report] = world.botComments(number).filter((body) => body.includes('was judged again'));
      expect(report).toContain('nothing was committed');
    },
    runMs,
  );
});
