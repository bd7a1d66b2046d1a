import { afterEach, describe, expect, it } from 'vitest';
import type { Script } from '../support/scripted-model.ts';
import {
  branches,
  finish,
  openSteeringWorld,
  parked,
  planned,
  type SteeringWorld,
  write,
} from '../support/steering-world.ts';

const runMs = 120_000;
const at = { owner: 'mira', repo: 'thing' };
const manifest = (command: string): string =>
  JSON.stringify({ name: 'thing', version: '1.0.0', type: 'module', scripts: { test: command } });

/** Changes a command of the manifest, and changes it otherwise when somebody says so. */
const script: Script = ({ turn, lastText }) => {
  if (turn < planned.length) return planned[turn] ?? finish;
  if (lastText.includes('says what to do otherwise'))
    return { toolCalls: [write('package.json', manifest('node --test --test-timeout=9000'))] };
  if (/rote/.test(lastText)) return finish;
  return {
    toolCalls: [
      write('package.json', manifest('node --test test/')),
      write('src/extra.js', 'export const extra = 1;\n'),
    ],
  };
};

describe('a change of protected paths', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  /** The hash that the tracking comment asks for. */
  async function waiting({ world, issue }: SteeringWorld): Promise<{ hash: string; comment: string }> {
    const comment = await world.waitForComment(issue, /Waiting for the approval of protected paths/);
    await parked(world);
    return { hash: /\/agent approve ([0-9a-f]{12})/.exec(comment)?.[1] ?? '', comment };
  }

  it(
    'waits, pushes nothing, and goes out as it was approved by a maintainer, who stands in the pull request',
    async () => {
      opened = await openSteeringWorld('protected-approved', script);
      const { world, issue } = opened;
      const { hash, comment } = await waiting(opened);
      expect(hash).toMatch(/^[0-9a-f]{12}$/);
      expect(comment).toContain('`package.json`');
      expect(comment).toContain('node --test test/');
      expect(comment.indexOf('b/package.json')).toBeLessThan(comment.indexOf('b/src/extra.js'));
      expect(branches(world)).toEqual(['refs/heads/main']);

      await world.comment(issue, `/agent approve ${hash}`, 'wim');
      await world.waitForComment(issue, /needs the role `maintain`/);
      await world.comment(issue, `/agent approve ${hash}`, 'otto');
      await world.comment(issue, '/agent approve 0123456789ab', 'max');
      await world.waitForComment(issue, /`0123456789ab` is not what waits here/);
      await world.comment(issue, '/agent approve', 'max');
      await world.waitForComment(issue, /bound to exactly one change/);
      await world.settled();
      expect(branches(world)).toEqual(['refs/heads/main']);
      expect((await world.bot.composition.store.runs.list({ limit: 1 }))[0]?.state).toBe('parked');

      await world.comment(issue, `/agent approve ${hash}`, 'max');
      expect(await world.ended()).toMatchObject({ state: 'published' });
      await world.waitForComment(issue, /^Approved: exactly the change/);
      const { data } = await world.as('mira').rest.pulls.list({ ...at, state: 'all' });
      expect(data).toHaveLength(1);
      expect(data[0]?.body).toMatch(
        /## Approvals\n\n.*max.*`maintain`.*approved the change of protected paths/,
      );
      expect(data[0]?.body).toContain(`max (maintain) approved ${hash}`);
    },
    runMs,
  );

  it(
    'needs another approval when the tree is another one',
    async () => {
      opened = await openSteeringWorld('protected-revised', script);
      const { world, issue } = opened;
      const first = await waiting(opened);
      await world.comment(issue, '/agent revise name it otherwise', 'wim');
      const comment = await world.waitForComment(
        issue,
        new RegExp(`/agent approve (?!${first.hash})[0-9a-f]{12}`),
      );
      await parked(world);
      expect(comment).toContain('--test-timeout=9000');
      expect(comment).toMatch(/wim.*taken in at turn \d/);
      await world.comment(issue, `/agent approve ${first.hash}`, 'max');
      await world.waitForComment(issue, new RegExp(`\`${first.hash}\` is not what waits here`));
      expect(branches(world)).toEqual(['refs/heads/main']);
      const second = /\/agent approve ([0-9a-f]{12})/.exec(comment)?.[1];
      await world.comment(issue, `/agent approve ${second}`, 'max');
      expect(await world.ended()).toMatchObject({ state: 'published' });
    },
    runMs,
  );

  it(
    'is not pushed when the approver has lost the role before it is published',
    async () => {
      opened = await openSteeringWorld('protected-role-lost', script);
      const { world, issue } = opened;
      const { hash } = await waiting(opened);
      const approved = world.waitForEvent((event) => event.kind === 'wait.ended');
      await world.comment(issue, `/agent approve ${hash}`, 'max');
      await approved;
      // In the same process, and before the bot's next question to GitHub.
      world.hub.admin.setRole('mira/thing', 'max', 'write');
      await world.waitForEvent((event) => event.kind === 'note' && /no longer the role/.test(event.text));
      const waits = () => world.events.filter((event) => event.kind === 'wait.begun').length;
      await expect.poll(waits).toBe(2);
      await parked(world);
      expect(branches(world)).toEqual(['refs/heads/main']);
      world.addPerson('mo', 'admin');
      await world.comment(issue, `/agent approve ${hash}`, 'mo');
      expect(await world.ended()).toMatchObject({ state: 'published' });
    },
    runMs,
  );

  it(
    'says beforehand that GitHub takes no workflow from an App without the permission for it',
    async () => {
      opened = await openSteeringWorld('protected-workflow', ({ turn, lastText }) => {
        if (turn < planned.length) return planned[turn] ?? finish;
        if (/rote/.test(lastText)) return finish;
        return { toolCalls: [write('.github/workflows/ci.yml', 'on: push\njobs: {}\n')] };
      });
      const { comment } = await waiting(opened);
      expect(comment).toMatch(/GitHub takes no change below `.github\/workflows`/);
      expect(branches(opened.world)).toEqual(['refs/heads/main']);
    },
    runMs,
  );

  it(
    'is refused by stop: nothing is pushed, and nothing of it is left',
    async () => {
      opened = await openSteeringWorld('protected-stopped', script);
      const { world, issue } = opened;
      const { hash } = await waiting(opened);
      await world.comment(issue, '/agent stop', 'wim');
      expect(await world.ended()).toMatchObject({ state: 'cancelled' });
      await world.comment(issue, `/agent approve ${hash}`, 'max');
      await world.waitForComment(issue, /Nothing is running here/);
      expect(branches(world)).toEqual(['refs/heads/main']);
    },
    runMs,
  );
});
