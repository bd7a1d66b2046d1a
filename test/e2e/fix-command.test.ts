import { afterEach, describe, expect, it } from 'vitest';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { javascriptBug, soundRepository } from '../support/sample-repositories.ts';
import { type Script, type ScriptedModel, startScriptedModel } from '../support/scripted-model.ts';

const runMs = 120_000;
const at = { owner: 'mira', repo: 'thing' };

/** Adds isOdd on top of what the pull request has, in four turns. */
const isOddScript: Script = [
  {
    toolCalls: [
      {
        name: 'update_plan',
        input: { steps: [{ title: 'Add isOdd', acceptance: 'isOdd(3) is true', status: 'open' }] },
      },
    ],
  },
  { text: 'Add isOdd beside isEven.' },
  {
    toolCalls: [
      {
        name: 'record_decision',
        input: {
          question: 'Where does isOdd go?',
          options: ['src/range.js', 'a new file'],
          choice: 'src/range.js',
          reason: 'isEven is there',
          evidence: 'src/range.js:8',
        },
      },
      {
        name: 'edit_file',
        input: {
          path: 'src/range.js',
          old_text: 'export function isEven(number) {',
          new_text:
            'export function isOdd(number) {\n  return !isEven(number);\n}\n\nexport function isEven(number) {',
        },
      },
      {
        name: 'write_file',
        input: {
          path: 'test/odd.test.js',
          content:
            "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { isOdd } from '../src/range.js';\n\ntest('knows odd numbers', () => assert.equal(isOdd(3), true));\n",
        },
      },
    ],
  },
  { toolCalls: [{ name: 'finish', input: { summary: 'Added isOdd.', not_done: '' } }] },
];

