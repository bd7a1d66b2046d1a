import { afterEach, describe, expect, it } from 'vitest';
import { mainSha, openCiWorld, pullOf, tries, waitsFor } from '../support/ci-world.ts';
import { soundRepository } from '../support/sample-repositories.ts';
import { parked, type SteeringWorld } from '../support/steering-world.ts';

const runMs = 180_000;
const at = { owner: 'mira', repo: 'thing' };
const repository = 'mira/thing';

describe('the checks of others', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  const judged = ({ world }: SteeringWorld) =>
    world.events.flatMap((event) => (event.kind === 'checks.judged' ? [event] : []));

  /** A workflow with the job `unit` at the commit that the run waits for, ended as it is told. */
  async function unit(world: SteeringWorld, sha: string, conclusion: string, log = ''): Promise<number> {
    const { admin } = world.world.hub;
    const { runId } = admin.startWorkflow(repository, { sha, name: 'CI', jobs: ['unit'] });
    await admin.finishJob(repository, runId, { name: 'unit', conclusion, log });
    return runId;
  }

  it(
    'are waited for without a worker, and a green required one makes the draft ready',
    async () => {
      opened = await openCiWorld('ci-green');
      const { world, issue } = opened;
      const sha = await waitsFor(opened);
      const waiting = await world.waitForComment(issue, /^## Waiting for the checks of others/m);
      expect(waiting).toContain('- `unit`');
      await parked(world);
      expect((await pullOf(opened)).draft).toBe(true);

      await world.comment(issue, '/agent status', 'rea');
      await world.waitForComment(issue, /it waits for the checks of others on #\d+ and goes on by itself/);
      await world.comment(issue, 'approve please', 'otto');
      await world.as('mira').rest.repos.createCommitStatus({ ...at, sha, state: 'success', context: 'lint' });
      await world.waitForEvent((event) => event.kind === 'message.taken' && event.message === 'event');
      await parked(world);
      expect((await pullOf(opened)).draft).toBe(true);

      await unit(opened, sha, 'success');
      expect((await world.ended()).summary).toMatch(/^#\d+ is open and green$/);
      const pull = await pullOf(opened);
      expect(pull.draft).toBe(false);
      expect(pull.body).toMatch(/## Checks of others\n\n.*\n.*\n\| `unit` \| yes \| \[✅ success\]/);
      expect(pull.body).toMatch(/\| `lint` \| no \| \[✅ success\]\([^)]*\/commit\/[0-9a-f]{40}\)/);
      const tracking = await world.waitForComment(issue, /^## Done/m);
      expect(tracking).not.toContain('the checks were looked at again');
    },
    runMs,
  );

  it(
    'send the work back when this change made them red, with the end of the log, until they are green',
    async () => {
      opened = await openCiWorld('ci-mended', { versions: tries.slice(0, 2) });
      const { world, model, issue } = opened;
      const first = await waitsFor(opened);
      const log = [
        '2026-11-01T10:00:00.0000000Z assertion \u001b[31mLOG-END\u001b[0m: extra is 1',
        '2026-11-01T10:00:00.0000000Z token ghp_0123456789abcdefghijklmnopqrstuvwxyz',
        '2026-11-01T10:00:00.0000000Z ##[error]Process completed with exit code 1.',
        '2026-11-01T10:00:01.0000000Z Post job cleanup.',
      ].join('\n');
      await unit(opened, first, 'failure', log);
      const second = await waitsFor(opened, 2);
      expect(second).not.toBe(first);
      await unit(opened, second, 'success');
      expect(await world.ended()).toMatchObject({ state: 'published' });

      const pull = await pullOf(opened);
      expect(pull.draft).toBe(false);
      expect(pull.head.sha).toBe(second);
      const { data: commits } = await world.as('mira').rest.pulls.listCommits({
        ...at,
        pull_number: pull.number,
      });
      expect(commits.map(({ sha }) => sha)).toEqual([first, second]);
      expect(commits.every(({ commit }) => commit.verification?.verified)).toBe(true);
      const { data: file } = await world.as('mira').rest.repos.getContent({
        ...at,
        path: 'src/extra.js',
        ref: second,
        mediaType: { format: 'raw' },
      });
      expect(file).toBe(tries[1]);

      const told = model.requests.find(({ lastText }) => /round 2/.test(lastText))?.lastText ?? '';
      expect(told).toMatch(/<<<data [0-9a-f]{16} checks>>>\n## CI check "unit": failure/);
      expect(told).toContain('assertion LOG-END: extra is 1');
      expect(told).not.toContain('ghp_0123456789');
      expect(told).not.toContain('Post job cleanup');
      expect(pull.body).toMatch(/Round 1, after `[0-9a-f]{12}`: “unit” fails because of this change/);
      const { data: ours } = await world.as('mira').rest.checks.listForRef({ ...at, ref: second });
      expect(ours.check_runs.map(({ name }) => name)).toContain('agent / tests');
      expect(world.botComments(issue)).toHaveLength(1);
    },
    runMs,
  );

  it(
    'end in a question to a person after three rounds of mending',
    async () => {
      opened = await openCiWorld('ci-never-green');
      const { world } = opened;
      for (const round of [1, 2, 3, 4]) await unit(opened, await waitsFor(opened, round), 'failure');
      const end = await world.ended();
      expect(end.summary).toMatch(/“unit” fails because of this change, also after 3 rounds of mending/);
      const pull = await pullOf(opened);
      expect(pull.draft).toBe(true);
      const asked = await world.waitForComment(pull.number, /I need a person/);
      expect(asked).toMatch(/- Round 3, after `[0-9a-f]{12}`: “unit” fails/);
      expect(asked).toContain('`/agent fix <what to change>`');
      expect(judged(opened).map(({ outcome }) => outcome)).toEqual(['fix', 'fix', 'fix', 'ask']);
    },
    runMs,
  );

  it(
    'that were red on the base before are said to be, and are not mended here',
    async () => {
      opened = await openCiWorld('ci-red-on-base');
      const { world } = opened;
      const { admin } = world.hub;
      const { runId } = admin.startWorkflow(repository, {
        sha: mainSha(opened),
        name: 'CI',
        jobs: ['unit'],
        event: 'push',
      });
      await admin.finishJob(repository, runId, { name: 'unit', conclusion: 'failure' });
      await unit(opened, await waitsFor(opened), 'failure');
      const end = await world.ended();
      expect(end.summary).toMatch(/“unit” is required and was red before this change/);
      const pull = await pullOf(opened);
      expect(pull.draft).toBe(true);
      expect(pull.body).toMatch(/also red on the base: \[it is also red on [0-9a-f]{12}/);
      expect(judged(opened)).toMatchObject([{ outcome: 'ask', checks: [{ class: 'red-on-base' }] }]);
    },
    runMs,
  );

  it(
    'that were red and then green at one commit count as green, and are called flaky',
    async () => {
      opened = await openCiWorld('ci-flaky');
      const { world } = opened;
      const { admin } = world.hub;
      const sha = await waitsFor(opened);
      const { runId } = admin.startWorkflow(repository, { sha, name: 'CI', jobs: ['unit', 'slow'] });
      await admin.finishJob(repository, runId, { name: 'unit', conclusion: 'failure' });
      admin.rerunJob(repository, runId, 'unit');
      await admin.finishJob(repository, runId, { name: 'unit', conclusion: 'success' });
      await admin.finishJob(repository, runId, { name: 'slow', conclusion: 'success' });
      expect((await world.ended()).summary).toMatch(/is open and green/);
      const pull = await pullOf(opened);
      expect(pull.draft).toBe(false);
      expect(pull.body).toMatch(
        /`unit` \| yes \| \[✅ success\].*flaky: \[it was red on this very commit before/,
      );
    },
    runMs,
  );

  it(
    'that do not end in time leave a draft that says which',
    async () => {
      opened = await openCiWorld('ci-late', { limits: { checksWaitMs: 3_000, checksRereadMs: 1_000 } });
      const { world } = opened;
      const end = await world.ended();
      expect(end.summary).toMatch(/“unit” is required, and nobody has reported it within/);
      const pull = await pullOf(opened);
      expect(pull.draft).toBe(true);
      await world.waitForComment(pull.number, /I need a person/);
    },
    runMs,
  );

  it(
    'are seen without any delivery',
    async () => {
      opened = await openCiWorld('ci-no-delivery', { limits: { checksRereadMs: 1_000 } });
      const { world } = opened;
      const sha = await waitsFor(opened);
      await parked(world);
      world.hub.admin.setWebhookUrl(world.appId, null);
      await unit(opened, sha, 'success');
      expect((await world.ended()).summary).toMatch(/is open and green/);
    },
    runMs,
  );

  it(
    'are left to whoever pushed to the branch in the meantime',
    async () => {
      opened = await openCiWorld('ci-moved');
      const { world } = opened;
      await waitsFor(opened);
      await parked(world);
      const pull = await pullOf(opened);
      await world.as('wim').rest.repos.createOrUpdateFileContents({
        ...at,
        branch: pull.head.ref,
        path: 'theirs.js',
        message: 'One more',
        content: Buffer.from('export const theirs = 1;\n').toString('base64'),
      });
      const end = await world.ended();
      expect(end.summary).toMatch(/changed by somebody else after it was pushed/);
      const left = await pullOf(opened);
      expect(left.draft).toBe(true);
      const { data: commits } = await world.as('mira').rest.pulls.listCommits({
        ...at,
        pull_number: pull.number,
      });
      expect(commits.map(({ commit }) => commit.message)).toContain('One more');
    },
    runMs,
  );

  it(
    'give way to what a person who may write says, and are waited for at the next commit',
    async () => {
      opened = await openCiWorld('ci-words');
      const { world, issue } = opened;
      const first = await waitsFor(opened);
      await parked(world);
      await world.comment(issue, 'OUTSIDE-WORDS do it otherwise', 'otto');
      await world.comment(issue, 'WANTED-WORDS do it otherwise', 'wim');
      const second = await waitsFor(opened, 2);
      expect(second).not.toBe(first);
      await unit(opened, second, 'success');
      expect((await world.ended()).summary).toMatch(/is open and green/);
      const all = JSON.stringify(opened.model.requests.map(({ body }) => body));
      expect(all).toContain('WANTED-WORDS');
      expect(all).not.toContain('OUTSIDE-WORDS');
    },
    runMs,
  );

  it(
    'are read as far as the App may, and what could not be read is said',
    async () => {
      opened = await openCiWorld('ci-permission', { withoutPermissions: ['statuses'] });
      const { world } = opened;
      await unit(opened, await waitsFor(opened), 'success');
      expect((await world.ended()).summary).toMatch(/is open and green/);
      const { body } = await pullOf(opened);
      expect(body).toContain('Not read, because the App lacks the permission: `statuses: read`');
    },
    runMs,
  );

  it(
    'come before the question to a person what the gates hold is put',
    async () => {
      const path = 'test/range.test.js';
      const without = (soundRepository[path] ?? '').replace(/^test\('knows even numbers'.*\n/m, '');
      opened = await openCiWorld('ci-held', { path, versions: [without] });
      const { world, issue } = opened;
      const sha = await waitsFor(opened);
      expect(world.botComments(issue).join('')).not.toContain('/agent approve');
      await unit(opened, sha, 'success');
      await world.waitForComment(issue, /Waiting for the approval of what is held/);
      await parked(world);
      const hash = /\/agent approve ([0-9a-f]{12})/.exec((await pullOf(opened)).body ?? '')?.[1] ?? '';
      await world.comment(issue, `/agent approve ${hash}`, 'wim');
      expect((await world.ended()).summary).toMatch(/is open: wim released what was held/);
      expect((await pullOf(opened)).draft).toBe(false);
    },
    runMs,
  );

  it(
    'are not waited for where nobody checks, and nothing of them is journaled',
    async () => {
      opened = await openCiWorld('ci-none', { required: [], limits: { checksGraceMs: 60_000 } });
      const { world } = opened;
      expect((await world.ended()).summary).toMatch(/is open and green/);
      expect((await pullOf(opened)).body).not.toContain('Checks of others');
      expect(world.events.filter(({ kind }) => kind === 'wait.begun')).toEqual([]);
      expect(judged(opened)).toEqual([]);
    },
    runMs,
  );
});
