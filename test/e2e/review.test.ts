import { afterEach, describe, expect, it } from 'vitest';
import { auditScope } from '../../src/app/audit/audit-scope.ts';
import { runAudit } from '../../src/app/audit/run-audit.ts';
import { parseSettings } from '../../src/config/read-settings.ts';
import type { Review, ReviewComment } from '../../src/hub/state/model.ts';
import { type BotWorld, openBotWorld, type WorldOptions } from '../support/bot-world.ts';
import { canaries } from '../support/canaries.ts';
import { soundRepository } from '../support/sample-repositories.ts';
import { type Script, type ScriptedModel, startScriptedModel } from '../support/scripted-model.ts';
import { silentLog } from '../support/silent-log.ts';

const runMs = 240_000;
const at = { owner: 'mira', repo: 'thing' };
const secret = canaries['GitHub personal token'] ?? '';
const brokenLine = '  for (let number = first; number < last; number++) sum += number;';

/** A person's change: it breaks a test, and brings a credential. */
const planted = {
  'src/range.js': (soundRepository['src/range.js'] ?? '').replace('number <= last', 'number < last'),
  'src/settings.js': `export const limit = 3;\nexport const token = '${secret}';\n`,
};

const finding = (line: number, quote: string, claim: string) => ({
  name: 'report_finding',
  input: { path: 'src/range.js', line, severity: 'error', claim, quote },
});

/** Reads, reports one thing rightly and three wrongly, tries to change a file, and claims what was measured otherwise. */
const reviewer: Script = [
  { toolCalls: [{ name: 'read_file', input: { path: 'src/range.js' } }] },
  {
    toolCalls: [
      finding(4, brokenLine, 'The last number is left out: sumRange(1, 4) gives 6.'),
      finding(4, 'for (;;) {', 'This line was never there.'),
      finding(9, '  return number % 2 === 0;', 'This change does not touch isEven.'),
      { name: 'write_file', input: { path: 'src/range.js', content: 'gone\n' } },
      { name: 'run', input: { command: 'touch /workspace/ran' } },
    ],
  },
  {
    toolCalls: [
      {
        name: 'finish',
        input: { summary: 'Adds settings. All tests pass.', not_done: '' },
      },
    ],
  },
];