describe('/agent fix on a pull request of the same repository', () => {
  let world: BotWorld | undefined;
  let model: ScriptedModel | undefined;
  afterEach(async () => {
    await world?.close();
    await model?.close();
    world = undefined;
    model = undefined;
  });

  /** The branch is one commit of the bot on top of the person's; the pull request stays one, with a report on it. */
  async function expectUpdated(
    on: BotWorld,
    pull: { readonly number: number; readonly headSha: string },
    files: readonly string[],
  ): Promise<void> {
    const { rest } = on.as('mira');
    const { data: pulls } = await rest.pulls.list({ ...at, state: 'all' });
    expect(pulls.map(({ number, state }) => [number, state])).toEqual([[pull.number, 'open']]);
    const head = pulls[0]?.head.sha ?? '';
    const { data: commit } = await rest.git.getCommit({ ...at, commit_sha: head });
    expect(commit.parents.map(({ sha }) => sha)).toEqual([pull.headSha]);
    expect(commit.author.name).toBe('pullwright[bot]');
    const { data: compared } = await rest.repos.compareCommitsWithBasehead({
      ...at,
      basehead: `${pull.headSha}...${head}`,
    });
    expect(compared.files?.map(({ filename }) => filename)).toEqual(files);
    const reports = on.botComments(pull.number).filter((body) => body.includes('## Evidence'));
    expect(reports).toHaveLength(1);
    const { data: checks } = await rest.checks.listForRef({ ...at, ref: head });
    expect(checks.check_runs.find(({ name }) => name === 'agent / tests')?.conclusion).toBe('success');
    expect(on.hub.admin.issue('mira/thing', pull.number).body).not.toContain('## Evidence');
  }

  it(
    'updates its branch by repair and reports on the issue that it closes',
    async () => {
      world = await openBotWorld({ files: javascriptBug, record: 'fix-repair' });
      const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6.');
      const pull = await world.openPull({
        branch: 'wim-docs',
        files: { 'docs/range.md': 'Both ends are included.\n' },
        title: 'Say what a range is',
        body: `Closes #${issue}`,
        login: 'wim',
      });
      await world.comment(pull.number, '/agent fix sumRange forgets the last number', 'wim');
      expect(await world.ended()).toMatchObject({ state: 'published' });
      const tracking = await world.waitForComment(issue, /^## Done/m);
      await expectUpdated(world, pull, ['src/range.js']);
      expect(tracking).toMatch(/Which change to `?src\/range\.js`? makes the failing tests pass/);
      expect(tracking).toContain(`#${pull.number}`);
      expect(world.hub.admin.repository('mira/thing').issues).toHaveLength(2);
      const trackers = world.botComments(issue).filter((body) => body.includes('### Steps'));
      expect(trackers).toHaveLength(1);
      const { comments } = world.hub.admin.issue('mira/thing', pull.number);
      expect(comments[0]?.reactions.map(({ content }) => content)).toEqual(['eyes']);
    },
    runMs,
  );

  it(
    'opens one tracking issue for all its runs where it closes none, linked both ways',
    async () => {
      world = await openBotWorld({ files: javascriptBug, record: 'fix-repair-tracking' });
      const pull = await world.openPull({
        branch: 'docs',
        files: { 'docs/range.md': 'Both ends are included.\n' },
        title: 'Say what a range is',
        body: 'No issue.',
      });
      await world.comment(pull.number, '/agent fix');
      expect(await world.ended()).toMatchObject({ state: 'published' });
      const issues = () =>
        world?.hub.admin.repository('mira/thing').issues.filter((issue) => issue.pull === null) ?? [];
      const tracking = issues()[0];
      expect(tracking?.labels.map(({ name }) => name)).toEqual(['agent:tracking']);
      expect(tracking?.body).toContain(`#${pull.number}`);
      await world.waitForComment(tracking?.number ?? 0, /^## Done/m);
      await expectUpdated(world, pull, ['src/range.js']);
      const report = world.botComments(pull.number).find((body) => body.includes('## Evidence'));
      expect(report).toContain(`#${tracking?.number}`);

      await world.comment(pull.number, '/agent fix once more');
      expect(await world.ended(2)).toMatchObject({ state: 'refused' });
      await world.settled();
      expect(issues()).toHaveLength(1);
    },
    runMs,
  );

  it.each([
    ['and reports on the issue that it closes', true],
    ['and opens a tracking issue where it closes none', false],
  ])(
    'updates its branch with a model %s',
    async (_how, closes) => {
      model = await startScriptedModel(isOddScript);
      world = await openBotWorld({
        files: soundRepository,
        record: `fix-model-${closes ? 'closes' : 'tracking'}`,
        env: {
          ANTHROPIC_API_KEY: 'test-key',
          ANTHROPIC_BASE_URL: model.anthropicUrl,
          AGENT_MODELS: 'anthropic:scripted',
        },
      });
      const issue = await world.fileIssue('Add isOdd', 'It is missing.');
      const pull = await world.openPull({
        branch: 'odd',
        files: { 'docs/odd.md': 'isOdd is the opposite of isEven.\n' },
        title: 'Describe isOdd',
        body: closes ? `Fixes #${issue}` : 'Only words.',
      });
      await world.comment(pull.number, '/agent fix add isOdd itself\n\nIt is described already.');
      expect(await world.ended()).toMatchObject({ state: 'published' });
      const { issues } = world.hub.admin.repository('mira/thing');
      const where = closes ? issue : (issues.findLast((one) => one.pull === null)?.number ?? 0);
      expect(where === issue).toBe(closes);
      const tracking = await world.waitForComment(where, /^## Done/m);
      expect(tracking).toContain('Where does isOdd go?');
      await expectUpdated(world, pull, ['src/range.js', 'test/odd.test.js']);
      expect(model.requests[0]?.lastText).toContain('add isOdd itself');
      expect(model.requests[0]?.lastText).toContain('It is described already.');
    },
    runMs,
  );

  it(
    'leaves the commits of a person alone that came while it worked',
    async () => {
      const slow = { ...javascriptBug, '.github/agent.yml': 'commands:\n  lint: sleep 3\n' };
      world = await openBotWorld({ files: slow, record: 'fix-moved' });
      const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6.');
      const pull = await world.openPull({
        branch: 'docs',
        files: { 'docs/range.md': 'One.\n' },
        title: 'Docs',
        body: `Closes #${issue}`,
      });
      await world.comment(pull.number, '/agent fix');
      await world.waitForEvent((event) => event.kind === 'base.chosen');
      const { rest } = world.as('mira');
      const { data } = await rest.repos.createOrUpdateFileContents({
        ...at,
        path: 'docs/other.md',
        branch: 'docs',
        message: 'Say more',
        content: Buffer.from('Two.\n').toString('base64'),
      });
      expect(await world.ended()).toMatchObject({ state: 'refused' });
      expect(await world.waitForComment(issue, /^## Not done/m)).toMatch(/someone else changed it|moved/);
      const { data: ref } = await rest.git.getRef({ ...at, ref: 'heads/docs' });
      expect(ref.object.sha).toBe(data.commit.sha);
    },
    runMs,
  );
});
