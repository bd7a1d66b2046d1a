import { afterEach, describe, expect, it } from 'vitest';
import { dashboardSaying, dashboards, tick, unticked } from '../support/control-issue.ts';
import { soundRepository } from '../support/sample-repositories.ts';
import type { Script } from '../support/scripted-model.ts';
import {
  closed,
  deletingTest,
  finish,
  openSteeringWorld,
  parked,
  planned,
  type SteeringWorld,
  write,
} from '../support/steering-world.ts';

const runMs = 240_000;
const at = { owner: 'mira', repo: 'thing' };
const files = { ...soundRepository, '.github/agent.yml': 'control_issue: true\n' };

describe('the control issue', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  it(
    'shows what waits, and takes a tick as the command of whoever ticked it, once',
    async () => {
      opened = await openSteeringWorld('control-approve', deletingTest, { files });
      const { world, issue } = opened;
      const { admin } = world.hub;
      admin.webhookFaults.plant({ kind: 'duplicate', event: 'issues.edited' });
      await parked(world);
      const shown = await dashboardSaying(world, /### Waits for people/);
      expect(shown.user.login).toBe('pullwright[bot]');
      expect(shown.body).toMatch(
        new RegExp(`^- #${issue} Do something: what the gates hold in #\\d+ waits`, 'm'),
      );
      expect(shown.body).toMatch(
        /^ {2}- \[ \] <!-- pullwright:box=approve:[0-9a-z]+:[0-9a-f]+ -->Approve exactly `[0-9a-f]{12}` \(role `write`\)$/m,
      );

      // GitHub lets nobody edit it who may not at least triage.
      for (const login of ['rea', 'otto'])
        await expect(tick(world, 'approve', login)).rejects.toMatchObject({ status: 403 });
      await tick(world, 'approve', 'tri');
      await world.waitForComment(shown.number, /needs the role `write` or higher/);
      await unticked(world);

      const other = `${shown.body}\n- [x] <!-- pullwright:box=approve:0123456789abcdefghjkmnpqrs:${'a'.repeat(64)} -->Mine\n`;
      await world.as('wim').rest.issues.update({ ...at, issue_number: shown.number, body: other });
      await world.waitForComment(shown.number, /not one that I offer here now/);
      expect((await unticked(world)).body).not.toContain('Mine');
      await world.settled();
      const { runs } = world.bot.composition.store;
      expect(await runs.list({ limit: 9 })).toMatchObject([{ state: 'parked' }]);

      await tick(world, 'approve', 'wim');
      expect(await world.ended()).toMatchObject({
        state: 'published',
        summary: expect.stringMatching(/wim released what was held/),
      });
      const done = await dashboardSaying(world, /✅ published, #\d+ · #\d+ Do something/);
      expect(done.body).toContain('1 of 1 runs published what was asked for (100 %)');
      expect(done.body).not.toContain('pullwright:box');
      await world.settled();
      expect(
        world.botComments(issue).filter((body) => body.startsWith('Approved: what is held')),
      ).toHaveLength(1);
      expect(dashboards(world)).toHaveLength(1);

      await world.label(shown.number);
      await world.waitForComment(shown.number, /I start nothing on it/);
      await world.comment(shown.number, '/agent fix everything', 'wim');
      await expect
        .poll(
          () => world.botComments(shown.number).filter((body) => /I start nothing on it/.test(body)).length,
        )
        .toBe(2);
      await world.settled();
      expect(await runs.list({ limit: 9 })).toHaveLength(1);
    },
    runMs,
  );

  it(
    'approves a change of protected paths for a maintainer only, and goes on with a paused run',
    async () => {
      const manifest = {
        name: 'thing',
        version: '1.0.0',
        type: 'module',
        scripts: { test: 'node --test test/' },
      };
      const script: Script = ({ turn, lastText }) => {
        if (turn < planned.length) return planned[turn] ?? finish;
        return /rote/.test(lastText)
          ? finish
          : { toolCalls: [write('package.json', JSON.stringify(manifest))] };
      };
      opened = await openSteeringWorld('control-protected', script, { files });
      const { world, issue } = opened;
      const shown = await dashboardSaying(world, /its change of protected paths \(`package.json`\) waits/);
      expect(shown.body).toMatch(
        /box=approve:[0-9a-z]+:[0-9a-f]{64} -->Approve exactly `[0-9a-f]{12}` \(role `maintain`\)/,
      );
      await tick(world, 'approve', 'wim');
      await world.waitForComment(issue, /needs the role `maintain` or higher/);
      await unticked(world);
      await world.settled();
      expect((await world.bot.composition.store.runs.list({ limit: 1 }))[0]?.state).toBe('parked');
      await tick(world, 'approve', 'max');
      expect(await world.ended()).toMatchObject({ state: 'published' });
      const { data } = await world.as('mira').rest.pulls.list({ ...at, state: 'all' });
      expect(data[0]?.body).toMatch(/max.*`maintain`.*approved the change of protected paths/);
      await closed(world, 1);

      const second = await world.fileIssue('Another', 'Please.');
      await world.label(second);
      await world.waitForComment(second, /## Working|### Steps/);
      await world.comment(second, '/agent pause', 'wim');
      await dashboardSaying(world, /it is paused[^]*box=resume:/);
      await tick(world, 'resume', 'tri');
      await world.waitForComment(second, /I go on where the run was paused/);
      await dashboardSaying(world, /its change of protected paths/);
      await tick(world, 'stop', 'tri');
      expect(await world.ended(2)).toMatchObject({ state: 'cancelled' });
    },
    runMs,
  );

  it(
    'retries and stops by its boxes, says which tick it did not hear of, and is left alone, made again or ended by people',
    async () => {
      const reached: (() => void)[] = [];
      const script: Script = async ({ turn }) => {
        if (turn < planned.length) return planned[turn] ?? finish;
        const { promise, resolve } = Promise.withResolvers<void>();
        reached.push(resolve);
        await promise;
        return finish;
      };
      opened = await openSteeringWorld('control-retry', script, {
        files,
        env: { RECONCILE_MINUTES: '0.02' },
      });
      const { world, issue } = opened;
      const { admin } = world.hub;
      const { runs } = world.bot.composition.store;
      await dashboardSaying(world, /### Under way[^]*box=stop:/);
      await tick(world, 'stop', 'tri');
      expect(await world.ended()).toMatchObject({ state: 'cancelled' });
      await closed(world, 1);
      await world.waitForComment(issue, /^Stopping run/);
      const ended = await dashboardSaying(world, /⏹ stopped · #\d+ Do something[^]*box=retry:/);
      expect(ended.body).toContain('no run has come to its end; 1 more were stopped');

      // GitHub never sends this one, and its log does not have it either.
      admin.webhookFaults.plant({ kind: 'swallow', event: 'issues.edited', times: 1 });
      await tick(world, 'retry', 'wim');
      const second = await world.fileIssue('Another', 'Please.');
      await world.label(second);
      const told = await dashboardSaying(world, /ticked here without GitHub telling me by whom/);
      expect(told.body).toMatch(/- \[ \] <!-- pullwright:box=retry:/);
      expect(await runs.list({ limit: 9 })).toHaveLength(2);

      await tick(world, 'retry', 'wim');
      await world.waitForComment(issue, /I start again with the text that was frozen/);
      const [newest] = await runs.list({ limit: 1 });
      expect(newest).toMatchObject({ retryOf: expect.anything(), requestedBy: { login: 'wim' } });
      const again = await dashboardSaying(world, /asked for by wim/);
      expect(again.body).not.toContain('without GitHub telling me');

      // Closed: it is left alone, whatever happens.
      const { rest } = world.as('mira');
      await rest.issues.update({ ...at, issue_number: again.number, state: 'closed' });
      await world.settled();
      const before = dashboards(world)[0]?.body;
      for (const release of reached.splice(0)) release();
      await world.comment(second, '/agent stop', 'wim');
      await world.comment(issue, '/agent stop', 'wim');
      await closed(world, 3);
      await world.settled();
      expect(dashboards(world)[0]?.body).toBe(before);
      await rest.issues.update({ ...at, issue_number: again.number, state: 'open' });
      await dashboardSaying(world, /Nothing is under way/);

      admin.removeIssue('mira/thing', again.number, 'deleted');
      const made = await admin.waitFor(
        () => dashboards(world).find(({ number }) => number !== again.number),
        60_000,
      );
      expect(made.body).toContain('Nothing is under way');
      await rest.repos.createOrUpdateFileContents({
        ...at,
        path: '.github/agent.yml',
        message: 'No dashboard',
        content: Buffer.from('control_issue: false\n').toString('base64'),
        sha: await shaOf('.github/agent.yml'),
      });
      const off = await dashboardSaying(world, /is not set in `.github\/agent.yml`/);
      expect([off.number, off.state, dashboards(world).length]).toEqual([made.number, 'open', 1]);

      async function shaOf(file: string): Promise<string> {
        const { data } = await rest.repos.getContent({ ...at, path: file });
        return (data as { sha: string }).sha;
      }
    },
    runMs,
  );
});