describe('/agent review', () => {
  let world: BotWorld | undefined;
  let model: ScriptedModel | undefined;
  afterEach(async () => {
    await world?.close();
    await model?.close();
    world = undefined;
    model = undefined;
  });

  async function open(record: string, options: Partial<WorldOptions> = {}): Promise<BotWorld> {
    world = await openBotWorld({ files: soundRepository, record, ...options });
    return world;
  }

  async function openWithModel(record: string, script: Script): Promise<BotWorld> {
    model = await startScriptedModel(script);
    const env = {
      ANTHROPIC_API_KEY: 'test-key',
      ANTHROPIC_BASE_URL: model.anthropicUrl,
      AGENT_MODELS: 'anthropic:scripted',
    };
    return await open(record, { env });
  }

  const plantedPull = (on: BotWorld) =>
    on.openPull({
      branch: 'wim-settings',
      files: planted,
      title: 'Add settings',
      body: 'Only settings.',
      login: 'wim',
    });

  const shown = (
    on: BotWorld,
    number: number,
  ): { readonly reviews: readonly Review[]; readonly comments: readonly ReviewComment[] } => {
    const { pull } = on.hub.admin.issue('mira/thing', number);
    return { reviews: pull?.reviews ?? [], comments: pull?.reviewComments ?? [] };
  };

  const refsOf = (on: BotWorld) => Object.fromEntries(on.hub.admin.repository('mira/thing').refs);

  it(
    'of a person’s pull request is one review that comments, with gates’ findings and checked opinions on lines',
    async () => {
      const on = await openWithModel('review-model', reviewer);
      const pull = await plantedPull(on);
      const before = refsOf(on);
      await on.comment(pull.number, '/agent review the arithmetic', 'wim');
      expect(await on.ended()).toMatchObject({ state: 'published' });
      const tracking = await on.waitForComment(pull.number, /^## Done/m);
      expect(tracking).toContain('was looked at');

      const { reviews, comments } = shown(on, pull.number);
      expect(reviews.map(({ state, commitId, user }) => [state, commitId, user.login])).toEqual([
        ['COMMENTED', pull.headSha, 'pullwright[bot]'],
      ]);
      const body = reviews[0]?.body ?? '';
      expect(body).toContain(`## Review of \`${pull.headSha.slice(0, 12)}\``);
      expect(body).toContain('❌ fail');
      expect(body).toContain('sums both ends');
      expect(body).toContain('~~All tests pass.~~');
      expect(body).toContain(
        '1 on lines that do not read as quoted, 1 on lines that this change does not touch',
      );
      const onLines = comments.map(({ path, line, body: text }) => `${path}:${line} ${text}`);
      expect(onLines).toHaveLength(2);
      expect(onLines[0]).toMatch(
        /^src\/range\.js:4 \*\*Opinion of a model\*\* \(an error, not measured\): The last/,
      );
      expect(onLines[1]).toMatch(/^src\/settings\.js:2 \*\*Found by the gate secrets\*\*/);
      expect([body, ...onLines].join('\n')).not.toContain(secret.slice(8, 24));

      const { data: checks } = await on.as('mira').rest.checks.listForRef({ ...at, ref: pull.headSha });
      expect(
        Object.fromEntries(checks.check_runs.map(({ name, conclusion }) => [name, conclusion])),
      ).toMatchObject({
        'agent / tests': 'failure',
        'agent / security': 'failure',
      });
      // Nothing but the review: no ref moved or appeared, no token could have moved one.
      expect(refsOf(on)).toEqual(before);
      expect(on.hub.admin.repository('mira/thing').issues).toHaveLength(1);
      const tokens = on.hub.admin.tokenLog();
      expect(tokens.filter(({ permissions }) => permissions['contents'] === 'write')).toEqual([]);
      expect(on.events.some(({ kind }) => kind === 'checkpoint.made')).toBe(false);
      expect(model?.requests[0]?.lastText).toContain('the arithmetic');
      expect(model?.requests[0]?.lastText).toContain(`     4 +${brokenLine}`);
      expect(JSON.stringify(model?.requests.map((request) => request.body))).not.toContain(secret);
      const scope = auditScope(parseSettings(on.env), on.bot.composition.store, silentLog);
      expect((await runAudit(scope, null)).violations).toEqual([]);
      const { comments: said } = on.hub.admin.issue('mira/thing', pull.number);
      expect(said[0]?.reactions.map(({ content }) => content)).toEqual(['eyes']);
    },
    runMs,
  );

  it(
    'without a model key is what the gates found, and says so; once for each command, of the head at that time',
    async () => {
      const on = await open('review-gates');
      const pull = await plantedPull(on);
      await on.comment(pull.number, '/agent review');
      expect(await on.ended()).toMatchObject({ state: 'published' });
      await on.waitForComment(pull.number, /^## Done/m);
      expect(shown(on, pull.number).reviews[0]?.body).toContain('No model has looked at this');

      // GitHub sends a delivery again: nothing is done twice.
      const commands = on.hub.admin
        .deliveries(on.appId)
        .filter(
          ({ event, action, body }) =>
            event === 'issue_comment' && action === 'created' && body.includes('/agent review'),
        );
      expect(commands).toHaveLength(1);
      await on.bot.composition.store.deliveries.replay(commands[0]?.guid as never);
      await on.settled();
      expect(await on.bot.composition.store.runs.list({ limit: 10 })).toHaveLength(1);

      const { data } = await on.as('wim').rest.repos.createOrUpdateFileContents({
        ...at,
        branch: pull.branch,
        path: 'src/range.js',
        message: 'Count the last one',
        content: Buffer.from(soundRepository['src/range.js'] ?? '').toString('base64'),
        sha: await blobOf(on, pull.branch, 'src/range.js'),
      });
      await on.comment(pull.number, '/agent review');
      expect(await on.ended(2)).toMatchObject({ state: 'published' });
      const { reviews } = shown(on, pull.number);
      expect(reviews.map(({ commitId }) => commitId)).toEqual([pull.headSha, data.commit.sha]);
      expect(reviews[1]?.body).toContain('3 passed');
    },
    runMs,
  );

  async function blobOf(on: BotWorld, ref: string, path: string): Promise<string> {
    const { data } = await on.as('mira').rest.repos.getContent({ ...at, ref, path });
    return 'sha' in data ? data.sha : '';
  }

  it(
    'names the commit that it looked at when the branch has moved in the meantime',
    async () => {
      const slow = { ...soundRepository, '.github/agent.yml': 'commands:\n  lint: sleep 3\n' };
      const on = await open('review-moved', { files: slow });
      const pull = await plantedPull(on);
      await on.comment(pull.number, '/agent review');
      await on.waitForEvent((event) => event.kind === 'base.chosen');
      const { data } = await on.as('wim').rest.repos.createOrUpdateFileContents({
        ...at,
        branch: pull.branch,
        path: 'docs/later.md',
        message: 'Say more',
        content: Buffer.from('Later.\n').toString('base64'),
      });
      expect(await on.ended()).toMatchObject({ state: 'published' });
      const [review] = shown(on, pull.number).reviews;
      expect(review?.commitId).toBe(pull.headSha);
      expect(review?.body).toContain(`it is at \`${data.commit.sha?.slice(0, 12)}\``);
    },
    runMs,
  );

  it(
    'that GitHub takes in no form, because its commit was forced off the branch, is told as a comment',
    async () => {
      const slow = { ...soundRepository, '.github/agent.yml': 'commands:\n  lint: sleep 3\n' };
      const on = await open('review-forced', { files: slow });
      const pull = await plantedPull(on);
      const other = await on.openPull({
        branch: 'elsewhere',
        files: { 'docs/other.md': 'Other.\n' },
        title: 'Other',
        body: '',
      });
      await on.comment(pull.number, '/agent review');
      await on.waitForEvent((event) => event.kind === 'base.chosen');
      await on
        .as('wim')
        .rest.git.updateRef({ ...at, ref: `heads/${pull.branch}`, sha: other.headSha, force: true });
      expect(await on.ended()).toMatchObject({
        state: 'published',
        summary: expect.stringContaining('as a comment: GitHub took no review'),
      });
      expect(shown(on, pull.number).reviews).toEqual([]);
      const report = await on.waitForComment(pull.number, /^## Review of/m);
      expect(report).toContain(`it is at \`${other.headSha.slice(0, 12)}\``);
      expect(report).toContain('`src/settings.js:2`\n\n**Found by the gate secrets**');
    },
    runMs,
  );

  it(
    'is refused to readers, strangers, on issues, on closed pull requests and on forks, with what to do',
    async () => {
      const on = await open('review-refused');
      const pull = await plantedPull(on);
      for (const [login, role] of [
        ['rea', 'read'],
        ['tri', 'triage'],
        ['otto', 'read'],
      ] as const) {
        await on.comment(pull.number, '/agent review', login);
        const answer = new RegExp(`needs the role \`write\`[^]*yours is \`${role}\``);
        expect(await on.waitForComment(pull.number, answer)).toContain('Ask somebody who has it');
      }
      const issue = await on.fileIssue('A bug', 'Text.');
      await on.comment(issue, '/agent review');
      expect(await on.waitForComment(issue, /nothing to review/)).toContain('on a pull request');
      await on.as('mira').rest.pulls.update({ ...at, pull_number: pull.number, state: 'closed' });
      await on.comment(pull.number, '/agent review');
      expect(await on.waitForComment(pull.number, /is closed/)).toContain('Reopen it');
      const forked = await forkedPull(on);
      await on.comment(forked, '/agent review');
      expect(await on.waitForComment(forked, /in a fork/)).toContain('open a pull request from it');
      await on.settled();
      expect(await on.bot.composition.store.runs.list({ limit: 10 })).toEqual([]);
      expect(shown(on, pull.number).reviews).toEqual([]);
    },
    runMs,
  );

  async function forkedPull(on: BotWorld): Promise<number> {
    await on.hub.admin.fork('mira/thing', 'otto');
    const { rest } = on.as('otto');
    await rest.repos.createOrUpdateFileContents({
      owner: 'otto',
      repo: 'thing',
      path: 'docs/new.md',
      message: 'Add docs',
      content: Buffer.from('Docs.\n').toString('base64'),
    });
    const { data } = await rest.pulls.create({
      ...at,
      head: 'otto:main',
      base: 'main',
      title: 'Docs',
      body: '',
    });
    return data.number;
  }
});
